import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import { toMajor } from "../base/money";
import { recordEvent } from "../events/events";
import { CASH, findGateway, providerFor } from "../payments/gateways";
import type { Gateway, Opened } from "../payments/gateway";
import {
  countPayments,
  findPayment,
  insertPayment,
  makeCurrent,
  markClosed,
  markFailed,
  markOpened,
  type Payment,
} from "../payments/queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { closeOne } from "./asking";
import { logFailure } from "./batches";
import { insertStep } from "./history-queries";
import { holdFor } from "./holds";
import { getHeldOrder } from "./orders";
import { updateHold, updateMethod } from "./queries";
import { getUnits } from "./units";

/** Each try is written down and opened at its gateway, and who changes the way to pay to and fro makes one each time. */
const TRIES_MOST = 20;

/** What was sent so long ago may have been forgotten as ours, so it is asked for before it is sent again. */
const ASKED_FIRST_AFTER_MS = 60 * 60_000;

/**
 * Opens the payment of an order at its gateway, if that is not done, and says where to pay. One whose order was cancelled
 * meanwhile is closed again. Throws `payment_unavailable`, and `payment_refused` where the gateway will never take it: this
 * try has failed then.
 */
export async function openPayment(shop: Shop, orderId: number): Promise<string | null> {
  const payment = await findPayment(shop.database, orderId);
  const gateway = payment && findGateway(shop, payment.provider);
  if (!payment || !gateway || payment.state !== "new") return payment?.payment_url ?? null;
  try {
    const opened = await openOnce(shop, gateway, payment);
    const order = await shop.database.transaction(async (tx) => {
      // Held, so that a cancellation comes before and is seen here, or after and sees what is open.
      const held = await getHeldOrder(tx, orderId);
      await markOpened(tx, payment.id, opened);
      return held;
    });
    if (order.status !== "cancelled") return opened.payment_url;
    await logFailure(shop, orderId, () => closeOne(shop, payment.id));
    return null;
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    if (error.code === "payment_refused") await failTry(shop, payment);
    throw withOrder(error, orderId);
  }
}

async function openOnce(shop: Shop, gateway: Gateway, payment: Payment): Promise<Opened> {
  const isOld = shop.now().getTime() - Date.parse(payment.created_at) >= ASKED_FIRST_AFTER_MS;
  const known = isOld ? await gateway.find(shop, payment) : undefined;
  return known ?? gateway.open(shop, payment);
}

async function failTry(shop: Shop, payment: Payment): Promise<void> {
  await shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, payment.order_id);
    await markFailed(tx, payment.id);
    await insertStep(tx, order.id, order, "payment_refused", shop.now().toISOString());
  });
}

function withOrder(error: ShopError, order_id: number): ShopError {
  if (error.code === "payment_refused")
    return new ShopError(error.code, error.message, { order_id }, { cause: error.cause });
  return new ShopError(
    "payment_unavailable",
    "Your order is placed, but the payment could not be opened. Ask again: POST /orders/{id}/payment.",
    { order_id },
    { cause: error.cause ?? error },
  );
}

/** Throws `invalid` where a gateway never takes so little. */
export function checkAmount(shop: Shop, provider: string, amountMinor: number, currency: string): void {
  const least = findGateway(shop, provider)?.leastAmount(currency);
  if (least === undefined || amountMinor === 0 || amountMinor >= least) return;
  const message = `Paid this way, an order must come to ${toMajor(least, currencyOf(currency))} ${currency} at least.`;
  throw new ShopError("invalid", message, { errors: [{ path: "payment_method", message, code: "amount_too_small" }] });
}

/**
 * Begins another try at paying an order, where the last came to nothing or the customer wants to pay in another way. False
 * where none is needed. What was open is closed at its gateway afterwards; should it be paid all the same, that counts.
 */
export async function payAnew(shop: Shop, orderId: number, word: string | undefined): Promise<boolean> {
  const wanted = word === undefined ? undefined : providerFor(shop.settings, word);
  const former = await shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, orderId);
    const payment = await findPayment(tx, orderId);
    if (!payment || order.payment_status !== "pending" || order.status !== "placed") return undefined;
    const isOver = payment.state === "failed" || payment.state === "closed";
    const isOther = wanted !== undefined && wanted !== payment.provider;
    if (!isOver && !isOther) return undefined;
    if (payment.state === "under_way")
      throw new ShopError("conflict", "The money for this order is on its way already.");
    const now = shop.now().toISOString();
    // Where its time is over, it ends with the next sweep.
    if (order.hold_until !== null && order.hold_until <= now) return undefined;
    const provider = wanted ?? payment.provider;
    // What would wait for a gateway could neither be shipped on nor be cancelled.
    if (isOther && (await getUnits(tx, orderId)).some(({ shipped }) => shipped > 0))
      throw new ShopError("conflict", "A part of this order has left already: it is paid on delivery.");
    checkAmount(shop, provider, payment.amount_minor, payment.currency);
    if ((await countPayments(tx, orderId)) >= TRIES_MOST)
      throw new ShopError("conflict", "This order was tried to be paid too often. Cancel it, and order again.");
    await supersede(shop, tx, payment, provider, now);
    if (isOther) {
      await updateMethod(tx, orderId, word ?? provider);
      // From when it was placed, or who changes to and fro would keep the goods for ever.
      const hold =
        provider !== CASH && order.hold_until !== null
          ? order.hold_until
          : holdFor(shop, provider, Date.parse(order.placed_at));
      await updateHold(tx, orderId, hold);
      await insertStep(tx, orderId, order, "payment_method_changed", now);
      const { status, payment_status } = order;
      const changed = { order_id: orderId, status, payment_status, cause: "payment_method_changed" };
      await recordEvent(tx, "order.changed", changed, now);
    }
    return payment;
  });
  if (!former) return false;
  await logFailure(shop, orderId, () => closeOne(shop, former.id));
  return true;
}

async function supersede(shop: Shop, tx: Transaction, payment: Payment, provider: string, now: string): Promise<void> {
  const { id, order_id, amount_minor, currency, gateway_id } = payment;
  await makeCurrent(tx, order_id);
  if (gateway_id === null) await markClosed(tx, id);
  const state = provider === CASH ? "open" : "new";
  await insertPayment(tx, { order_id, provider, reference: shop.newId(), state, amount_minor, currency }, now);
}
