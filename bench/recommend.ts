import { factorize } from "../src/recommend/model/als";
import { evaluate } from "../src/recommend/model/metrics";
import { seeded } from "../src/recommend/model/random";
import { modelScorer } from "../src/recommend/model/scorers";
import { pairsFrom } from "../src/recommend/model/split";
import { newestDayOf, weighPairs } from "../src/recommend/model/time";
import { trainModel } from "../src/recommend/model/train-model";
import { TrainingSettings } from "../src/recommend/schema";
import { type Figure, median, report } from "./harness";
import { coldStart } from "./recommend/cold-start";
import { growth } from "./recommend/growth";
import { nextBasket } from "./recommend/next-basket";
import { readRetail, type RetailLines } from "./recommend/online-retail";
import { protocolS, purchasesOf } from "./recommend/protocols";
import { serving } from "./recommend/serving";
import { shops } from "./recommend/shops";
import { sparse } from "./recommend/sparse";
import { sameFirstOf, tableOf } from "./recommend/tables";
import { training } from "./recommend/training";

const PARTS = [
  "quality",
  "demo",
  "months",
  "customers",
  "sparse",
  "basket",
  "cold",
  "speed",
  "training",
  "growth",
  "serving",
];

/** Quality, speed, growth and serving, each beside its limits: `bun run bench recommend [part …]`. */
export async function run(words: string[]): Promise<boolean> {
  const unknown = words.filter((word) => !PARTS.includes(word));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join()}: ${PARTS.join(", ")}.`);
  const lines = await readRetail();
  const asked = (word: string) => words.length === 0 || words.includes(word);
  let good = true;
  const hold = (title: string, figures: Figure[]) => {
    if (figures.length > 0) good = report(title, figures) && good;
  };
  if (asked("quality")) hold("Quality of what is chosen and served", await quality(lines));
  hold("Never behind the best of the textbook", await shops(purchasesOf(lines), asked));
  if (asked("sparse")) hold("A sparse shop, through import, retrain and HTTP", await sparse());
  if (asked("basket")) hold("The next basket", await nextBasket(purchasesOf(lines)));
  if (asked("cold")) hold("Cold start", await coldStart(purchasesOf(lines)));
  if (asked("speed")) hold("Speed (median of 3)", speed(lines));
  if (asked("training")) hold("Training with all contenders", await training());
  if (asked("growth")) hold("Growth", growth(TrainingSettings.parse({})));
  if (asked("serving")) hold("Serving", await serving());
  return good;
}

const day = (date: string) => Date.parse(date) / 86_400_000;

/** Protocols T and S with what a training chooses from what was known: settings are never chosen by the test. */
async function quality(lines: RetailLines): Promise<Figure[]> {
  const table = await tableOf("Protocol T", purchasesOf(lines), day("2011-11-09"), day("2011-12-10"));
  const { train, questions, hidden, historyOf } = protocolS(lines, "test");
  const model = await trainModel(train, table.settings);
  const examination = { questions, productCount: train.productCount, hidden };
  const { quality: strangers } = evaluate(examination, modelScorer(model, historyOf));
  return [
    { name: "T: NDCG@20", measured: table.served.ndcg_20, unit: "", limit: { atLeast: 0.138 } },
    { name: "T: Recall@20", measured: table.served.recall_20, unit: "", limit: { atLeast: 0.125 } },
    { name: "T: HR@10", measured: table.served.hit_rate_10, unit: "", limit: { atLeast: 0.53 } },
    sameFirstOf("T", table),
    { name: "S: NDCG@20", measured: strangers.ndcg_20, unit: "", limit: { atLeast: 0.1355 } },
  ];
}

/** Training d=64, 8 epochs, on the whole clean view. */
function speed(lines: RetailLines): Figure[] {
  const shipped = TrainingSettings.parse({});
  const pairs = pairsFrom(purchasesOf(lines));
  const likes = weighPairs(pairs, newestDayOf(pairs), shipped);
  const seconds = [1, 2, 3].map(() => {
    const startedAt = performance.now();
    factorize(likes, { ...shipped, factors: 64, epochs: 8, random: seeded(1) });
    return (performance.now() - startedAt) / 1000;
  });
  return [{ name: "training, d=64, 8 epochs", measured: median(seconds), unit: "s", limit: { atMost: 2 } }];
}
