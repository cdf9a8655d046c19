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
    linesText(order),
    sumsText(order),
    ...(order.customer_note ? [`The customer says: ${order.customer_note}`] : []),
    ...(order.tags.length > 0 ? [`Tags: ${order.tags.join(", ")}`] : []),
    ...order.notes.map(({ note, created_at }) => `${created_at} ${note}`),
    ...order.shipments.map(
      ({ shipped_at, carrier, tracking_number, lines }) =>
        `Left ${shipped_at}: ${lines.map(({ product_id, qty }) => `${qty} ${nameIn(order, product_id)}`).join(", ")}${[carrier, tracking_number].flatMap((word) => (word ? [`, ${word}`] : [])).join("")}`,
    ),
    ...order.refunds.map(
      ({ id, amount, state, reason, created_at }) =>
        `Refund ${id} of ${amount} ${order.currency}, ${created_at}: ${state}${reason ? `, ${reason}` : ""}`,
    ),
    ...order.payments.map(
      ({ provider, amount, state, is_current, flag }) =>
        `${is_current ? "Payment" : "Former payment"} of ${amount} ${order.currency} by ${provider}: ${state.replace("_", " ")}${flag ? `. ${flag}` : ""}`,
    ),
    table(
      ["AT", "STATUS", "PAYMENT", "CAUSE"],
      order.history.map((step) => [step.at, step.status, step.payment_status, step.cause]),
    ),
  ];
  return parts.filter(Boolean).join("\n");
}

/** What was bought, and of what became of it what there is. */
function linesText({ items }: Order): string {
  const fates = [
    ["OFF", (item: OrderItem) => item.cancelled_qty],
    ["BACK", (item: OrderItem) => item.returned_qty],
    ["PAID BACK", (item: OrderItem) => item.refunded_qty],
  ] as const;
  const shown = fates.filter(([, count]) => items.some((item) => count(item) > 0));
  return table(
    ["CODE", "PRODUCT", "QTY", "PRICE", "TO PACK", ...shown.map(([name]) => name)],
    items.map((item) => [
      item.sku ?? item.product_id,
      item.name,
      item.qty,
      item.price_at_purchase,
      item.qty - item.cancelled_qty - item.shipped_qty,
      ...shown.map(([, count]) => count(item)),
    ]),
  );
}

const nameIn = ({ items }: Order, productId: number): string =>
  items.find(({ product_id }) => product_id === productId)?.name ?? `of product ${productId}`;

function addressText({ address, email, customer_name }: Order): string {
  const where = address
    ? [
        address.full_name || customer_name,
        address.address_line,
        address.city,
        address.state,
        address.pincode,
        address.country,
      ]
    : [customer_name];
  const contact = [address?.phone, email];
  return [where, contact]
    .map((words) => words.filter(Boolean).join(", "))
    .filter(Boolean)
    .join("\n");
}

function sumsText(order: Order): string {
  const { subtotal, discount, shipping, tax, tax_included, total_amount, amount_due, currency } = order;
  return [
    `Subtotal ${subtotal}, discount ${discount}`,
    ...(order.shipping_method ? [`delivery ${shipping} (${order.shipping_method.name})`] : []),
    ...(tax > 0 ? [`taxes ${tax}`] : []),
    `total ${total_amount} ${currency}`,
    ...(tax_included > 0 ? [`taxes of ${tax_included} included`] : []),
    ...(amount_due > 0 ? [`${amount_due} to be paid`] : []),
  ].join(", ");
}
