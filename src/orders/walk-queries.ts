import type { Address } from "../accounts/schema";
import { fromJson, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import { isPaidBy } from "./condition-queries";

/** An order with all that a table of orders says of it, in minor units. */
export interface WalkedOrder {
  id: number;
  source: string | null;
  placed_at: string;
  status: string;
  payment_status: string;
  payment_method: string | null;
  currency: string;
  discount_minor: number;
  shipping_minor: number;
  tax_minor: number;
  included_tax_minor: number;
  total_minor: number;
  coupon_code: string | null;
  customer_note: string | null;
  address: Address | null;
  email: string | null;
  full_name: string | null;
  phone: string | null;
  lines: { product_id: number; name: string; sku: string | null; qty: number; price_minor: number }[];
}

const ORDERS_PER_PAGE = 200;

/** Orders placed within a span, those paid in one way where it says one, the oldest first, a page at a time: a shop's orders need not fit into memory. */
export async function* walkOrders(
  reader: Reader,
  { from, before, method }: { from: string; before: string; method?: string | undefined },
): AsyncGenerator<WalkedOrder[]> {
  for (let [placedAt, id] = [from, 0]; ;) {
    const rows = await reader.all<Omit<WalkedOrder, "lines" | "address"> & { address: unknown }>(
      `SELECT o.id, o.source, o.placed_at, o.status, o.payment_status, o.payment_method, o.currency, o.discount_minor,
         o.shipping_minor, o.tax_minor, o.included_tax_minor, o.total_minor, o.coupon_code, o.customer_note, o.address,
         COALESCE(o.email, CASE WHEN u.is_guest = 0 THEN u.email END) AS email,
         CASE WHEN u.is_guest = 0 THEN u.full_name END AS full_name, CASE WHEN u.is_guest = 0 THEN u.phone END AS phone
       FROM orders o LEFT JOIN users u ON u.id = o.user_id
       WHERE (o.placed_at, o.id) > ($1, $2) AND o.placed_at < $3${method === undefined ? "" : ` AND ${isPaidBy("$4")}`} ORDER BY o.placed_at, o.id LIMIT ${ORDERS_PER_PAGE}`,
      [placedAt, id, before, ...(method === undefined ? [] : [method])],
    );
    const last = rows.at(-1);
    if (!last) return;
    ({ placed_at: placedAt, id } = last);
    const among = listOf(rows.map(({ id }) => id));
    const lines = await reader.all<WalkedOrder["lines"][number] & { order_id: number }>(
      `SELECT i.order_id, i.product_id, COALESCE(i.name, p.name) AS name, COALESCE(i.sku, p.sku) AS sku, i.qty, i.price_minor
       FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id IN ${among.sql} ORDER BY i.order_id, i.line`,
      among.values,
    );
    const byOrder = Map.groupBy(lines, ({ order_id }) => order_id);
    yield rows.map((row) => ({
      ...row,
      // What is in the column was checked when it was written.
      address: row.address === null ? null : (fromJson(row.address) as Address),
      lines: byOrder.get(row.id) ?? [],
    }));
  }
}
