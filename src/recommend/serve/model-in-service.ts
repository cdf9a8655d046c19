import { perShop } from "../../shop/per-shop";
import type { Shop } from "../../shop/shop";
import type { Database } from "../../storage/database";
import { LateIds } from "../../storage/late-ids";
import { modelChanges } from "../model-changes";
import { unpackModel } from "../stored-model";
import { findInUse, findModelContent, type InUse } from "./queries";
import { nextTurn, ready, type ServedModel, withNewProducts } from "./served-model";

type Models = Partial<Record<"serving" | "candidate", ServedModel>>;

interface Kept {
  models: Models;
  /** When the database was last asked which models are in use, on the clock of `performance.now()`. */
  lookedAt: number;
  looking: Promise<void> | undefined;
  /** See `modelChanges`: as of the last look. */
  changes: number;
  /** A large model is made ready while the one before it still answers. */
  preparing: Promise<void> | undefined;
  /** When new products were last taken up into a large one. */
  grownAt: number;
}

/** How long a new model, or a new product, may go unnoticed. */
const LOOK_EVERY_MS = 250;

/** To take some up into a large model is half a second's work. */
const GROW_LARGE_EVERY_MS = 5_000;

/** So many ids below the largest of the training may have been given, but not committed, when it read the catalog. */
const GIVEN_BUT_NOT_READ = 1_000;

const keptOf = perShop((): Kept => ({
  models: {},
  lookedAt: -Infinity,
  looking: undefined,
  changes: -1,
  preparing: undefined,
  grownAt: -Infinity,
}));

type Shelf = Pick<Shop, "database" | "state">;

/** The model in service, or undefined before the first training. A new one is picked up, whole, within a second or two. */
export async function modelInService(shop: Shelf): Promise<ServedModel | undefined> {
  return (await modelsInUse(shop)).serving;
}

/** The model that answers this customer: the one in service, or for a share of them the candidate, always the same. */
export async function modelFor(shop: Shelf & Pick<Shop, "settings">, userId: number): Promise<ServedModel | undefined> {
  const { serving, candidate } = await modelsInUse(shop);
  return candidate && lotOf(userId) < shop.settings.recommendCandidatePercent ? candidate : serving;
}

/** From 0 up to 100, the same for a customer for ever, and unlike that of their neighbours (Knuth's multiplicative hash). */
export function lotOf(userId: number): number {
  return ((Math.imul(userId, 2_654_435_761) >>> 0) / 2 ** 32) * 100;
}

/** Waits until the models that are in use now are those that answer, however large they are. */
export async function modelsReady(shop: Shelf): Promise<void> {
  const state = keptOf(shop);
  for (await modelsInUse(shop); state.preparing; await modelsInUse(shop)) await state.preparing;
}

async function modelsInUse(shop: Shelf): Promise<Models> {
  const state = keptOf(shop);
  const changes = modelChanges(shop);
  while (performance.now() - state.lookedAt >= LOOK_EVERY_MS || state.changes < changes) {
    state.looking ??= lookAnew(shop, state).finally(() => {
      state.looking = undefined;
    });
    await state.looking;
  }
  return state.models;
}

async function lookAnew(shop: Shelf, state: Kept): Promise<void> {
  const changes = modelChanges(shop);
  await shop.database.onPrimary(() => look(shop.database, state));
  state.lookedAt = performance.now();
  state.changes = changes;
}

/** Takes the models that are in use. A large one is made ready behind the one that answers meanwhile. */
async function look(database: Database, state: Kept): Promise<void> {
  const models: Models = {};
  const large: InUse[] = [];
  for (const wanted of await findInUse(database)) {
    const meanwhile = known(state.models, wanted.id) ?? state.models[wanted.role];
    if (wanted.is_large === 1 && meanwhile) {
      models[wanted.role] = meanwhile;
      const isSame = meanwhile.id === wanted.id;
      if (!isSame || performance.now() - state.grownAt >= GROW_LARGE_EVERY_MS) large.push(wanted);
    } else {
      const served = (await take(database, state.models, wanted)) ?? meanwhile;
      if (served) models[wanted.role] = served;
    }
  }
  state.models = models;
  if (large.length > 0 && !state.preparing) {
    state.preparing = prepare(database, state, large).finally(() => {
      state.preparing = undefined;
    });
    // Whoever waits for it hears of what goes wrong; the next look tries again.
    state.preparing.catch(() => {});
  }
}

const known = (models: Models, id: number) => Object.values(models).find((served) => served.id === id);

async function prepare(database: Database, state: Kept, large: readonly InUse[]): Promise<void> {
  for (const wanted of large) {
    const same = known(state.models, wanted.id);
    const served = await take(database, state.models, wanted);
    if (!served || served === same) continue;
    state.models = { ...state.models, [wanted.role]: served };
    state.grownAt = performance.now();
    // Whether it is still the one in use, the next look tells.
    state.lookedAt = -Infinity;
  }
}

/** With what came into the catalog since. Undefined when it was thrown out meanwhile: the next look finds its successor. */
async function take(database: Database, models: Models, { id }: InUse): Promise<ServedModel | undefined> {
  const served = known(models, id) ?? (await read(database, id));
  return served && withNewProducts(database, served);
}

async function read(database: Database, id: number): Promise<ServedModel | undefined> {
  const content = await findModelContent(database, id, nextTurn);
  if (!content) return undefined;
  const model = unpackModel(content);
  const { largestId } = model;
  return ready(id, model, new LateIds({ settled: Math.max(0, largestId - GIVEN_BUT_NOT_READ), highest: largestId }));
}
