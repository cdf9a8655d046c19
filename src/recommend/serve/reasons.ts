import { namesOf } from "../../catalog/for-sale";
import type { Shop } from "../../shop/shop";
import { reasonsIn, type Scored } from "../model/score";
import type { Context } from "../schema";
import type { StoredModel } from "../stored-model";
import type { Candidate } from "./candidates";
import type { Cause, CausedLine } from "./customer";

export const POPULAR = "Popular right now";
export const BEST_SELLER = "A best seller";
/** Of what nobody has bought yet: it is neither popular, nor bought by those who bought something else. */
const TO_DISCOVER = "To discover";

const isUnsold = ({ features }: StoredModel, row: number): boolean => features?.unknown.includes(row) ?? false;

/** The reason where no purchase of the customer is one. */
export const reasonAlone = (model: StoredModel, row: number): string => (isUnsold(model, row) ? TO_DISCOVER : POPULAR);

const because: Record<Cause, (name: string, context: Context) => string> = {
  bought: (name) => `Because you bought ${name}`,
  seen: (name) => `Because you looked at ${name}`,
  "in cart": (name) => `Goes with ${name} in your cart`,
  "at hand": (name, context) => (context === "cart" ? `Goes with ${name} in your cart` : `Goes with ${name}`),
};

/**
 * Why each of these is in the list, in words for the customer: the purchase that had most to do with it, or that it is popular
 * where its trend lifts it more than taste does.
 */
export async function reasonsFor(
  shop: Shop,
  {
    model,
    scored,
    history,
    context,
  }: { model: StoredModel; scored: Scored; history: readonly CausedLine[]; context: Context },
  found: readonly Candidate[],
): Promise<string[]> {
  const sharesIn = reasonsIn(model, scored, history);
  const causes = found.map(({ row }) =>
    isUnsold(model, row) ? undefined : causeOf(model, scored, history, row, sharesIn),
  );
  const ids = causes.flatMap((cause) => (cause ? [model.productIds[cause.product] ?? 0] : []));
  const names = await namesOf(shop.database, [...new Set(ids)]);
  return causes.map((cause, at) => {
    const name = cause && names.get(model.productIds[cause.product] ?? 0);
    return cause && name !== undefined ? because[cause.cause](name, context) : reasonAlone(model, found[at]?.row ?? -1);
  });
}

/** The line of the history that had most to do with it; undefined where its trend had more than all of them. */
function causeOf(
  model: StoredModel,
  scored: Scored,
  history: readonly CausedLine[],
  row: number,
  sharesIn: (row: number) => number[],
): CausedLine | undefined {
  if (history.length === 0) return undefined;
  const trend = model.options.trend_weight * (model.trend[row] ?? 0);
  const taste = (scored.scores[row] ?? 0) - trend;
  if (trend > 0 && trend > taste) return undefined;
  const own = sharesIn(row);
  const most = own.reduce((best, share, at) => (share > (own[best] ?? -Infinity) ? at : best), 0);
  return history[most];
}
