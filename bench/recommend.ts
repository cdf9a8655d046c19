import { itemKnn, popularity, recentPopularity, sameForAll } from "../src/recommend/model/baselines";
import { factorize } from "../src/recommend/model/als";
import { type Answers, evaluate, pairedBootstrap, type Scorer } from "../src/recommend/model/metrics";
import { seeded } from "../src/recommend/model/random";
import { historyIn } from "../src/recommend/model/history";
import { modelScorer } from "../src/recommend/model/scorers";
import { pairsFrom, type Split } from "../src/recommend/model/split";
import { newestDayOf, weighPairs } from "../src/recommend/model/time";
import { trainModel } from "../src/recommend/model/train-model";
import { TrainingSettings } from "../src/recommend/schema";
import { type Figure, median, report } from "./harness";
import { ease } from "./recommend/ease";
import { growth } from "./recommend/growth";
import { readRetail, type RetailLines } from "./recommend/online-retail";
import { sparse } from "./recommend/sparse";
import { serving } from "./recommend/serving";
import { protocolS, protocolT, purchasesOf } from "./recommend/protocols";

/** Quality, speed, growth and serving, each beside its limits: `bun run bench recommend [quality] [validation] [speed] [growth] [serving]`. */
export async function run(words: string[]): Promise<boolean> {
  const lines = await readRetail();
  const asked = (word: string) => words.length === 0 || words.includes(word);
  const part = words.includes("validation") ? "validation" : "test";
  let good = true;
  if (asked("quality")) good = (await quality(lines, part)) && good;
  if (asked("speed")) good = speed(lines) && good;
  if (asked("growth")) good = report("Growth", growth(shipped)) && good;
  if (asked("sparse")) good = report("A sparse shop, through import, retrain and HTTP", await sparse()) && good;
  if (asked("serving")) good = report("Serving", await serving()) && good;
  return good;
}

const shipped = TrainingSettings.parse({});
/** The textbook: every purchase counts the same, whenever it was, and nothing is in fashion. */
const plain = { ...shipped, unobserved: 1, recency_half_life_days: 1e9, recency_floor: 0, trend_weight: 0 };

async function quality(lines: RetailLines, part: "validation" | "test"): Promise<boolean> {
  const buying = await boughtNext(protocolT(lines, part));
  const strangers = await neverSeen(lines, part);
  if (part === "validation") return true;
  return report("Quality with the defaults that ship", [
    { name: "T: NDCG@20", measured: buying.ndcg_20, unit: "", limit: { atLeast: 0.128 } },
    { name: "T: Recall@20", measured: buying.recall_20, unit: "", limit: { atLeast: 0.125 } },
    { name: "T: HR@10", measured: buying.hit_rate_10, unit: "", limit: { atLeast: 0.53 } },
    { name: "S: NDCG@20", measured: strangers.ndcg_20, unit: "", limit: { atLeast: 0.132 } },
  ]);
}

/** Protocol T with every baseline of the table. */
async function boughtNext({ train, purchases, questions, hidden }: Split) {
  const newest = newestDayOf(train);
  const recent = (options: { days: number; fading?: boolean }) =>
    sameForAll(recentPopularity(purchases, train.productCount, newest, options));
  const unweighted = weighPairs(train, newest, plain);
  const trained = async (settings: TrainingSettings) =>
    modelScorer(await trainModel(train, settings), historyIn(train, newest));
  return compare("Protocol T: what will they buy next", questions, train.productCount, hidden, {
    "popularity, all time": sameForAll(popularity(train)),
    "popularity, last 30 days": recent({ days: 30 }),
    "popularity, 7-day half-life": recent({ days: 7, fading: true }),
    "item-kNN, cosine, 100 neighbours": itemKnn(unweighted, 100),
    "EASE, λ=400": ease(unweighted, 400),
    "iALS, plain": await trained(plain),
    "iALS, recency": await trained({ ...shipped, trend_weight: 0 }),
    "iALS, recency and trend (ships)": await trained(shipped),
  });
}

/** Protocol S with every baseline of its list. */
async function neverSeen(lines: RetailLines, part: "validation" | "test") {
  const { train, questions, hidden, historyOf } = protocolS(lines, part);
  const unweighted = weighPairs(train, newestDayOf(train), plain);
  const trained = async (settings: TrainingSettings) => modelScorer(await trainModel(train, settings), historyOf);
  return compare("Protocol S: customers never seen in training", questions, train.productCount, hidden, {
    "popularity, all time": sameForAll(popularity(train)),
    "item-kNN, cosine, 100 neighbours": itemKnn(unweighted, 100),
    "EASE, λ=400": ease(unweighted, 400),
    "iALS, plain": await trained(plain),
    "iALS, plain, d=128": await trained({ ...plain, factors: 128 }),
    "iALS, recency": await trained({ ...shipped, trend_weight: 0 }),
    "iALS, recency and trend (ships)": await trained(shipped),
  });
}

/** Prints a line for each, and how much the last is better than each, with 95 % intervals. Returns the last one's quality. */
function compare(
  title: string,
  questions: Split["questions"],
  productCount: number,
  hidden: ReadonlySet<number>,
  scorers: Record<string, Scorer>,
) {
  console.log(`\n${title} (${questions.length} customers)`);
  console.log(`  ${"".padEnd(34)}Recall@20  NDCG@20  HR@10  coverage`);
  const answers: [name: string, answers: Answers][] = [];
  for (const [name, scorer] of Object.entries(scorers)) {
    const answered = evaluate({ questions, productCount, hidden }, scorer);
    const { recall_20, ndcg_20, hit_rate_10, coverage } = answered.quality;
    const cells = [
      recall_20.toFixed(4).padStart(9),
      ndcg_20.toFixed(4).padStart(7),
      hit_rate_10.toFixed(3).padStart(5),
    ];
    console.log(`  ${name.padEnd(34)}${cells.join("  ")}  ${(100 * coverage).toFixed(0).padStart(6)} %`);
    answers.push([name, answered]);
  }
  const last = answers.at(-1);
  if (!last) throw new Error("There is nothing to compare.");
  console.log("  Better in NDCG@20 by, with 95 % of the bootstrap:");
  for (const [name, { ndcg20 }] of answers.slice(0, -1)) {
    const { mean, low, high } = pairedBootstrap(last[1].ndcg20, ndcg20, seeded(1));
    console.log(`  ${name.padEnd(34)}${signed(mean)}  (${signed(low)} to ${signed(high)})`);
  }
  return last[1].quality;
}

const signed = (number: number) => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(4)}`;

/** Training d=64, 8 epochs, on the whole clean view. */
function speed(lines: RetailLines): boolean {
  const pairs = pairsFrom(purchasesOf(lines));
  const likes = weighPairs(pairs, newestDayOf(pairs), shipped);
  const seconds = [1, 2, 3].map(() => {
    const startedAt = performance.now();
    factorize(likes, { ...shipped, factors: 64, epochs: 8, random: seeded(1) });
    return (performance.now() - startedAt) / 1000;
  });
  const figures: Figure[] = [
    { name: "training, d=64, 8 epochs", measured: median(seconds), unit: "s", limit: { atMost: 2 } },
  ];
  return report("Speed (median of 3)", figures);
}
