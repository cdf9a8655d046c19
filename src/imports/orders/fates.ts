import type { SoldLine, SoldOrder } from "./sold";

const fates = {
  sold: "a line of an order",
  cancelled: "left out: cancelled, failed or refunded there",
  not_paid: "left out: not paid there",
  no_customer: "left out: no customer",
  no_quantity: "left out: quantity of zero or less without being a cancellation",
  no_price: "left out: price of zero or less",
  no_product: "left out: a code that --codes does not let in (postage, fees, samples)",
  incomplete: "left out: another line of the order can't be read",
  unreadable: "left out: can't be read",
} as const;

export type RowFate = keyof typeof fates;

/** What each count of the report means. */
export const fateMeanings: Record<RowFate, string> = fates;

/** What becomes of a row that says what it should, and is no sale. */
export interface Fate {
  fate: RowFate;
}

export const noFates = (): Record<RowFate, number> => ({
  sold: 0,
  cancelled: 0,
  not_paid: 0,
  no_customer: 0,
  no_quantity: 0,
  no_price: 0,
  no_product: 0,
  incomplete: 0,
  unreadable: 0,
});

const CANCELLED = /^(wc-)?(cancel|void|fail|trash|refunded|returned|expired|rejected)/i;
const UNPAID = /^(wc-)?(pending|unpaid|authorized|on[- ]hold|awaiting|draft|checkout-draft)/i;

/** Undefined for a sale. */
export function fateOf(
  about: SoldOrder["about"],
  lines: readonly SoldLine[],
  program: string | undefined,
  codes: RegExp | undefined,
): Fate | undefined {
  const { order = "", status = "", payment_status = "", email, customer } = about;
  const isNegative = lines.every(({ qty }) => qty < 0);
  // So some retailers write down what comes back; a number that only begins so is an order like any.
  if (isNegative && /^C/i.test(order)) return { fate: "cancelled" };
  if (about.cancelled_at !== undefined || CANCELLED.test(status) || CANCELLED.test(payment_status))
    return { fate: "cancelled" };
  if (UNPAID.test(payment_status) || (program !== undefined && UNPAID.test(status))) return { fate: "not_paid" };
  if (lines.every(({ qty }) => qty <= 0)) return { fate: "no_quantity" };
  if (lines.every(({ price }) => price <= 0)) return { fate: "no_price" };
  if (email === undefined && customer === undefined) return { fate: "no_customer" };
  if (codes && !lines.every(({ code }) => code !== undefined && codes.test(code))) return { fate: "no_product" };
  return undefined;
}
