import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import { toMajor, toMinor } from "../base/money";
import { recordEvent } from "../events/events";
import { CASH } from "../payments/gateways";
import { findPayment, findPaymentById, type Payment } from "../payments/queries";
import { insertRefund, insertRefundLines, takeFromPayment } from "../payments/refund-queries";
import { checkConfirmed } from "../shop/confirmation";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import type { HeldOrder } from "./queries";

/** What is owed to a customer, and why. */
export interface Owed {
  amount_minor: number;
  reason: string | null;
  /** The units that it is for. */
  lines?: readonly { line: number; qty: number }[];
  is_shipping?: boolean;
  /** Paid back by other means already. */
  by_hand?: boolean;
  /** Not the payment that counts, but another one of the order. */
  payment_id?: number;
}

/**
 * Writes down that an amount is owed to the customer, and returns the refund's id. The order is held already, and its
 * payment status is the caller's to change. Throws `conflict` when there is not that much left, and `confirmation_needed` for a
 * large amount.
 */
export async function oweRefund(shop: Shop, tx: Transaction, order: HeldOrder, owed: Owed): Promise<number> {
  const { settings } = shop;
  if (owed.amount_minor >= toMinor(settings.confirmRefundsFrom, currencyOf(order.currency))) checkConfirmed(shop);
  const now = shop.now().toISOString();
  const payment = await (owed.payment_id === undefined
    ? findPayment(tx, order.id)
    : findPaymentById(tx, owed.payment_id));
  if (!payment || !(await takeFromPayment(tx, payment.id, owed.amount_minor))) {
    throw new ShopError("conflict", "There is not that much left to pay back for this order.");
  }
  // Cash goes back from hand to hand. A gateway has to be asked, if not by us then by a program that is set up for it.
  const isDone = payment.provider === CASH || owed.by_hand === true;
  const id = await insertRefund(tx, {
    order_id: order.id,
    payment_id: payment.id,
    reference: shop.newId(),
    amount_minor: owed.amount_minor,
    state: isDone ? "done" : "owed",
    source: owed.by_hand ? "hand" : "shop",
    gateway_id: null,
    reason: owed.reason,
    is_shipping: Number(owed.is_shipping ?? false),
    created_at: now,
    ended_at: isDone ? now : null,
  });
  await insertRefundLines(tx, { id, order_id: order.id }, owed.lines ?? []);
  await tellOfRefund(tx, order, payment, { id, amount_minor: owed.amount_minor }, now);
  return id;
}

/** Emits an event that money went back, with the payment status that it comes to. */
export async function tellOfRefund(
  tx: Transaction,
  order: HeldOrder,
  payment: Payment,
  refund: { id: number; amount_minor: number },
  now: string,
): Promise<void> {
  const left = payment.captured_minor - payment.refunded_minor - refund.amount_minor;
  const payment_status =
    payment.is_current === 1 ? (left > 0 ? "partially_refunded" : "refunded") : order.payment_status;
  const amount = toMajor(refund.amount_minor, currencyOf(order.currency));
  const data = { order_id: order.id, status: order.status, payment_status, refund_id: refund.id, amount };
  await recordEvent(tx, "order.refunded", { ...data, currency: order.currency }, now);
}
