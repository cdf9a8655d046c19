import { listLabels } from "../../catalog/for-sale";
import { perShop } from "../../shop/per-shop";
import type { Shop } from "../../shop/shop";
import type { Database } from "../../storage/database";
import { LateIds } from "../../storage/late-ids";
import { type Features, featuresOf, fillUnknown, membersOf } from "../model/features";
import { type ProductStatistics, statisticsInTurns } from "../model/customer-vector";
import { modelChanges } from "../model-changes";
import { findInUse, findModelContent } from "./queries";
import { type StoredModel, unpackModel } from "../stored-model";

/** A model, ready to be asked. */
export interface ServedModel {
  readonly id: number;
  readonly model: StoredModel;
  readonly statistics: ProductStatistics;
  /** The row of each product. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Which products may have come into the catalog since. */
  readonly newcomers: LateIds;
}

type Models = Partial<Record<"serving" | "candidate", ServedModel>>;

interface Kept {
  models: Models;
  /** When the database was last asked which models are in use, on the clock of `performance.now()`. */
  lookedAt: number;
  looking: Promise<Models> | undefined;
  /** See `modelChanges`. */
  changes: number;
}

/** How long a new model, or a new product, may go unnoticed. */
const LOOK_EVERY_MS = 250;

/** Products that came into the catalog after the training and are taken up at once. A training takes up the rest. */
const NEW_PRODUCTS_MOST = 10_000;

/** So many ids below the largest of the training may have been given, but not committed, when it read the catalog. */
const GIVEN_BUT_NOT_READ = 1_000;

const keptOf = perShop((): Kept => ({ models: {}, lookedAt: -Infinity, looking: undefined, changes: 0 }));

/** The model in service, or undefined before the first training. A new one is picked up, whole, within a second. */
export async function modelInService(shop: Pick<Shop, "database" | "state">): Promise<ServedModel | undefined> {
  return (await modelsInUse(shop)).serving;
}

/** The model that answers this customer: the one in service, or for a share of them the candidate, always the same. */
export async function modelFor(
  shop: Pick<Shop, "database" | "settings" | "state">,
  userId: number,
): Promise<ServedModel | undefined> {
  const { serving, candidate } = await modelsInUse(shop);
  return candidate && lotOf(userId) < shop.settings.recommendCandidatePercent ? candidate : serving;
}

/** From 0 up to 100, the same for a customer for ever, and unlike that of their neighbours (Knuth's multiplicative hash). */
export function lotOf(userId: number): number {
  return ((Math.imul(userId, 2_654_435_761) >>> 0) / 2 ** 32) * 100;
}

async function modelsInUse(shop: Pick<Shop, "database" | "state">): Promise<Models> {
  const state = keptOf(shop);
  const changes = modelChanges(shop);
  if (performance.now() - state.lookedAt < LOOK_EVERY_MS && changes === state.changes) return state.models;
  state.looking ??= shop.database
    .onPrimary(() => look(shop.database, state.models))
    .finally(() => {
      state.looking = undefined;
    });
  state.models = await state.looking;
  state.lookedAt = performance.now();
  state.changes = changes;
  return state.models;
}

async function look(database: Database, known: Models): Promise<Models> {
  const models: Models = {};
  for (const { id, role } of await findInUse(database)) {
    const same = Object.values(known).find((served) => served.id === id);
    const served = same ?? (await read(database, id)) ?? known[role];
    if (served) models[role] = await withNewProducts(database, served);
  }
  return models;
}

/** Undefined when it was replaced and thrown out between the two questions: the next look finds its successor. */
async function read(database: Database, id: number): Promise<ServedModel | undefined> {
  const content = await findModelContent(database, id);
  if (!content) return undefined;
  const model = unpackModel(content);
  const { largestId } = model;
  return ready(id, model, new LateIds({ settled: Math.max(0, largestId - GIVEN_BUT_NOT_READ), highest: largestId }));
}

async function ready(id: number, model: StoredModel, newcomers: LateIds): Promise<ServedModel> {
  const rowOf = new Map<number, number>();
  for (const [row, productId] of model.productIds.entries()) {
    if (row % ROWS_PER_TURN === 0) await nextTurn();
    rowOf.set(productId, row);
  }
  return { id, model, statistics: await statisticsInTurns(model, nextTurn), rowOf, newcomers };
}

const ROWS_PER_TURN = 20_000;

/** Other calls have theirs before it goes on. It is nobody's own: all wait for the model. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The model with what came into the catalog since: new products have the averages of their category and attributes. */
async function withNewProducts(database: Database, served: ServedModel): Promise<ServedModel> {
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
  const productIds = Int32Array.from([...model.productIds, ...newcomers.map(({ id }) => id)]);
  const largestId = Math.max(model.largestId, newcomers.at(-1)?.id ?? 0);
  const grown = { ...model, products, trend, productIds, largestId, features, neighbours: { ...neighbours, starts } };
  return ready(served.id, grown, ids);
}

function withMembers(features: Features, count: number, added: readonly (readonly string[])[]): Features {
  const { starts, members } = membersOf(features.names, added);
  return {
    ...features,
    starts: Uint32Array.from([...features.starts, ...starts.slice(1).map((start) => start + features.members.length)]),
    members: Int32Array.from([...features.members, ...members]),
    unknown: Int32Array.from([...features.unknown, ...added.map((_, at) => count + at)]),
  };
}

function resized(numbers: Float32Array, length: number): Float32Array {
  const larger = new Float32Array(length);
  larger.set(numbers);
  return larger;
}
