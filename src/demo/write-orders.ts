import type { Address } from "../accounts/schema";
import { type Line, toMinor } from "../base/money";
import { backfillOrders, type OrderFromElsewhere } from "../orders/backfill";
import type { Shop } from "../shop/shop";
import { holdStock } from "../stock/queries";
import type { Transaction } from "../storage/database";
import type { DemoOrder } from "./orders";
import { batches } from "../base/batches";

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

interface Written {
  orders: number;
  lines: number;
}

/** Other writers get their turn between two batches. */
const ORDERS_PER_TRANSACTION = 500;

/**
 * Writes orders down, batch by batch, and counts them for popularity. Those of the past were served from a stock that is
 * long gone; recent ones are still to be delivered, and their lines are reserved. Orders that are there are left out.
 */
export async function writeDemoOrders(shop: Shop, wanted: OrdersToWrite): Promise<Written> {
  const written = { orders: 0, lines: 0 };
  let done = 0;
  for (const batch of batches(wanted.orders, ORDERS_PER_TRANSACTION)) {
    const past = batch.filter((order) => !order.is_recent).map((order) => newOrder(shop, wanted, order));
    const counts = [await shop.database.transaction((tx) => writePast(shop, tx, past))];
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

async function writePast(shop: Shop, tx: Transaction, orders: readonly OrderFromElsewhere[]): Promise<Written> {
  const added = await backfillOrders(shop, tx, orders);
  const lines = orders.filter(({ source }) => added.has(source)).flatMap((order) => order.lines);
  return { orders: added.size, lines: lines.length };
}

/** Where the shelf can't serve a recent order, it was served from it already. */
async function writeRecent(shop: Shop, tx: Transaction, order: OrderFromElsewhere): Promise<Written> {
  const standing = (await canServe(tx, order.lines)) ? "waiting" : "delivered";
  return writePast(shop, tx, [{ ...order, standing }]);
}

/** Whether all of it lies on the shelf. It is held until the transaction ends, so that the answer stays true. */
async function canServe(tx: Transaction, lines: readonly Line[]): Promise<boolean> {
  let enough = true;
  for (const { product_id, qty } of lines) {
    const level = await holdStock(tx, product_id);
    if (!level || level.on_hand - level.reserved < qty) enough = false;
  }
  return enough;
}

function newOrder({ settings }: Shop, wanted: OrdersToWrite, order: DemoOrder): OrderFromElsewhere {
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
    source: `demo:${wanted.seed}:${order.number}`,
    user_id,
    placed_at: order.placed_at,
    lines,
    payment_method: order.payment_method,
    address: wanted.addresses.get(user_id) ?? null,
    metadata: {},
    standing: "delivered",
    is_ours: true,
  };
}
