import type { Order, OrderItem } from "../../src/orders/schema";
import { table } from "../table";

/** Where an order stands, in a sentence. */
export function standingText({ id, status, payment_status }: Order): string {
  return `Order ${id} is ${status}, its payment ${payment_status.replace("_", " ")}.`;
}

/** What was paid back last, and what is left to do about it. */
export function refundText(order: Order): string {
  const refund = order.refunds.at(-1);
  if (!refund) return standingText(order);
  const amount = `${refund.amount} ${order.currency}`;
  const provider = order.payments.find(({ is_current }) => is_current)?.provider;
  const says =
    refund.state === "done" && provider === "cod" && refund.source === "shop"
      ? `Hand ${amount} to the customer: it was paid in cash.`
      : `${amount} ${refund.state === "done" ? "was paid back" : `is ${refund.state}`}.`;
  return `${says} ${standingText(order)}`;
}

/** An order as the packer reads it: to whom, where, what, and then how it came about. */
export function orderText(order: Order): string {
  const parts = [
    standingText(order),
    addressText(order),
    ...expectedText(order),
    linesText(order),
    sumsText(order),
    ...billingText(order),
    ...(order.customer_note ? [`The customer says: ${order.customer_note}`] : []),
    ...(order.tags.length > 0 ? [`Tags: ${order.tags.join(", ")}`] : []),
    ...order.notes.map(({ note, created_at }) => `${created_at} ${note}`),
    ...order.shipments.map(
      ({ shipped_at, carrier, tracking_number, lines }) =>
        `Left ${shipped_at}: ${unitsText(order, lines)}${[carrier, tracking_number].flatMap((word) => (word ? [`, ${word}`] : [])).join("")}`,
    ),
    ...order.refunds.map((refund) => refundLine(order, refund)),
    ...order.payments.map((payment) => paymentLine(order, payment)),
    table(
      ["AT", "STATUS", "PAYMENT", "CAUSE"],
      order.history.map((step) => [step.at, step.status, step.payment_status, step.cause]),
    ),
  ];
  return parts.filter(Boolean).join("\n");
}

/** By when it is expected, and how long its goods are kept while it is not paid. */
const expectedText = ({ status, delivery_eta, hold_until }: Order): string[] => [
  ...(delivery_eta !== null && (status === "placed" || status === "packed" || status === "shipped")
    ? [`Expected ${delivery_eta}.`]
    : []),
  ...(hold_until !== null && status === "placed" ? [`Kept until ${hold_until} for its payment.`] : []),
];

/** To whom an invoice goes, where that is somebody else. */
const billingText = ({ billing_address, tax_id }: Order): string[] => [
  ...(billing_address ? [`Invoice to: ${placeText(billing_address)}`] : []),
  ...(tax_id === null ? [] : [`Tax number of the customer: ${tax_id}`]),
];

/** For what, how much, why, and whether its gateway has confirmed it. */
function refundLine(order: Order, refund: Order["refunds"][number]): string {
  const { id, amount, lines, shipping, source, state, reason, failure, created_at, resent_as } = refund;
  const goods = [...(lines.length > 0 ? [unitsText(order, lines)] : []), ...(shipping ? ["the delivery"] : [])];
  const how = { shop: [], provider: ["paid back at the provider"], hand: ["by hand"] }[source];
  const more = [state, ...how, reason, failure, resent_as === null ? null : `sent again as refund ${resent_as}`];
  const what = goods.length > 0 ? ` for ${goods.join(" and ")}` : "";
  return `Refund ${id} of ${amount} ${order.currency}${what}, ${created_at}: ${more.filter(Boolean).join(", ")}`;
}

/** A try at paying: which way, how far it came, and what of it went back. */
function paymentLine(order: Order, payment: Order["payments"][number]): string {
  const { provider, amount, state, is_current, captured_at, refunded, flag } = payment;
  const what = `${is_current ? "Payment" : "Former payment"} of ${amount} ${order.currency} by ${provider}`;
  const back = refunded > 0 ? `, ${refunded} of it paid back` : "";
  return `${what}: ${state.replace("_", " ")}${captured_at === null ? "" : ` ${captured_at}`}${back}${flag ? `. ${flag}` : ""}`;
}

/** What was bought, and of what became of it what there is. */
function linesText({ items }: Order): string {
  const shares = [
    ["DISCOUNT", (item: OrderItem) => item.discount],
    ["TAX", (item: OrderItem) => item.tax],
  ] as const;
  const fates = [
    ["OFF", (item: OrderItem) => item.cancelled_qty],
    ["BACK", (item: OrderItem) => item.returned_qty],
    ["PAID BACK", (item: OrderItem) => item.refunded_qty],
  ] as const;
  const [priced, shown] = [shares, fates].map((columns) =>
    columns.filter(([, count]) => items.some((item) => count(item) > 0)),
  );
  const names = (columns: typeof priced = []) => columns.map(([name]) => name);
  const counts = (columns: typeof priced, item: OrderItem) => (columns ?? []).map(([, count]) => count(item));
  return table(
    ["CODE", "PRODUCT", "QTY", "PRICE", ...names(priced), "TO PACK", ...names(shown)],
    items.map((item) => [
      item.sku ?? item.product_id,
      item.name,
      item.qty,
      item.price_at_purchase,
      ...counts(priced, item),
      item.qty - item.cancelled_qty - item.shipped_qty,
      ...counts(shown, item),
    ]),
  );
}

function unitsText({ items }: Order, units: readonly { line: number; product_id: number; qty: number }[]): string {
  const named = (unit: { line: number; product_id: number }) =>
    items.find(({ line }) => line === unit.line)?.name ?? `of product ${unit.product_id}`;
  // A product may have a comma in its name.
  return units.map((unit) => `${unit.qty} ${named(unit)}`).join("; ");
}

type Place = Pick<
  NonNullable<Order["address"]>,
  "full_name" | "address_line" | "city" | "state" | "pincode" | "country"
>;

/** Where something goes, in one line. */
export const placeText = ({ full_name, address_line, city, state, pincode, country }: Place): string =>
  [full_name, address_line, city, state, pincode, country].filter(Boolean).join(", ");

function addressText({ address, email, customer_name }: Order): string {
  const where = address ? placeText({ ...address, full_name: address.full_name || customer_name }) : customer_name;
  const contact = [address?.phone, email].filter(Boolean).join(", ");
  return [where, contact].filter(Boolean).join("\n");
}

function sumsText(order: Order): string {
  const { subtotal, discount, coupon_code, shipping, tax, tax_included, total_amount, amount_due, currency } = order;
  const taxes = order.taxes.map(({ name, percent, tax: part }) => `${name} ${percent} % ${part}`).join(", ");
  const named = taxes === "" ? "" : ` (${taxes})`;
  return [
    `Subtotal ${subtotal}, discount ${discount}${coupon_code === null ? "" : ` (${coupon_code})`}`,
    ...(order.shipping_method
      ? [`delivery ${shipping} (${order.shipping_method.name})`]
      : shipping > 0
        ? [`delivery ${shipping}`]
        : []),
    ...(tax > 0 ? [`taxes ${tax}${named}`] : []),
    `total ${total_amount} ${currency}`,
    ...(tax_included > 0 ? [`taxes of ${tax_included} included${named}`] : []),
    ...(amount_due > 0 ? [`${amount_due} to be paid`] : []),
  ].join(", ");
}
