import { EASE_PRODUCTS_MOST, easeProducts } from "../model/ease";
import type { Pairs } from "../model/purchases";
import { TrainingSettings } from "../schema";

/** A family of ways to recommend, with what is worth trying of it. */
export interface Family {
  readonly name: FamilyName;
  /** The simpler one wins a tie. */
  readonly complexity: number;
  readonly variants: readonly TrainingSettings[];
}

/** What the families are called in tables. */
export const families = {
  popular: "what is popular",
  item_knn_cosine: "item-kNN, cosine",
  item_knn_tfidf: "item-kNN, TF-IDF",
  item_knn_bm25: "item-kNN, BM25",
  rp3beta: "RP3β",
  ease: "EASE",
  factors: "factor model, plain",
  neighbours: "neighbours, with time and trend",
  factors_tuned: "factor model, with time and trend",
  blend: "blend of both",
  current: "the settings in service",
} as const;
export type FamilyName = keyof typeof families;

/** Every purchase counts the same, whenever it was, and nothing is in fashion: as in a textbook. */
const timeless = { recency_half_life_days: 36_500, recency_floor: 0, order_decay: 1, trend_weight: 0 } as const;
const withoutFactors = { factors_weight: 0, neighbours_weight: 1 } as const;

/** How fast purchases fade behind newer orders, and what the trend counts. */
const ORDER_DECAYS = [1, 0.8, 0.6];
/** Folding a customer in takes long, and the factor model minds less. */
const FOLDED_ORDER_DECAYS = [1, 0.75];
const TREND_WEIGHTS = [0, 0.5, 1];
const TREND_HALF_LIVES_DAYS = [3, 10, 30];
/** Beyond so many products each of them keeps fewer neighbours, so that a model of a large catalog stays small. */
const LARGE_CATALOG_PRODUCTS = 20_000;

/**
 * How strongly the factor model is held, whatever the shop's size: how much the products that were not bought count beside
 * those that were (α0 · products / purchases of a customer), and λ · (purchases + α0 · products). A strength that suits a
 * shop of large baskets makes a sparse shop's model collapse to what is popular.
 */
const STRENGTHS = [
  { unbought: 17, ridge: 3.5 },
  { unbought: 3.5, ridge: 1.3 },
];

function strengthsFor({ products, customerCount, productCount, starts }: Pairs) {
  let customers = 0;
  for (let customer = 0; customer < customerCount; customer++)
    customers += Number(starts[customer + 1]! > starts[customer]!);
  const purchases = Math.max(1, products.length / Math.max(1, customers));
  // What nobody has bought yet has no vector, and is not what customers left on the shelf.
  const sold = new Set(products).size;
  return STRENGTHS.map(({ unbought, ridge }) => {
    const unobserved = Math.min(10, (unbought * purchases) / Math.max(1, sold));
    return { unobserved, regularization: Math.min(10, ridge / (purchases + unobserved * productCount)) };
  });
}

/**
 * What serves where too few customers came back to tell which way is best: a bit of everything, which is never far behind. Of
 * sixty settings it was the best on average on shops of 50 to 500 orders, see docs/decisions.
 */
export function usualBlend(pairs: Pairs): TrainingSettings {
  const [strength] = strengthsFor(pairs);
  const neighbours = { neighbours: "orders", neighbours_weight: 0.5, order_decay: 0.8 } as const;
  return settingsFor(pairs, { ...strength, ...neighbours, trend_weight: 0.5 });
}

function settingsFor({ productCount }: Pairs, given: Partial<TrainingSettings>): TrainingSettings {
  return TrainingSettings.parse({ neighbours_kept: productCount > LARGE_CATALOG_PRODUCTS ? 30 : 100, ...given });
}

/** All families but the blend, which is made of the best of them, and who is left out because it does not scale. */
export function familiesFor(pairs: Pairs): { tried: Family[]; leftOut: FamilyName[] } {
  const settings = (given: Partial<TrainingSettings>) => settingsFor(pairs, given);
  const easeFits = easeProducts(pairs).length <= EASE_PRODUCTS_MOST;
  const textbook = (neighbours: TrainingSettings["neighbours"]) => [
    settings({ ...timeless, ...withoutFactors, neighbours }),
  ];
  const tuned = (["tfidf", "bm25", "orders", ...(easeFits ? (["ease"] as const) : [])] as const).flatMap((neighbours) =>
    ORDER_DECAYS.flatMap((order_decay) =>
      TREND_WEIGHTS.map((trend_weight) => settings({ ...withoutFactors, neighbours, order_decay, trend_weight })),
    ),
  );
  const strengths = strengthsFor(pairs);
  const tried: Family[] = [
    {
      name: "popular",
      complexity: 0,
      variants: TREND_HALF_LIVES_DAYS.map((trend_half_life_days) =>
        settings({ factors_weight: 0, trend_half_life_days }),
      ),
    },
    { name: "item_knn_cosine", complexity: 1, variants: textbook("cosine") },
    { name: "item_knn_tfidf", complexity: 1, variants: textbook("tfidf") },
    { name: "item_knn_bm25", complexity: 1, variants: textbook("bm25") },
    { name: "rp3beta", complexity: 1, variants: textbook("rp3beta") },
    ...(easeFits ? [{ name: "ease", complexity: 2, variants: textbook("ease") } as const] : []),
    { name: "factors", complexity: 2, variants: strengths.map((strength) => settings({ ...timeless, ...strength })) },
    { name: "neighbours", complexity: 2, variants: tuned },
    {
      name: "factors_tuned",
      complexity: 3,
      variants: strengths.flatMap((strength) =>
        FOLDED_ORDER_DECAYS.flatMap((order_decay) =>
          TREND_WEIGHTS.map((trend_weight) => settings({ ...strength, order_decay, trend_weight })),
        ),
      ),
    },
  ];
  return { tried, leftOut: easeFits ? [] : ["ease"] };
}

const NEIGHBOURS_WEIGHTS = [0.25, 0.5, 1];

/** What is worth trying of a blend: two good halves, in three proportions. */
export function blendOf(neighbours: TrainingSettings, factors: TrainingSettings): Family {
  const variants = NEIGHBOURS_WEIGHTS.flatMap((neighbours_weight) =>
    [...new Set([neighbours.order_decay, factors.order_decay])].flatMap((order_decay) =>
      [...new Set([0.5, 1, neighbours.trend_weight, factors.trend_weight])].map((trend_weight) => ({
        ...factors,
        neighbours: neighbours.neighbours,
        neighbours_kept: neighbours.neighbours_kept,
        neighbours_weight,
        order_decay,
        trend_weight,
      })),
    ),
  );
  return blendFamily(variants);
}

export const blendFamily = (variants: readonly TrainingSettings[]): Family => ({
  name: "blend",
  complexity: 4,
  variants,
});
