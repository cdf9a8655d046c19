import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import type { HeldOrder } from "./queries";
import { takeBackUnits } from "./returned-units";
import type { NewReturn, UnitsAsked } from "./change-schema";
import { chooseUnits, getUnits, movesOf, unitsOut } from "./units";

/**
 * Units of an order came back without having been announced: refused at the door, or brought to the counter. What was paid for
 * them is paid back; what was to be paid on delivery is not to be paid any more. Throws `invalid` for more units than are out,
 * and `conflict` where none are.
 */
export async function returnUnits(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  { asked, restock, refund }: NewReturn & { asked: UnitsAsked },
): Promise<void> {
  const units = await getUnits(tx, order.id);
  const out = (line: (typeof units)[number]) => unitsOut(order, line);
  if (!units.some((line) => out(line) > 0)) {
    throw new ShopError("conflict", `This order is ${order.status}, and nothing of it is out that could come back.`);
  }
  const shares = chooseUnits(units, asked, out, "Fewer units of that are out.");
  await takeBackUnits(shop, tx, order, movesOf(shares, restock), { refund, reason: "It came back." });
}
