import type { Shop } from "../shop";
import type { Database } from "../storage/database";
import { type Shelf, shelfOf } from "./model/taste";
import { findModelContent, findServingId } from "./queries";
import { type StoredModel, unpackModel } from "./stored-model";

/** A model, ready to be asked. */
export interface ServedModel {
  readonly id: number;
  readonly model: StoredModel;
  readonly shelf: Shelf;
  /** The row of each product. */
  readonly rowOf: ReadonlyMap<number, number>;
}

interface Kept {
  served: ServedModel | undefined;
  /** When somebody last looked which model is in service, on the clock of `performance.now()`. */
  lookedAt: number;
  looking: Promise<ServedModel | undefined> | undefined;
}

/** How long a new model may go unnoticed. */
const LOOK_EVERY_MS = 250;

/** One for each open database. They go when it does. */
const kept = new WeakMap<Database, Kept>();

/** The model in service, or undefined before the first training. A new one is picked up, whole, within a second. */
export async function modelInService(shop: Pick<Shop, "database">): Promise<ServedModel | undefined> {
  const { database } = shop;
  const state = kept.get(database) ?? { served: undefined, lookedAt: -Infinity, looking: undefined };
  kept.set(database, state);
  if (performance.now() - state.lookedAt < LOOK_EVERY_MS) return state.served;
  state.looking ??= look(database, state.served).finally(() => {
    state.looking = undefined;
  });
  state.served = await state.looking;
  state.lookedAt = performance.now();
  return state.served;
}

/** Makes the next request look again at once: the model was changed by this very process. */
export function modelHasChanged({ database }: Pick<Shop, "database">): void {
  const state = kept.get(database);
  if (state) state.lookedAt = -Infinity;
}

async function look(database: Database, served: ServedModel | undefined): Promise<ServedModel | undefined> {
  const id = await findServingId(database);
  if (id === undefined || id === served?.id) return id === undefined ? undefined : served;
  const content = await findModelContent(database, id);
  // Replaced and thrown out between the two questions: the next look finds its successor.
  if (!content) return served;
  const model = unpackModel(content);
  const rowOf = new Map(Array.from(model.productIds, (productId, row) => [productId, row]));
  return { id, model, shelf: shelfOf(model), rowOf };
}
