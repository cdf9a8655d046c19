import { ShopError } from "../base/errors";
import { findPayment, lowerAmount } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { addCancelled, type HeldOrder } from "./queries";
import { priceOfUnits } from "./refund-price";
import { stepInPart, takeBackUnits } from "./returned-units";
import type { NewReturn, UnitsAsked } from "./schema";
import { findLastShipment, insertUnitMoves } from "./unit-queries";
import { chooseUnits, getUnits, movesOf, stockLines, unitsOut } from "./units";

/**
 * Units of an order that has left came back without having been announced: refused at the door, or brought to the counter.
 * What was paid for them is paid back; what was to be paid on delivery is not to be paid any more. False, and nothing is done,
 * where that is all that is out of an order that nobody has paid: then the order itself has come back. Throws `invalid` for more
 * units than are out, and `conflict` where nothing is.
 */
export async function returnUnits(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  { asked, restock, refund }: NewReturn & { asked: UnitsAsked },
): Promise<boolean> {
  if (order.status !== "shipped" && order.status !== "delivered") {
    throw new ShopError("conflict", `This order is ${order.status}: only what has left whole can come back.`);
  }
  const units = await getUnits(tx, order.id);
  const out = (line: (typeof units)[number]) => unitsOut(order, line);
  const shares = chooseUnits(units, asked, out, "Fewer units of that are out.");
  const payment = await findPayment(tx, order.id);
  if (!payment || payment.state === "captured") {
    const came = movesOf(shares, restock);
    await takeBackUnits(shop, tx, order, came, { refund, reason: "It came back." });
    return true;
  }
  if (units.every((line) => out(line) === (shares.find((one) => one.line === line)?.qty ?? 0))) return false;
  const shipment = await findLastShipment(tx, order.id);
  if (!shipment) throw new ShopError("conflict", "Of this order no shipment was written down: take all of it back.");
  const now = shop.now().toISOString();
  const amount = priceOfUnits(order, units, shares);
  await addCancelled(tx, order.id, amount);
  await lowerAmount(tx, payment.id, amount);
  // The shipment says that they were refused.
  const about = { cause: "returned" as const, shipment_id: shipment.id };
  await insertUnitMoves(tx, order.id, movesOf(shares, restock), about, now);
  if (restock) await returnLines(tx, order.id, stockLines(shares), now, { cancelled: false });
  await stepInPart(tx, order, now);
  return true;
}
