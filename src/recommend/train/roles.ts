import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { holdLock } from "../../storage/locks";
import type { RoleChange } from "../schema";
import { modelHasChanged } from "../model-changes";
import { findRole, findServedLast, listInUse, retireModel, useModel } from "./queries";

/** Keeps two from giving the same role at once. */
export const ROLES = "recommend_models roles";

/**
 * Puts a model into service, on trial, or out of use; the model that had its new role is retired. Nothing changes for a model
 * that has the role already. Throws `not_found`, and `conflict` for one whose content was thrown out, or where none would serve.
 */
export async function giveRole(shop: Shop, id: number, role: RoleChange["role"]): Promise<void> {
  await shop.database.transaction(async (tx) => {
    await holdLock(tx, ROLES);
    const known = await findRole(tx, id);
    if (!known) throw new ShopError("not_found", `There is no model ${id}.`);
    if (known.role === role || (role === "retired" && known.role === "kept")) return;
    if (known.role === "serving")
      throw new ShopError("conflict", "Put another model into service instead of this one.");
    if (role === "retired") return retireModel(tx, "candidate");
    if (!known.hasContent) {
      throw new ShopError("conflict", "Of this model only its figures are kept. Train the recommender again.");
    }
    await retireModel(tx, role);
    await useModel(tx, { id, role, served_at: shop.now().toISOString() });
  });
  modelHasChanged(shop);
}

/** Puts the model into service that served before, and returns its id. Done twice, all is as it was. Throws `conflict` where there is none. */
export async function rollBack(shop: Shop): Promise<number> {
  const id = await findServedLast(shop.database);
  if (id === undefined) throw new ShopError("conflict", "No model served before the one that serves now.");
  await giveRole(shop, id, "serving");
  return id;
}

/** Ends the trial, and returns the model that was on it. Throws `conflict` where there is none. */
export async function endTrial(shop: Shop): Promise<number> {
  const candidate = (await listInUse(shop.database)).find(({ role }) => role === "candidate");
  if (!candidate) throw new ShopError("conflict", "No model is on trial.");
  await giveRole(shop, candidate.id, "retired");
  return candidate.id;
}
