/**
 * What products have in common: a category, an attribute. Each of these features has the average vector and trend of its products, which
 * is all that is known of a product that nobody has bought yet.
 */
export interface Features {
  readonly names: readonly string[];
  /** One vector for each name, one after the other. */
  readonly vectors: Float32Array;
  readonly trends: Float32Array;
}

/** Below so many products a feature says more about them than about itself. */
const PRODUCTS_LEAST = 3;

/** The averages over all products that were ever bought. `featuresOfProduct` names the features of each, row by row. */
export function averageFeatures(
  products: Float32Array,
  trend: Float32Array,
  featuresOfProduct: readonly (readonly string[])[],
  most: number,
): Features {
  const factors = trend.length > 0 ? products.length / trend.length : 0;
  const rowsOf = new Map<string, number[]>();
  featuresOfProduct.forEach((names, row) => {
    if (isUnknown(products, factors, row)) return;
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
  return { names: kept.map(([name]) => name), vectors, trends };
}

/** Gives every product that was never bought what its features have on average. The others stay as they are. */
export function fillUnknown(
  products: Float32Array,
  trend: Float32Array,
  featuresOfProduct: readonly (readonly string[])[],
  features: Features,
): void {
  const factors = trend.length > 0 ? products.length / trend.length : 0;
  const placeOf = new Map(features.names.map((name, place) => [name, place]));
  featuresOfProduct.forEach((names, row) => {
    if (!isUnknown(products, factors, row)) return;
    const places = names.flatMap((name) => placeOf.get(name) ?? []);
    if (places.length === 0) return;
    trend[row] = places.reduce((sum, place) => sum + features.trends[place]!, 0) / places.length;
    for (let k = 0; k < factors; k++) {
      products[row * factors + k] =
        places.reduce((sum, place) => sum + features.vectors[place * factors + k]!, 0) / places.length;
    }
  });
}

/** Nobody bought it: the training left zeros. */
function isUnknown(products: Float32Array, factors: number, row: number): boolean {
  for (let k = 0; k < factors; k++) if (products[row * factors + k] !== 0) return false;
  return true;
}

/** The category, and each attribute that is a plain value. */
export function featuresOf({
  category,
  attributes,
}: {
  category: string;
  attributes: Record<string, unknown>;
}): string[] {
  const plain = Object.entries(attributes).filter(([, value]) => typeof value !== "object");
  return [`category:${category}`, ...plain.map(([name, value]) => `${name}:${String(value).slice(0, 100)}`)];
}
