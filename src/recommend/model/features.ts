import { fold } from "../../base/text";

/**
 * What products have in common: a category, an attribute, a word of the name. Each of these features has the average vector
 * and trend of its products, and with them what the neighbours say on average: all that is known of a product that nobody
 * has bought yet.
 */
export interface Features {
  readonly names: readonly string[];
  /** One vector for each name, one after the other. */
  readonly vectors: Float32Array;
  readonly trends: Float32Array;
  /** The features of product `p` are `members[starts[p]]` up to `members[starts[p + 1]]`, by their places in `names`. */
  readonly starts: Uint32Array;
  readonly members: Int32Array;
  /** The products that nobody has bought yet. */
  readonly unknown: Int32Array;
}

/** Below so many products a feature says more about them than about itself. */
const PRODUCTS_LEAST = 3;

/** What a training leaves of the products: `known` says which of them were ever bought. */
export interface TrainedProducts {
  readonly products: Float32Array;
  readonly trend: Float32Array;
  readonly known: ArrayLike<number>;
}

/** The averages over all products that were ever bought. `featuresOfProduct` names the features of each, row by row. */
export function averageFeatures(
  { products, trend, known }: TrainedProducts,
  featuresOfProduct: readonly (readonly string[])[],
  most: number,
): Features {
  const factors = trend.length > 0 ? products.length / trend.length : 0;
  const rowsOf = new Map<string, number[]>();
  featuresOfProduct.forEach((names, row) => {
    if (!known[row]) return;
    for (const name of names) {
      const rows = rowsOf.get(name);
      if (rows) rows.push(row);
      else rowsOf.set(name, [row]);
    }
  });
  const kept = [...rowsOf]
    .filter(([, rows]) => rows.length >= PRODUCTS_LEAST)
    .toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1))
    .slice(0, most);
  const vectors = new Float32Array(kept.length * factors);
  const trends = new Float32Array(kept.length);
  kept.forEach(([, rows], feature) => {
    for (const row of rows) {
      trends[feature]! += trend[row]! / rows.length;
      for (let k = 0; k < factors; k++) vectors[feature * factors + k]! += products[row * factors + k]! / rows.length;
    }
  });
  const names = kept.map(([name]) => name);
  const unknown = Int32Array.from([...trend.keys()].filter((row) => !known[row]));
  return { names, vectors, trends, unknown, ...membersOf(names, featuresOfProduct) };
}

/** Which of the known features each product has. */
export function membersOf(names: readonly string[], featuresOfProduct: readonly (readonly string[])[]) {
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const lists = featuresOfProduct.map((own) => [...new Set(own)].flatMap((name) => placeOf.get(name) ?? []));
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, row) => {
    starts[row + 1] = starts[row]! + list.length;
  });
  return { starts, members: Int32Array.from(lists.flat()) };
}

/** Gives every product that was never bought what its features have on average. The others stay as they are. */
export function fillUnknown({ products, trend, known }: TrainedProducts, features: Features): void {
  const factors = trend.length > 0 ? products.length / trend.length : 0;
  for (let row = 0; row < trend.length; row++) {
    if (known[row]) continue;
    const own = features.members.subarray(features.starts[row], features.starts[row + 1]);
    if (own.length === 0) continue;
    trend[row] = own.reduce((sum, feature) => sum + features.trends[feature]!, 0) / own.length;
    for (let k = 0; k < factors; k++) {
      let sum = 0;
      for (const feature of own) sum += features.vectors[feature * factors + k]!;
      products[row * factors + k] = sum / own.length;
    }
  }
}

/** Gives every unknown product the average score of those that share their features, each feature counting the same. */
export function fillScores(scores: Float32Array, features: Features): void {
  const { unknown } = features;
  if (unknown.length === 0 || features.names.length === 0) return;
  const { starts, members } = features;
  const asked = new Set(unknown);
  const sums = new Float64Array(features.names.length);
  const counts = new Uint32Array(features.names.length);
  for (let row = 0; row + 1 < starts.length; row++) {
    if (asked.has(row)) continue;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      sums[members[at]!]! += scores[row]!;
      counts[members[at]!]!++;
    }
  }
  for (const row of unknown) {
    const own = members.subarray(starts[row], starts[row + 1]);
    if (own.length === 0) continue;
    scores[row] = own.reduce((sum, feature) => sum + sums[feature]! / Math.max(1, counts[feature]!), 0) / own.length;
  }
}

const WORD_LETTERS_LEAST = 3;

/** The category, each attribute that is a plain value, and the words of the name. */
export function featuresOf({ name, category, attributes }: ProductLabel): string[] {
  const plain = Object.entries(attributes).filter(([, value]) => typeof value !== "object");
  const words = fold(name).match(/\p{L}+/gu) ?? [];
  return [
    `category:${category}`,
    ...plain.map(([attribute, value]) => `${attribute}:${String(value).slice(0, 100)}`),
    ...words.filter((word) => word.length >= WORD_LETTERS_LEAST).map((word) => `word:${word}`),
  ];
}

/** What a product is called and what sort of thing it is. */
export interface ProductLabel {
  name: string;
  category: string;
  attributes: Record<string, unknown>;
}
