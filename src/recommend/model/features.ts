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

/** What of the features tells of unknown products: made once for a model. */
interface Shared {
  /** For each of the places given to their features: how many known products have it. */
  readonly counts: Float64Array;
  /** The known products that have any, and which: those of `rows[i]` lie at `starts[i]` up to `starts[i + 1]`. */
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  readonly places: Int32Array;
  /** The places of each unknown product's features. */
  readonly unknown: readonly { row: number; places: Int32Array }[];
}

const sharedBy = new WeakMap<Features, Shared>();

/** Gives every unknown product the average score of those that share their features, each feature counting the same. */
export function fillScores(scores: Float32Array, features: Features): void {
  if (features.unknown.length === 0 || features.names.length === 0) return;
  const { counts, rows, starts, places, unknown } = sharedOf(features);
  const sums = new Float64Array(counts.length);
  for (let at = 0; at < rows.length; at++) {
    const score = scores[rows[at]!]!;
    if (score === 0) continue;
    for (let place = starts[at]!; place < starts[at + 1]!; place++) sums[places[place]!]! += score;
  }
  for (const { row, places: own } of unknown) {
    let sum = 0;
    for (let at = 0; at < own.length; at++) sum += sums[own[at]!]! / Math.max(1, counts[own[at]!]!);
    scores[row] = sum / own.length;
  }
}

function sharedOf(features: Features): Shared {
  const known = sharedBy.get(features);
  if (known) return known;
  const steps = sharing(features);
  while (!steps.next().done);
  return sharedBy.get(features)!;
}

const ROWS_PER_STEP = 5_000;

/** Finds out, step by step, what tells of the unknown products: otherwise the first who asks waits for it. */
export function* sharing(features: Features): Generator<void, void> {
  const { starts, members } = features;
  const placeOf = new Map<number, number>();
  const isUnknown = new Uint8Array(starts.length);
  const unknown: { row: number; places: Int32Array }[] = [];
  for (const [at, row] of features.unknown.entries()) {
    if (at % ROWS_PER_STEP === 0) yield;
    isUnknown[row] = 1;
    const own = members.subarray(starts[row], starts[row + 1]);
    if (own.length > 0) unknown.push({ row, places: own.map((feature) => placeIn(placeOf, feature)) });
  }
  const counts = new Float64Array(placeOf.size);
  const rows: number[] = [];
  const ends = [0];
  const places: number[] = [];
  for (let row = 0; placeOf.size > 0 && row + 1 < starts.length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    if (isUnknown[row] === 1) continue;
    const before = places.length;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const place = placeOf.get(members[at]!);
      if (place === undefined) continue;
      places.push(place);
      counts[place]!++;
    }
    if (places.length === before) continue;
    rows.push(row);
    ends.push(places.length);
  }
  yield;
  // Not `from`, which takes ten times as long.
  const numbers = { rows: new Int32Array(rows), starts: new Int32Array(ends) };
  yield;
  sharedBy.set(features, { counts, ...numbers, places: new Int32Array(places), unknown });
  yield;
}

function placeIn(placeOf: Map<number, number>, feature: number): number {
  const place = placeOf.get(feature) ?? placeOf.size;
  placeOf.set(feature, place);
  return place;
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
