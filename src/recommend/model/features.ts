/**
 * What products have in common: a category, an attribute. Each kind has the average vector and trend of its products, which
 * is all that is known of a product that nobody has bought yet.
 */
export interface Kinds {
  readonly names: readonly string[];
  /** One vector for each name, one after the other. */
  readonly vectors: Float32Array;
  readonly trends: Float32Array;
}

/** Below so many products a kind says more about them than about itself. */
const FEWEST_PRODUCTS = 3;

/** The averages over all products that were ever bought. `kindsOfProduct` names the kinds of each, row by row. */
export function averageKinds(
  products: Float32Array,
  trend: Float32Array,
  kindsOfProduct: readonly (readonly string[])[],
  most: number,
): Kinds {
  const factors = trend.length > 0 ? products.length / trend.length : 0;
  const rowsOf = new Map<string, number[]>();
  kindsOfProduct.forEach((names, row) => {
    if (isUnknown(products, factors, row)) return;
    for (const name of names) {
      const rows = rowsOf.get(name);
      if (rows) rows.push(row);
      else rowsOf.set(name, [row]);
    }
  });
  const kept = [...rowsOf]
    .filter(([, rows]) => rows.length >= FEWEST_PRODUCTS)
    .toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1))
    .slice(0, most);
  const vectors = new Float32Array(kept.length * factors);
  const trends = new Float32Array(kept.length);
  kept.forEach(([, rows], kind) => {
    for (const row of rows) {
      trends[kind]! += trend[row]! / rows.length;
      for (let k = 0; k < factors; k++) vectors[kind * factors + k]! += products[row * factors + k]! / rows.length;
    }
  });
  return { names: kept.map(([name]) => name), vectors, trends };
}

/** Gives every product that was never bought what its kinds have on average. The others stay as they are. */
export function fillUnknown(
  products: Float32Array,
  trend: Float32Array,
  kindsOfProduct: readonly (readonly string[])[],
  kinds: Kinds,
): void {
  const factors = trend.length > 0 ? products.length / trend.length : 0;
  const placeOf = new Map(kinds.names.map((name, place) => [name, place]));
  kindsOfProduct.forEach((names, row) => {
    if (!isUnknown(products, factors, row)) return;
    const places = names.flatMap((name) => placeOf.get(name) ?? []);
    if (places.length === 0) return;
    trend[row] = places.reduce((sum, place) => sum + kinds.trends[place]!, 0) / places.length;
    for (let k = 0; k < factors; k++) {
      products[row * factors + k] =
        places.reduce((sum, place) => sum + kinds.vectors[place * factors + k]!, 0) / places.length;
    }
  });
}

/** Nobody bought it: the training left zeros. */
function isUnknown(products: Float32Array, factors: number, row: number): boolean {
  for (let k = 0; k < factors; k++) if (products[row * factors + k] !== 0) return false;
  return true;
}
