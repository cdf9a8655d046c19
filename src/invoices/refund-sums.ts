import type { Reader } from "../storage/database";
import type { OrderFacts } from "./order-facts";
import { findRefundsToCredit, findRefundUnits, type RefundToCredit } from "./queries";
import { type Credit, creditSums, invoiceSums, type Sums } from "./sums";

type Unit = { refund_id: number; line: number; qty: number };

/** What one of an order's refunds is for. `refunds` are all of them, the first first, with the units that each is for. */
export function creditOf(refund: RefundToCredit, refunds: readonly RefundToCredit[], units: readonly Unit[]): Credit {
  const earlier = new Set(refunds.filter(({ id, state }) => id < refund.id && state !== "failed").map(({ id }) => id));
  const before = new Map<number, number>();
  for (const { refund_id, line, qty } of units) {
    if (earlier.has(refund_id)) before.set(line, (before.get(line) ?? 0) + qty);
  }
  const hadShipping = refunds.some(({ id, is_shipping }) => earlier.has(id) && is_shipping === 1);
  return {
    amount_minor: refund.amount_minor,
    units: units.filter(({ refund_id }) => refund_id === refund.id),
    is_shipping: refund.is_shipping === 1 && !hadShipping,
    before,
  };
}

/** What a refund comes to, as its credit note says it, whether there is one or not. Undefined for one that pays back no goods. */
export async function sumsOfRefund(reader: Reader, facts: OrderFacts, refundId: number): Promise<Sums | undefined> {
  const refunds = await findRefundsToCredit(reader, facts.id);
  const units = await findRefundUnits(reader, facts.id);
  const invoice = invoiceSums(facts.sold);
  const credited: Sums[] = [];
  for (const refund of refunds) {
    if (refund.state === "failed" && refund.id !== refundId) continue;
    const sums = creditSums(facts.sold, invoice, creditOf(refund, refunds, units), credited);
    if (refund.id === refundId) return sums;
    credited.push(sums);
  }
  return undefined;
}
