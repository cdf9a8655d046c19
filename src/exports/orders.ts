import { cellOf } from "../base/csv-cell";
import { currencyOf } from "../base/currency";
import { toMajor } from "../base/money";
import { ownSource } from "../orders/backfill";
import { type WalkedOrder, walkOrders } from "../orders/walk-queries";
import type { Shop } from "../shop/shop";
import type { Format } from "./format";

/** A column for each, and a row for each line of an order: as `sanset import orders` takes them. */
const COLUMNS = [
  "order",
  "date",
  "status",
  "payment_status",
  "payment_method",
  "email",
  "customer_name",
  "phone",
  "sku",
  "product",
  "qty",
  "price",
  "currency",
  "discount",
  "shipping",
  "tax",
  "total",
  "coupon",
  "recipient",
  "address_line",
  "city",
  "state",
  "pincode",
  "country",
  "note",
  "source",
] as const;

export interface OrderSpan {
  /** Only those that are paid in this way. */
  method?: string | undefined;
  /** Moments as they are stored; all orders where none are given. */
  from?: string | undefined;
  before?: string | undefined;
}

/** The shop's orders in pieces of text: a row for each line as CSV, or an object for each order as JSON lines. */
export async function* exportOrders(
  shop: Shop,
  format: Format,
  { from = "0000", before = "9999", method }: OrderSpan = {},
): AsyncGenerator<string> {
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  for await (const page of walkOrders(shop.database, { from, before, method })) {
    for (const order of page) {
      const { lines, ...about } = orderOf(order);
      if (format === "jsonl") yield `${JSON.stringify({ ...about, lines })}\n`;
      else
        for (const line of lines) {
          const row: Partial<Record<string, unknown>> = { ...about, ...line };
          yield `${COLUMNS.map((column) => cellOf(row[column])).join(",")}\r\n`;
        }
    }
  }
}

function orderOf(order: WalkedOrder) {
  const { id, source, placed_at, address } = order;
  const currency = currencyOf(order.currency);
  const major = (minor: number) => toMajor(minor, currency);
  return {
    order: source?.replace(/^invoice:/, "") ?? id,
    date: placed_at,
    status: order.status,
    payment_status: order.payment_status,
    payment_method: order.payment_method,
    email: order.email,
    customer_name: order.full_name ?? address?.full_name ?? null,
    phone: order.phone ?? address?.phone ?? null,
    currency: order.currency,
    discount: major(order.discount_minor),
    shipping: major(order.shipping_minor),
    tax: major(order.tax_minor + order.included_tax_minor),
    total: major(order.total_minor),
    coupon: order.coupon_code,
    recipient: address?.full_name ?? null,
    address_line: address?.address_line ?? null,
    city: address?.city ?? null,
    state: address?.state ?? null,
    pincode: address?.pincode ?? null,
    country: address?.country ?? null,
    note: order.customer_note,
    source: source ?? ownSource(order),
    lines: order.lines.map(({ sku, name, qty, price_minor }) => ({
      sku,
      product: name,
      qty,
      price: major(price_minor),
    })),
  };
}
