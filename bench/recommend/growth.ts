import { factorize } from "../../src/recommend/model/als";
import { pairsOf } from "../../src/recommend/model/purchases";
import { seeded } from "../../src/recommend/model/random";
import { weighPairs } from "../../src/recommend/model/time";
import type { TrainingSettings } from "../../src/recommend/schema";
import { type Figure, median } from "../harness";

const SIZES = [1, 4, 16];
const PURCHASES = 100_000;
const EPOCHS = 2;

/** Seconds an epoch for generated shops of 1, 4 and 16 times as many customers, products and purchases. */
export function growth(settings: TrainingSettings): Figure[] {
  const figures = SIZES.map((size) => {
    const likes = weighPairs(generated(size), 0, settings);
    const seconds = [1, 2, 3].map(() => {
      const startedAt = performance.now();
      factorize(likes, { ...settings, epochs: EPOCHS, random: seeded(1) });
      return (performance.now() - startedAt) / 1_000 / EPOCHS;
    });
    return { size, pairs: likes.indices.length, seconds: median(seconds) };
  });
  const perPair = figures.map(({ seconds, pairs }) => (seconds / pairs) * 1e9);
  return [
    ...figures.map(({ size, pairs, seconds }) => ({
      name: `an epoch at ${size}× (${pairs.toLocaleString("en")} pairs)`,
      measured: seconds,
      unit: "s",
    })),
    {
      // Linear is 1. Caches make more of a small shop, so something above it is expected.
      name: "nanoseconds a pair and epoch, 16× beside 1×",
      measured: perPair.at(-1) ?? 0,
      unit: "ns",
      rival: { name: "1×", measured: perPair[0] ?? 0 },
      limit: { atMost: 2 },
    },
  ];
}

function generated(size: number) {
  const random = seeded(9);
  const count = PURCHASES * size;
  const customers = Uint32Array.from({ length: count }, () => Math.floor(random() * 2_000 * size));
  // A few products sell much, as they do.
  const products = Uint32Array.from({ length: count }, () => Math.floor(random() ** 2 * 1_500 * size));
  return pairsOf(2_000 * size, 1_500 * size, customers, products, new Float64Array(count));
}
