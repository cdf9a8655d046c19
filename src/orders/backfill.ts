import type { Address } from "../accounts/schema";
import type { Line } from "../base/money";
import { CASH } from "../payments/gateways";
import { insertPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { countOrdered } from "../stock/queries";
import { reserveLines } from "../stock/order-lines";
import type { Reader, Transaction } from "../storage/database";
import { listOf } from "../storage/sql";
import { deliveryEta } from "../shipping/eta";
import { priceOfGoods } from "./pricing";
import { insertOrdersFrom, type OrderRecord } from "./queries";

/** An order that was placed elsewhere, or before there was this shop. */
export interface OrderFromElsewhere {
  /** What it is called there. Nothing is taken in twice. */
  source: string;
  user_id: number;
  placed_at: Date;
  /** Lines come by product id, as stock is always taken. */
  lines: Line[];
  payment_method: string | null;
  address: Address | null;
  metadata: object;
  /** What was taken off its goods and added to them, in minor units; nothing where it is not said. */
  discount_minor?: number;
  shipping_minor?: number;
  tax_minor?: number;
  included_tax_minor?: number;
  customer_note?: string | null;
  /** `delivered`: paid, and served from elsewhere. `waiting`: to be sent from our shelf, and paid in cash then. */
  standing: "delivered" | "waiting";
  /** Whether the shop itself would have said when it arrives. */
  is_ours: boolean;
}

/**
 * The one door for orders from elsewhere: priced, expected and begun as the shop's own are, and counted as ordered.
 * Returns the ids of those that were not there before, by source.
 */
export async function backfillOrders(
  shop: Shop,
  tx: Transaction,
  orders: readonly OrderFromElsewhere[],
): Promise<Map<string, number>> {
  const records = orders.map((order) => ({ order: recordOf(shop, order), lines: order.lines }));
  const ids = await insertOrdersFrom(tx, records);
  const units = new Map<number, number>();
  for (const [index, { order, lines }] of records.entries()) {
    const id = ids.get(order.source);
    if (id === undefined) continue;
    if (orders[index]?.standing === "waiting") await awaitCash(shop, tx, id, { order, lines });
    else for (const { product_id, qty } of lines) units.set(product_id, (units.get(product_id) ?? 0) + qty);
  }
  await countOrdered(tx, units);
  return ids;
}

function recordOf({ settings }: Shop, from: OrderFromElsewhere): OrderRecord & { source: string } {
  const waits = from.standing === "waiting";
  const nowhere = { lat: null, lng: null };
  return {
    user_id: from.user_id,
    status: waits ? "placed" : "delivered",
    payment_status: waits ? "pending" : "paid",
    payment_method: from.payment_method,
    price: priceFrom(from),
    currency: settings.currency,
    address: from.address,
    metadata: from.metadata,
    source: from.source,
    placed_at: from.placed_at.toISOString(),
    delivery_eta: from.is_ours ? deliveryEta(settings, from.address ?? nowhere, from.placed_at) : null,
    hold_until: null,
    coupon_code: null,
    email: null,
    email_key: null,
    shipping_method: null,
    billing_address: null,
    tax_id: null,
    customer_note: from.customer_note ?? null,
    tags: [],
  };
}

/** What it cost there: no rate is known of which its taxes came. */
function priceFrom({
  lines,
  discount_minor,
  shipping_minor = 0,
  tax_minor = 0,
  included_tax_minor = 0,
}: OrderFromElsewhere) {
  const goods = priceOfGoods(lines, discount_minor);
  const total_minor = goods.goods_minor + shipping_minor + tax_minor;
  return { ...goods, shipping_minor, tax_minor, included_tax_minor, total_minor };
}

/** What an order of the shop's own is called where it has gone elsewhere, or comes back from there. */
export const ownSource = ({ id, placed_at }: { id: number; placed_at: string }): string => `sanset:${id}:${placed_at}`;

/** Those of these sources that there are orders of, the shop's own among them. */
export async function findSources(reader: Reader, sources: readonly string[]): Promise<Set<string>> {
  const own = sources.flatMap((source) => /^sanset:(\d{1,9}):/.exec(source)?.slice(1).map(Number) ?? []);
  const amongOwn = listOf(own);
  const ids = await reader.all<{ id: number; placed_at: string }>(
    `SELECT id, placed_at FROM orders WHERE source IS NULL AND id IN ${amongOwn.sql}`,
    amongOwn.values,
  );
  const among = listOf(sources);
  const rows = await reader.all<{ source: string }>(
    `SELECT source FROM orders WHERE source IN ${among.sql}`,
    among.values,
  );
  return new Set([...rows.map(({ source }) => source), ...ids.map(ownSource)]);
}

/** An order that is still to leave, and is paid when it arrives. */
async function awaitCash(
  shop: Shop,
  tx: Transaction,
  id: number,
  { order, lines }: { order: OrderRecord; lines: readonly Line[] },
): Promise<void> {
  const payment = {
    order_id: id,
    provider: CASH,
    reference: shop.newId(),
    state: "open",
    amount_minor: order.price.total_minor,
    currency: order.currency,
  } as const;
  await insertPayment(tx, payment, order.placed_at);
  await reserveLines(tx, id, lines, order.placed_at);
}
