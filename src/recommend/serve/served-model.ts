import { listLabels } from "../../catalog/for-sale";
import type { Database } from "../../storage/database";
import type { LateIds } from "../../storage/late-ids";
import { type ProductStatistics, statisticsInTurns } from "../model/customer-vector";
import { type Features, featuresOf, fillUnknown, membersOf } from "../model/features";
import type { StoredModel } from "../stored-model";

/** A model, ready to be asked. */
export interface ServedModel {
  readonly id: number;
  readonly model: StoredModel;
  readonly statistics: ProductStatistics;
  /** The row of each product. */
  readonly rowOf: Rows;
  /** Which products may have come into the catalog since. */
  readonly newcomers: LateIds;
}

export interface Rows {
  get(productId: number): number | undefined;
  has(productId: number): boolean;
}

/** Products that came into the catalog after the training and are taken up at once. A training takes up the rest. */
const NEW_PRODUCTS_MOST = 10_000;

/** Reckons what every request needs of a model. */
export async function ready(id: number, model: StoredModel, newcomers: LateIds): Promise<ServedModel> {
  const statistics = await statisticsInTurns(model, nextTurn);
  return { id, model, statistics, rowOf: rowsOf(model.productIds), newcomers };
}

/** By halving, as ids rise: a map of a hundred thousand holds up everybody while it grows. Those that came late do not rise. */
function rowsOf(productIds: Int32Array): Rows {
  let rising = Math.min(1, productIds.length);
  while (rising < productIds.length && productIds[rising]! > productIds[rising - 1]!) rising++;
  const late = new Map(Array.from(productIds.subarray(rising), (id, at) => [id, rising + at]));
  const get = (id: number): number | undefined => {
    let from = 0;
    let to = rising;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (productIds[middle]! < id) from = middle + 1;
      else to = middle;
    }
    return from < rising && productIds[from] === id ? from : late.get(id);
  };
  return { get, has: (id) => get(id) !== undefined };
}

/** Other calls have theirs before it goes on. It is nobody's own: all wait for the model. */
export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The model with what came into the catalog since: new products have the averages of their category and attributes. */
export async function withNewProducts(database: Database, served: ServedModel): Promise<ServedModel> {
  const { model, newcomers: ids } = served;
  const listed = await listLabels(database, await ids.above(database), NEW_PRODUCTS_MOST);
  const newcomers = listed.filter(({ id }) => !served.rowOf.has(id));
  for (const { id } of newcomers) ids.note(id);
  if (newcomers.length === 0) return served;
  const count = model.productIds.length;
  const total = count + newcomers.length;
  const products = resized(model.products, total * model.factors);
  const trend = resized(model.trend, total);
  const features = withMembers(model.features, count, newcomers.map(featuresOf));
  const known = new Uint8Array(total).fill(1, 0, count);
  fillUnknown({ products, trend, known }, features);
  const { neighbours } = model;
  const starts = new Uint32Array(total + 1).fill(neighbours.products.length);
  starts.set(neighbours.starts);
  const productIds = new Int32Array(total);
  productIds.set(model.productIds);
  newcomers.forEach(({ id }, at) => (productIds[count + at] = id));
  const largestId = Math.max(model.largestId, newcomers.at(-1)?.id ?? 0);
  const grown = { ...model, products, trend, productIds, largestId, features, neighbours: { ...neighbours, starts } };
  return ready(served.id, grown, ids);
}

function withMembers(features: Features, count: number, added: readonly (readonly string[])[]): Features {
  const own = membersOf(features.names, added);
  const starts = new Uint32Array(features.starts.length + added.length);
  starts.set(features.starts);
  own.starts.slice(1).forEach((start, at) => (starts[features.starts.length + at] = start + features.members.length));
  const members = new Int32Array(features.members.length + own.members.length);
  members.set(features.members);
  members.set(own.members, features.members.length);
  const unknown = new Int32Array(features.unknown.length + added.length);
  unknown.set(features.unknown);
  added.forEach((_, at) => (unknown[features.unknown.length + at] = count + at));
  return { ...features, starts, members, unknown };
}

function resized(numbers: Float32Array, length: number): Float32Array {
  const larger = new Float32Array(length);
  larger.set(numbers);
  return larger;
}
