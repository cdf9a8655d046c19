import type { Address } from "../accounts/schema";
import type { ChosenMethod } from "../shipping/schema";
import { Json, type Reader, type Transaction } from "../storage/database";
import { insertOne, insertReturning, type Row } from "../storage/rows";
import { insertFirstSteps } from "./history-queries";
import { insertLines, type NewLines } from "./line-queries";
import type { Price } from "./pricing";
import type { States } from "./states";

/** An order as it is written down. */
export interface OrderRecord extends States {
  user_id: number;
  payment_method: string | null;
  price: Price;
  currency: string;
  address: Address | null;
  metadata: object;
  /** What it was called where it came from. Two orders never have the same. */
  source: string | null;
  placed_at: string;
  delivery_eta: string | null;
  /** Until when stock is kept for it while it waits for its payment. */
  hold_until: string | null;
  coupon_code: string | null;
  /** Where mail about it goes, and the same to find it by where it is not the account's. */
  email: string | null;
  email_key: string | null;
  shipping_method: ChosenMethod | null;
  billing_address: Address | null;
  tax_id: string | null;
  customer_note: string | null;
  tags: readonly string[];
}

type Lines = NewLines["lines"];

/** Writes an order down without what hangs on it, and returns its id. */
export async function insertOrder(tx: Transaction, order: OrderRecord): Promise<number> {
  return insertOne(tx, "orders", rowOf(order));
}

/** Writes many orders from elsewhere down and returns their ids by source. Those that are there already are left out. */
export async function insertOrdersFrom(
  tx: Transaction,
  orders: readonly { order: OrderRecord & { source: string }; lines: Lines }[],
): Promise<Map<string, number>> {
  const inserted = await insertReturning<{ id: number; source: string }>(
    tx,
    "orders",
    orders.map(({ order }) => rowOf(order)),
    "ON CONFLICT (source) DO NOTHING RETURNING id, source",
  );
  const ids = new Map(inserted.map(({ id, source }) => [source, id]));
  const fresh = orders.flatMap(({ order, lines }) => {
    const id = ids.get(order.source);
    return id === undefined ? [] : [{ id, order, lines, shares: order.price.shares }];
  });
  await insertLines(tx, fresh);
  // The history of orders from elsewhere begins where they stand.
  await insertFirstSteps(tx, fresh, "imported");
  return ids;
}

/** As it stands in its table. */
function rowOf({ price, ...order }: OrderRecord): Row {
  return {
    user_id: order.user_id,
    status: order.status,
    payment_status: order.payment_status,
    payment_method: order.payment_method,
    subtotal_minor: price.subtotal_minor,
    discount_minor: price.discount_minor,
    goods_minor: price.goods_minor,
    shipping_minor: price.shipping_minor,
    tax_minor: price.tax_minor,
    included_tax_minor: price.included_tax_minor,
    total_minor: price.total_minor,
    taxes: price.taxes.length > 0 ? new Json(price.taxes) : null,
    shipping_method: order.shipping_method && new Json(order.shipping_method),
    currency: order.currency,
    address: order.address && new Json(order.address),
    billing_address: order.billing_address && new Json(order.billing_address),
    metadata: new Json(order.metadata),
    source: order.source,
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
    hold_until: order.hold_until,
    coupon_code: order.coupon_code,
    email: order.email,
    email_key: order.email_key,
    tax_id: order.tax_id,
    customer_note: order.customer_note,
    tags: order.tags.length > 0 ? new Json(order.tags) : null,
  };
}

export async function updateStates(
  tx: Transaction,
  id: number,
  { status, payment_status }: States,
  holdUntil: string | null,
): Promise<void> {
  await tx.run("UPDATE orders SET status = $2, payment_status = $3, hold_until = $4 WHERE id = $1", [
    id,
    status,
    payment_status,
    holdUntil,
  ]);
}

/** Until when stock is kept for an order that is not paid yet; null for as long as it takes. */
export async function updateHold(tx: Transaction, id: number, holdUntil: string | null): Promise<void> {
  await tx.run("UPDATE orders SET hold_until = $2 WHERE id = $1", [id, holdUntil]);
}

/** How the customer means to pay by now. */
export async function updateMethod(tx: Transaction, id: number, method: string): Promise<void> {
  await tx.run("UPDATE orders SET payment_method = $2 WHERE id = $1", [id, method]);
}

/** Takes an amount off what is to be paid for an order. */
export async function addCancelled(tx: Transaction, id: number, amountMinor: number): Promise<void> {
  await tx.run("UPDATE orders SET cancelled_minor = cancelled_minor + $2 WHERE id = $1", [id, amountMinor]);
}

export async function updateTags(tx: Transaction, id: number, tags: readonly string[]): Promise<void> {
  await tx.run("UPDATE orders SET tags = $2 WHERE id = $1", [id, tags.length > 0 ? new Json(tags) : null]);
}

/** Where it goes, and where mail about it goes. What is absent stays. */
export async function updateContact(
  tx: Transaction,
  id: number,
  { address, email, email_key }: { address?: Address; email?: string; email_key?: string },
): Promise<void> {
  await tx.run(
    "UPDATE orders SET address = COALESCE($2, address), email = COALESCE($3, email), email_key = COALESCE($4, email_key) WHERE id = $1",
    [id, address ? new Json(address) : null, email ?? null, email_key ?? null],
  );
}

/** What decides which steps an order may take, and what its units cost. */
export interface HeldOrder extends States {
  id: number;
  user_id: number;
  payment_method: string | null;
  subtotal_minor: number;
  shipping_minor: number;
  tax_minor: number;
  total_minor: number;
  cancelled_minor: number;
  currency: string;
  placed_at: string;
  hold_until: string | null;
}

const HELD = `id, user_id, status, payment_status, payment_method, subtotal_minor, shipping_minor, tax_minor, total_minor,
  cancelled_minor, currency, placed_at, hold_until`;

/** An order that nobody else changes until this transaction ends. Every change of an order starts with this. */
export function holdOrder(tx: Transaction, id: number): Promise<HeldOrder | undefined> {
  return tx.first<HeldOrder>(`UPDATE orders SET status = status WHERE id = $1 RETURNING ${HELD}`, [id]);
}

/** The same, only to reckon with: it may change at any moment. */
export function findUnheldOrder(reader: Reader, id: number): Promise<HeldOrder | undefined> {
  return reader.first<HeldOrder>(`SELECT ${HELD} FROM orders WHERE id = $1`, [id]);
}

export interface Overdue {
  id: number;
  hold_until: string;
}

/** Orders whose hold has run out, the longest first, going on after one of them. */
export function findOverdue(reader: Reader, now: string, most: number, after?: Overdue): Promise<Overdue[]> {
  return reader.all<Overdue>(
    `SELECT id, hold_until FROM orders WHERE hold_until <= $1 AND (hold_until, id) > ($3, $4)
     ORDER BY hold_until, id LIMIT $2`,
    [now, most, after?.hold_until ?? "", after?.id ?? 0],
  );
}

/** Makes one customer's orders another's. */
export async function moveOrders(tx: Transaction, from: number, to: number): Promise<void> {
  await tx.run("UPDATE orders SET user_id = $2 WHERE user_id = $1", [from, to]);
}
