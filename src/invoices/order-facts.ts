import { spread } from "../base/money";
import { wordKey } from "../base/text";
import type { OrderDetails } from "../orders/detail-queries";
import type { Sold } from "./sums";
import { findAccount } from "../accounts/queries";
import { taxClassKey } from "../base/fields";
import { noOrder } from "../orders/orders";
import { presentOrder } from "../orders/present";
import type { Order } from "../orders/schema";
import { findOrder } from "../orders/search-queries";
import { CASH } from "../payments/gateways";
import { objectFrom, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";

/** What mails, invoices and slips say of an order. Amounts are in major units. */
export interface OrderFacts {
  id: number;
  user_id: number;
  /** Whether the customer has no account to sign in to. */
  is_guest: boolean;
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
  /** What of it is still to be paid. */
  due: number;
  /** What was paid, whatever of it went back since. */
  paid: number;
  coupon_code: string | null;
  /** The same in minor units, as documents count it. */
  sold: Sold;
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
  /** Of these, units that came off the order before they left. */
  cancelled: number;
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
  const details = await findOrder(reader, orderId);
  if (!details) throw noOrder();
  const order = presentOrder(details, "shop");
  const account = await findAccount(reader, order.user_id);
  const codes = await findHsnCodes(
    reader,
    order.items.map(({ product_id }) => product_id),
  );
  const addressee = (address: FactAddress | null) =>
    address && { ...address, full_name: address.full_name ?? account?.full_name ?? null };
  const { shipping_method, items } = order;
  const payment = order.payments.find(({ is_current }) => is_current);
  return {
    ...order,
    is_guest: account?.is_guest ?? false,
    is_cash: payment?.provider === CASH,
    // A guest's account has an e-mail of no use.
    email: account?.is_active ? (order.email ?? (account.is_guest ? null : account.email)) : null,
    lines: items.map((item) => ({
      line: item.line,
      product_id: item.product_id,
      name: item.name,
      sku: item.sku,
      hsn: codes.get(item.product_id) ?? null,
      qty: item.qty,
      cancelled: item.cancelled_qty,
      price: item.price_at_purchase,
      discount: item.discount,
      tax: item.tax,
    })),
    shipping_method: shipping_method?.name ?? null,
    total: order.total_amount,
    due: order.amount_due,
    // Of what was paid elsewhere the shop has no payment.
    paid: payment?.captured ?? (order.payment_status === "pending" ? 0 : order.total_amount),
    sold: soldOf(details),
    address: addressee(order.address),
    billing_address: addressee(order.billing_address),
  };
}

function soldOf({ lines, taxes, ...order }: OrderDetails): Sold {
  const discounts = spread(
    order.discount_minor,
    lines.map((line) => line.qty * line.price_minor),
  );
  return {
    lines: lines.map((line, index) => ({
      line: line.line,
      qty: line.qty,
      // Of orders from before lines knew their discount, it was for all of them.
      net_minor: line.qty * line.price_minor - (line.discount_minor ?? discounts[index] ?? 0),
      tax_class: taxClassKey(line.tax_class ?? "standard"),
      cancelled: line.cancelled - line.cancelled_paid + line.refused,
    })),
    shipping_minor: order.shipping_minor,
    taxes: taxes.map(({ tax_class, base_minor, tax_minor }) => ({ tax_class, base_minor, tax_minor })),
    total_minor: order.total_minor,
    cancelled_minor: order.cancelled_minor,
    tax_is_included: order.tax_minor === 0,
  };
}

/** The codes of goods, as the catalog has them in their attributes: of a variant, its parent's where it has none. */
async function findHsnCodes(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<{ id: number; attributes: unknown; parents: unknown }>(
    `SELECT p.id, p.attributes, parent.attributes AS parents FROM products p
     LEFT JOIN products parent ON parent.id = p.parent_id WHERE p.id IN ${sql}`,
    values,
  );
  const codes = new Map<number, string>();
  for (const { id, attributes, parents } of rows) {
    const hsn = hsnIn(objectFrom(attributes)) ?? (parents ? hsnIn(objectFrom(parents)) : undefined);
    if (hsn !== undefined) codes.set(id, hsn);
  }
  return codes;
}

const HSN_NAMES = ["hsn", "hsn code", "hsn/sac", "hsn_code"];

/** However the attribute is spelled. */
function hsnIn(attributes: Record<string, unknown>): string | undefined {
  const [, code] = Object.entries(attributes).find(([name]) => HSN_NAMES.includes(wordKey(name))) ?? [];
  return typeof code === "string" || typeof code === "number" ? String(code).trim() : undefined;
}

/** An address as it stands on a parcel. */
export function addressLines({ full_name, address_line, city, state, pincode, country, phone }: FactAddress): string[] {
  const place = [`${pincode} ${city}`.trim(), state].filter(Boolean).join(", ");
  const land = country && new Intl.DisplayNames("en", { type: "region" }).of(country);
  return [full_name, address_line, place, land, phone].filter((line): line is string => !!line);
}
