import { giveBackUse } from "../coupons/coupons";
import { holdCart, returnItems } from "../carts/queries";
import { LARGEST_QTY, MOST_LINES } from "../carts/schema";
import { markClosed, type Payment } from "../payments/queries";
import { releaseLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import type { HeldOrder } from "./queries";
import type { Cause } from "./states";
import { allUnits, getUnits, stockLines, unitsToShip } from "./units";

const CART_LIMITS = { qty: LARGEST_QTY, lines: MOST_LINES };

/**
 * Cancels an order that nobody has paid: all that checkout took is given back. Its units are free again, its coupon may be
 * used again, nothing is to be paid; and where it did not end by somebody's wish, its lines lie in the cart again. The cart
 * before the coupon before the stock, in the order in which checkout takes them, so that two never wait for each other.
 */
export async function undoOrder(
  tx: Transaction,
  order: HeldOrder,
  payment: Payment | undefined,
  { cause, now, restoresCart }: { cause: Cause; now: string; restoresCart: boolean },
): Promise<HeldOrder> {
  const undone = await advance(tx, order, { status: "cancelled", payment_status: "failed" }, cause, now);
  const units = allUnits(await getUnits(tx, order.id), (line) => unitsToShip(order, line));
  if (restoresCart) await holdCart(tx, order.user_id);
  await giveBackUse(tx, order.id, now);
  await releaseLines(tx, order.id, stockLines(units), now);
  if (restoresCart) {
    const lines = units.map(({ line: { product_id, price_minor }, qty }) => ({ product_id, qty, price_minor }));
    await returnItems(tx, order.user_id, { lines, currency: order.currency }, { most: CART_LIMITS, now });
  }
  // Known to no gateway, nobody can pay it any more. What a gateway has open is closed there, after the commit.
  if (payment && payment.gateway_id === null) await markClosed(tx, payment.id);
  return undone;
}
