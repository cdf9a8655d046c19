import { namesOf } from "../../catalog/for-sale";
import type { Shop } from "../../shop/shop";
import type { Candidate } from "./candidates";
import { type History, contributions, type CustomerVector } from "../model/customer-vector";
import type { StoredModel } from "../stored-model";
import type { Context } from "../schema";

export const POPULAR = "Popular right now";
export const BEST_SELLER = "A best seller";
export const NEW = "New in the shop";

const because: Record<Context, (name: string) => string> = {
  homepage: (name) => `Because you bought ${name}`,
  product: (name) => `Goes with ${name}`,
  cart: (name) => `Goes with ${name} in your cart`,
};

/**
 * Why each of these is in the list, in words for the customer: what they bought that had most to do with it, or that it is
 * popular where its trend lifts it more than taste does.
 */
export async function reasonsFor(
  shop: Shop,
  {
    model,
    customerVector,
    history,
    context,
  }: { model: StoredModel; customerVector: CustomerVector; history: History; context: Context },
  found: readonly Candidate[],
): Promise<string[]> {
  const causes = found.map(({ row, score }) => causeOf(model, customerVector, history, row, score));
  const ids = causes.flatMap((cause) => (typeof cause === "number" ? [model.productIds[cause] ?? 0] : []));
  const names = await namesOf(shop.database, [...new Set(ids)]);
  return causes.map((cause) => {
    const name = typeof cause === "number" ? names.get(model.productIds[cause] ?? 0) : undefined;
    return name === undefined ? POPULAR : because[context](name);
  });
}

/** The row of the purchase that had most to do with it; undefined where fashion had more. */
function causeOf(
  model: StoredModel,
  customerVector: CustomerVector,
  history: History,
  row: number,
  score: number,
): number | undefined {
  const fashion = model.options.trend_weight * (model.trend[row] ?? 0);
  if (history.length === 0 || (fashion > 0 && fashion > score - fashion)) return undefined;
  const own = contributions(model, customerVector, history, row);
  const most = own.reduce((best, share, at) => (share > (own[best] ?? -Infinity) ? at : best), 0);
  return history[most]?.product;
}
