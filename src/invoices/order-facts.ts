import { findAccount } from "../accounts/queries";
import { getOrder } from "../orders/orders";
import type { Order } from "../orders/schema";
import { CASH } from "../payments/gateways";
import { objectFrom, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";

/** What mails, invoices and slips say of an order. Amounts are in major units. */
export interface OrderFacts {
  id: number;
  user_id: number;
  currency: string;
  status: Order["status"];
  payment_status: Order["payment_status"];
  payment_method: string | null;
  is_cash: boolean;
  placed_at: string;
  delivery_eta: string | null;
  /** Where mail about it goes; null where nobody can be written to any more. */
  email: string | null;
  lines: FactLine[];
  subtotal: number;
  discount: number;
  shipping: number;
  shipping_method: string | null;
  /** Added to the prices. */
  tax: number;
  /** Part of the prices already. */
  tax_included: number;
  taxes: { name: string; percent: number; base: number; tax: number }[];
  total: number;
  address: FactAddress | null;
  billing_address: FactAddress | null;
  /** The customer's own number at the tax office. */
  tax_id: string | null;
  customer_note: string | null;
  tracking_number: string | null;
  carrier: string | null;
}

export interface FactLine {
  line: number;
  product_id: number;
  name: string;
  sku: string | null;
  /** The code that customs and India's GST know such goods by. */
  hsn: string | null;
  qty: number;
  price: number;
  /** Its part of the order's discount. */
  discount: number;
  tax: number;
}

export interface FactAddress {
  full_name: string | null;
  address_line: string;
  city: string;
  state: string | null;
  pincode: string;
  country: string | null;
  phone: string | null;
}

/** Throws `not_found`. */
export async function getOrderFacts(reader: Reader, orderId: number): Promise<OrderFacts> {
  const order = await getOrder(reader, orderId);
  const { name, email } = await contactOf(reader, order.user_id);
  const products = await findGoods(
    reader,
    order.items.map(({ product_id }) => product_id),
  );
  const row = await reader.first<{ address: unknown }>("SELECT address FROM orders WHERE id = $1", [orderId]);
  const address = row?.address ? addressOf(objectFrom(row.address), name) : null;
  return {
    id: order.id,
    user_id: order.user_id,
    currency: order.currency,
    status: order.status,
    payment_status: order.payment_status,
    payment_method: order.payment_method,
    is_cash: await isCash(reader, orderId),
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
    email,
    lines: order.items.map((item, index) => ({
      line: index + 1,
      product_id: item.product_id,
      name: products.get(item.product_id)?.name ?? "",
      sku: products.get(item.product_id)?.sku ?? null,
      hsn: products.get(item.product_id)?.hsn ?? null,
      qty: item.qty,
      price: item.price_at_purchase,
      discount: 0,
      tax: 0,
    })),
    subtotal: order.subtotal,
    discount: order.discount,
    shipping: 0,
    shipping_method: null,
    tax: 0,
    tax_included: 0,
    taxes: [],
    total: order.total_amount,
    address,
    billing_address: null,
    tax_id: null,
    customer_note: null,
    tracking_number: null,
    carrier: null,
  };
}

async function contactOf(reader: Reader, userId: number): Promise<{ name: string | null; email: string | null }> {
  const account = await findAccount(reader, userId);
  return { name: account?.full_name || null, email: account?.is_active ? account.email : null };
}

/** Whether it is paid on delivery. What came from elsewhere has no payment of ours. */
async function isCash(reader: Reader, orderId: number): Promise<boolean> {
  const row = await reader.first<{ provider: string }>(
    "SELECT provider FROM payments WHERE order_id = $1 ORDER BY id DESC LIMIT 1",
    [orderId],
  );
  return row?.provider === CASH;
}

async function findGoods(reader: Reader, ids: readonly number[]) {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<{ id: number; name: string; sku: string | null; attributes: unknown }>(
    `SELECT id, name, sku, attributes FROM products WHERE id IN ${sql}`,
    values,
  );
  return new Map(rows.map((row) => [row.id, { ...row, hsn: hsnOf(objectFrom(row.attributes)) }]));
}

function hsnOf({ hsn }: Record<string, unknown>): string | null {
  return typeof hsn === "string" || typeof hsn === "number" ? String(hsn) : null;
}

/** What was checked when it was written; older orders know less of it. */
function addressOf(address: Record<string, unknown>, name: string | null): FactAddress {
  const textOf = (field: string) => (typeof address[field] === "string" ? address[field] : null);
  return {
    full_name: textOf("full_name") ?? name,
    address_line: textOf("address_line") ?? "",
    city: textOf("city") ?? "",
    state: textOf("state"),
    pincode: textOf("pincode") ?? "",
    country: textOf("country"),
    phone: textOf("phone"),
  };
}

/** An address as it stands on a parcel. */
export function addressLines({ full_name, address_line, city, state, pincode, country, phone }: FactAddress): string[] {
  const place = [`${pincode} ${city}`.trim(), state].filter(Boolean).join(", ");
  const land = country && new Intl.DisplayNames("en", { type: "region" }).of(country);
  return [full_name, address_line, place, land, phone].filter((line): line is string => !!line);
}
