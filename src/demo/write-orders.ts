import type { Address } from "../accounts/schema";
import { toMinor } from "../base/money";
import { insertOrdersFrom, type OrderLine, type OrderRecord } from "../orders/queries";
import { CASH } from "../payments/gateways";
import { insertPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { countOrdered, holdStock } from "../stock/queries";
import { reserveLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import type { DemoOrder } from "./orders";
import { batches } from "./in-parts";

/** Orders that speak of numbers, and what the numbers are in this shop. */
interface OrdersToWrite {
  orders: Iterable<DemoOrder>;
  seed: number;
  /** By the number of the product, in major units. */
  prices: readonly number[];
  productIds: readonly number[];
  /** By the number of the customer. */
  customerIds: readonly number[];
  /** By the id of the customer. */
  addresses: ReadonlyMap<number, Address>;
  progress: (done: number) => void;
}

interface NewOrder {
  order: OrderRecord & { source: string };
  lines: OrderLine[];
}

interface Written {
  orders: number;
  lines: number;
}

/** Other writers get their turn between two batches. */
const ORDERS_PER_TRANSACTION = 4_000;

/**
 * Writes orders down, batch by batch, and counts them for popularity. Those of the past were served from a stock that is
 * long gone; recent ones are still to be delivered, and their lines are reserved. Orders that are there are left out.
 */
export async function writeDemoOrders(shop: Shop, wanted: OrdersToWrite): Promise<Written> {
  const written = { orders: 0, lines: 0 };
  let done = 0;
  for (const batch of batches(wanted.orders, ORDERS_PER_TRANSACTION)) {
    const past = batch.filter((order) => !order.is_recent).map((order) => newOrder(shop, wanted, order));
    const counts = [await shop.database.transaction((tx) => writePast(tx, past))];
    for (const recent of batch.filter((order) => order.is_recent)) {
      counts.push(await shop.database.transaction((tx) => writeRecent(shop, tx, newOrder(shop, wanted, recent))));
    }
    for (const { orders, lines } of counts) {
      written.orders += orders;
      written.lines += lines;
    }
    wanted.progress((done += batch.length));
    await Bun.sleep(0);
  }
  return written;
}

async function writePast(tx: Transaction, orders: readonly NewOrder[]): Promise<Written> {
  const added = await insertOrdersFrom(tx, orders);
  const lines = orders.filter(({ order }) => added.has(order.source)).flatMap((order) => order.lines);
  await countOrdered(tx, unitsByProduct(lines));
  return { orders: added.size, lines: lines.length };
}

/** Where the shelf can't serve a recent order, it was served from it already. */
async function writeRecent(shop: Shop, tx: Transaction, { order, lines }: NewOrder): Promise<Written> {
  const isWaiting = await canServe(tx, lines);
  const added = await insertOrdersFrom(tx, [
    isWaiting ? { order: { ...order, status: "placed", payment_status: "pending" }, lines } : { order, lines },
  ]);
  const id = added.get(order.source);
  if (id === undefined) return { orders: 0, lines: 0 };
  if (isWaiting) await awaitCash(shop, tx, id, { order, lines });
  else await countOrdered(tx, unitsByProduct(lines));
  return { orders: 1, lines: lines.length };
}

/** An order that is still to leave, and is paid when it arrives. */
async function awaitCash(shop: Shop, tx: Transaction, id: number, { order, lines }: NewOrder): Promise<void> {
  const { currency, placed_at } = order;
  const amount_minor = order.subtotal_minor - order.discount_minor;
  const payment = {
    order_id: id,
    provider: CASH,
    reference: shop.newId(),
    state: "open",
    amount_minor,
    currency,
  } as const;
  await insertPayment(tx, payment, placed_at);
  await reserveLines(tx, id, lines, placed_at);
}

/** Whether all of it lies on the shelf. It is held until the transaction ends, so that the answer stays true. */
async function canServe(tx: Transaction, lines: readonly OrderLine[]): Promise<boolean> {
  let enough = true;
  for (const { product_id, qty } of lines) {
    const level = await holdStock(tx, product_id);
    if (!level || level.on_hand - level.reserved < qty) enough = false;
  }
  return enough;
}

function newOrder({ settings }: Shop, wanted: OrdersToWrite, order: DemoOrder): NewOrder {
  const lines = order.lines
    .map(({ product, qty }) => ({
      product_id: wanted.productIds[product] ?? 0,
      qty,
      price_minor: toMinor(wanted.prices[product] ?? 0, settings),
    }))
    // Always in the same order, so that two orders never wait for each other.
    .sort((one, other) => one.product_id - other.product_id);
  const user_id = wanted.customerIds[order.customer] ?? 0;
  return {
    lines,
    order: {
      user_id,
      status: "delivered",
      payment_status: "paid",
      payment_method: order.payment_method,
      subtotal_minor: lines.reduce((sum, { qty, price_minor }) => sum + qty * price_minor, 0),
      discount_minor: 0,
      currency: settings.currency,
      address: wanted.addresses.get(user_id) ?? null,
      metadata: {},
      source: `demo:${wanted.seed}:${order.number}`,
      placed_at: order.placed_at.toISOString(),
      delivery_eta: new Date(order.placed_at.getTime() + settings.delivery.minutes * 60_000).toISOString(),
    },
  };
}

function unitsByProduct(lines: readonly OrderLine[]): Map<number, number> {
  const units = new Map<number, number>();
  for (const { product_id, qty } of lines) units.set(product_id, (units.get(product_id) ?? 0) + qty);
  return units;
}
