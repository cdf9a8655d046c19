import type { Address } from "../accounts/schema";
import type { ChosenMethod } from "../shipping/schema";
import { fromJson, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import type { Tax } from "../tax/schema";
import type { OrderStep } from "./schema";
import type { States } from "./states";
import { findUnits, type LineUnits, type ShipmentRecord } from "./unit-queries";

/** An order as it stands in its table, in minor units. */
export interface OrderRow extends States {
  id: number;
  user_id: number;
  customer_name: string;
  payment_method: string | null;
  subtotal_minor: number;
  discount_minor: number;
  shipping_minor: number;
  tax_minor: number;
  included_tax_minor: number;
  total_minor: number;
  cancelled_minor: number;
  currency: string;
  coupon_code: string | null;
  placed_at: string;
  delivery_eta: string | null;
  hold_until: string | null;
  taxes: Tax[];
  shipping_method: ChosenMethod | null;
  address: Address | null;
  billing_address: Address | null;
  tax_id: string | null;
  email: string | null;
  customer_note: string | null;
  tags: string[];
}

/** A line as it was at the purchase, with what became of its units. */
export interface LineDetails extends LineUnits {
  name: string;
  sku: string | null;
  slug: string;
  category: string;
  options: Record<string, string> | null;
  image_url: string | null;
  tax_class: string | null;
}

export interface RefundDetails {
  id: number;
  order_id: number;
  amount_minor: number;
  reason: string | null;
  state: "owed" | "sent" | "done" | "failed";
  source: "shop" | "provider" | "hand";
  is_shipping: number;
  failure: string | null;
  created_at: string;
  sent_at: string | null;
  ended_at: string | null;
  resent_as: number | null;
  lines: { line: number; product_id: number; qty: number }[];
}

export interface PaymentDetails {
  id: number;
  order_id: number;
  is_current: number;
  provider: string;
  state: "new" | "open" | "under_way" | "captured" | "failed" | "closed" | "surplus";
  amount_minor: number;
  captured_minor: number;
  refunded_minor: number;
  flag: string | null;
  disputed_at: string | null;
  created_at: string;
  captured_at: string | null;
}

export interface NoteDetails {
  order_id: number;
  user_id: number | null;
  note: string;
  created_at: string;
}

export interface ShipmentDetails extends ShipmentRecord {
  id: number;
  lines: { line: number; product_id: number; qty: number }[];
}

/** An order with all that belongs to it. */
export interface OrderDetails extends OrderRow {
  lines: LineDetails[];
  history: OrderStep[];
  refunds: RefundDetails[];
  payments: PaymentDetails[];
  shipments: ShipmentDetails[];
  notes: NoteDetails[];
}

/** Of an order `o`, whose customer is `u`. */
export const ORDER_COLUMNS = `o.id, o.user_id, u.full_name AS customer_name, o.status, o.payment_status, o.payment_method, o.subtotal_minor, o.discount_minor,
  o.shipping_minor, o.tax_minor, o.included_tax_minor, o.total_minor, o.cancelled_minor, o.currency, o.coupon_code,
  o.placed_at, o.delivery_eta, o.hold_until, o.taxes, o.shipping_method, o.address, o.billing_address, o.tax_id,
  COALESCE(o.email, NULLIF(u.email, '')) AS email, o.customer_note, o.tags`;

const JSON_COLUMNS = ["taxes", "shipping_method", "address", "billing_address", "tags"] as const;

/** Rows of `ORDER_COLUMNS` with all that belongs to them. */
export async function withDetails(reader: Reader, found: readonly OrderRow[]): Promise<OrderDetails[]> {
  if (found.length === 0) return [];
  const rows = found.map(readJson);
  const ids = rows.map((row) => row.id);
  const { sql, values } = listOf(ids);
  const among = (columns: string, table: string, order: string) =>
    reader.all<{ order_id: number }>(
      `SELECT ${columns} FROM ${table} WHERE order_id IN ${sql} ORDER BY ${order}`,
      values,
    );
  const lines = await findLineDetails(reader, ids);
  const steps = Map.groupBy(
    (await among("order_id, status, payment_status, cause, at", "order_history", "order_id, step")) as (OrderStep & {
      order_id: number;
    })[],
    ({ order_id }) => order_id,
  );
  const payments = await findPaymentDetails(reader, ids);
  const refunds = await findRefundDetails(reader, ids);
  const shipments = await findShipmentDetails(reader, ids);
  const notes = Map.groupBy(
    (await among("order_id, user_id, note, created_at", "order_notes", "id")) as NoteDetails[],
    ({ order_id }) => order_id,
  );
  return rows.map((row) => ({
    ...row,
    lines: lines.get(row.id) ?? [],
    history: (steps.get(row.id) ?? []).map(({ status, payment_status, cause, at }) => ({
      status,
      payment_status,
      cause,
      at,
    })),
    payments: payments.get(row.id) ?? [],
    refunds: refunds.get(row.id) ?? [],
    shipments: shipments.get(row.id) ?? [],
    notes: notes.get(row.id) ?? [],
  }));
}

/** What is in the columns was checked when it was written. */
function readJson(row: OrderRow): OrderRow {
  const read = Object.fromEntries(JSON_COLUMNS.map((column) => [column, fromJson(row[column])]));
  return { ...row, ...read, taxes: (read["taxes"] ?? []) as Tax[], tags: (read["tags"] ?? []) as string[] };
}

type LineNames = Omit<LineDetails, keyof LineUnits> & { order_id: number; line: number };

/** By line. What was not written down at the purchase is what the product is called now. */
async function findLineDetails(reader: Reader, ids: readonly number[]): Promise<Map<number, LineDetails[]>> {
  const { sql, values } = listOf(ids);
  const names = await reader.all<LineNames>(
    `SELECT i.order_id, i.line, COALESCE(i.name, p.name) AS name, CASE WHEN i.name IS NULL THEN p.sku ELSE i.sku END AS sku,
       COALESCE(i.slug, p.slug) AS slug, COALESCE(i.category, p.category) AS category,
       CASE WHEN i.name IS NULL THEN p.options ELSE i.options END AS options,
       CASE WHEN i.name IS NULL THEN p.image_url ELSE i.image_url END AS image_url, i.tax_class
     FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id IN ${sql}`,
    values,
  );
  const nameOf = new Map(names.map((row) => [`${row.order_id} ${row.line}`, row]));
  const lines = (await findUnits(reader, ids)).map((units): LineDetails => {
    const named = nameOf.get(`${units.order_id} ${units.line}`);
    if (!named) throw new Error("An order line has lost its product.");
    return { ...units, ...named, options: fromJson(named.options) as Record<string, string> | null };
  });
  return Map.groupBy(
    lines.toSorted((one, other) => one.line - other.line),
    ({ order_id }) => order_id,
  );
}

const PAYMENT_COLUMNS = `order_id, id, is_current, provider, state, amount_minor, captured_minor, refunded_minor, flag,
  disputed_at, created_at, captured_at`;

/** The one that counts and those of before, each by the index of its own. */
async function findPaymentDetails(reader: Reader, ids: readonly number[]): Promise<Map<number, PaymentDetails[]>> {
  const { sql, values } = listOf(ids);
  const payments = await reader.all<PaymentDetails>(
    `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE is_current = 0 AND order_id IN ${sql}
     UNION ALL SELECT ${PAYMENT_COLUMNS} FROM payments WHERE is_current = 1 AND order_id IN ${sql} ORDER BY id`,
    values,
  );
  return Map.groupBy(payments, ({ order_id }) => order_id);
}

async function findRefundDetails(reader: Reader, ids: readonly number[]): Promise<Map<number, RefundDetails[]>> {
  const { sql, values } = listOf(ids);
  const refunds = await reader.all<Omit<RefundDetails, "lines">>(
    `SELECT order_id, id, amount_minor, reason, state, source, is_shipping, failure, created_at, sent_at, ended_at, resent_as FROM refunds
     WHERE order_id IN ${sql} ORDER BY id`,
    values,
  );
  if (refunds.length === 0) return new Map();
  const lines = await reader.all<{ refund_id: number; line: number; product_id: number; qty: number }>(
    `SELECT l.refund_id, l.line, i.product_id, l.qty
     FROM refund_lines l JOIN order_items i ON i.order_id = l.order_id AND i.line = l.line
     WHERE l.order_id IN ${sql} ORDER BY l.refund_id, l.line`,
    values,
  );
  const linesOf = Map.groupBy(lines, ({ refund_id }) => refund_id);
  const whole = refunds.map((refund) => ({ ...refund, lines: (linesOf.get(refund.id) ?? []).map(unitsOf) }));
  return Map.groupBy(whole, ({ order_id }) => order_id);
}

async function findShipmentDetails(reader: Reader, ids: readonly number[]): Promise<Map<number, ShipmentDetails[]>> {
  const { sql, values } = listOf(ids);
  const shipments = await reader.all<Omit<ShipmentDetails, "lines">>(
    `SELECT order_id, id, tracking_number, carrier, shipped_at FROM shipments WHERE order_id IN ${sql} ORDER BY id`,
    values,
  );
  if (shipments.length === 0) return new Map();
  const lines = await reader.all<{ shipment_id: number; line: number; product_id: number; qty: number }>(
    `SELECT m.shipment_id, m.line, i.product_id, m.qty
     FROM unit_moves m JOIN order_items i ON i.order_id = m.order_id AND i.line = m.line
     WHERE m.order_id IN ${sql} AND m.cause = 'shipped' AND m.shipment_id IS NOT NULL ORDER BY m.shipment_id, m.line`,
    values,
  );
  const linesOf = Map.groupBy(lines, ({ shipment_id }) => shipment_id);
  const whole = shipments.map((shipment) => ({ ...shipment, lines: (linesOf.get(shipment.id) ?? []).map(unitsOf) }));
  return Map.groupBy(whole, ({ order_id }) => order_id);
}

const unitsOf = ({ line, product_id, qty }: { line: number; product_id: number; qty: number }) => ({
  line,
  product_id,
  qty,
});
