import { toMinor } from "../../base/money";
import { NewAddress } from "../../accounts/schema";
import { wholeAddress } from "../../orders/care";
import { backfillOrders } from "../../orders/backfill";
import type { Shop } from "../../shop/shop";
import { joined, keyOfLine } from "./goods";
import { extrasOf } from "./price";
import type { SoldOrder } from "./sold";

/** Small enough that other writers get their turn, and that being killed loses little. */
export const ORDERS_PER_TRANSACTION = 250;

export const sourceOf = ({ order, about }: SoldOrder) => about.source ?? `invoice:${order}`;

/** Returns how many of the orders were new. */
export async function writeOrders(
  shop: Shop,
  orders: readonly SoldOrder[],
  productIds: Map<string, number>,
  customerIds: Map<string, number>,
): Promise<number> {
  const { settings } = shop;
  const records = orders.map((order) => {
    const { customer, placedAt, lines, about } = order;
    const user_id = idOf(customerIds, customer);
    return {
      source: sourceOf(order),
      user_id,
      placed_at: new Date(placedAt),
      lines: lines.map((line) => ({
        product_id: idOf(productIds, keyOfLine(line)),
        qty: line.qty,
        price_minor: toMinor(line.price, settings),
      })),
      ...extrasOf(order, settings.minorPerMajor),
      payment_method: about.payment_method?.slice(0, 50).toWellFormed() ?? null,
      address: addressOf(shop, user_id, about),
      metadata: metadataOf(order),
      customer_note: about.note?.slice(0, 1_000).toWellFormed() ?? null,
      standing: "delivered" as const,
      is_ours: false,
    };
  });
  return (await shop.database.transaction((tx) => backfillOrders(shop, tx, records))).size;
}

function metadataOf({ order, about: { country, payment_method, coupon, currency } }: SoldOrder): object {
  const said = { invoice: order, country: country ?? "", payment_method, coupon, currency };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** Where it went, as far as the shop can write that down. */
function addressOf({ settings }: Shop, userId: number, about: SoldOrder["about"]) {
  const read = NewAddress.safeParse({
    label: "Delivery",
    address_line: joined(about.address_line, about.address_line_2),
    city: about.city,
    state: about.state,
    pincode: about.pincode?.replace(/^'/, ""),
    country: about.country,
    full_name: about.recipient ?? joined(about.recipient_first, about.recipient_last),
    phone: about.phone?.replace(/^'/, ""),
  });
  return read.success ? wholeAddress(settings, userId, read.data) : null;
}

function idOf(ids: Map<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error("An order names something that was not imported before it.");
  return id;
}
