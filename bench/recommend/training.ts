import type { Figure } from "../harness";
import { environmentIn, inFolder, sanset } from "../servers";
import { join } from "node:path";

const MEGABYTE = 2 ** 20;

/** `sanset retrain`, whole, from the database to the model in service: on the retail file and on a million orders. */
export async function training(): Promise<Figure[]> {
  const retail = await inFolder(async (folder) => {
    const file = join(folder, "retail.csv");
    const packed = await Bun.file(`${import.meta.dir}/../../../shared/data/online-retail.csv.zst`).bytes();
    await Bun.write(file, await Bun.zstdDecompress(packed));
    await sanset(folder, "import", "orders", file);
    return { trained: await timed(folder, "retrain"), evaluated: await timed(folder, "recommend", "evaluate") };
  });
  const million = await inFolder(async (folder) => {
    await sanset(folder, "seed", "--products", "3700", "--customers", "100000", "--orders", "1000000");
    return timed(folder, "retrain");
  });
  return [
    { name: "retrain, retail file", measured: retail.trained.seconds, unit: "s", limit: { atMost: 20 } },
    { name: "recommend evaluate, retail file", measured: retail.evaluated.seconds, unit: "s", limit: { atMost: 30 } },
    { name: "retrain, a million orders", measured: million.seconds, unit: "s", limit: { atMost: 240 } },
    { name: "the same, memory", measured: million.megabytes, unit: "MB", limit: { atMost: 2_048 } },
  ];
}

async function timed(folder: string, ...words: string[]): Promise<{ seconds: number; megabytes: number }> {
  const startedAt = performance.now();
  const child = Bun.spawn([process.execPath, "cli/main.ts", ...words], {
    env: environmentIn(folder),
    stdio: ["ignore", "ignore", "inherit"],
  });
  if ((await child.exited) !== 0) throw new Error(`sanset ${words.join(" ")} failed.`);
  const used = child.resourceUsage();
  return { seconds: (performance.now() - startedAt) / 1_000, megabytes: (used?.maxRSS ?? 0) / MEGABYTE };
}
