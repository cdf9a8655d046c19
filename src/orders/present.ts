import { currencyOf } from "../base/currency";
import { toMajor } from "../base/money";
import { percentOf } from "../tax/rates";
import type { Tax } from "../tax/schema";
import type { LineDetails, OrderDetails, PaymentDetails, RefundDetails } from "./detail-queries";
import type { OrderRecord } from "./queries";
import { unitsToShip } from "./units";
import type { Order, OrderItem, PaymentState } from "./schema";
import type { Receipt } from "./checkout-schema";

type Major = (minor: number) => number;

/** Who looks: the shop's own people see more than the customer. */
export type Viewer = "customer" | "shop";

/** An order as the API gives it, in major units of its own currency, whatever the shop sells in by now. */
export function presentOrder(order: OrderDetails, viewer: Viewer): Order {
  const currency = currencyOf(order.currency);
  const major: Major = (minor) => toMajor(minor, currency);
  const last = order.shipments.at(-1);
  return {
    id: order.id,
    user_id: order.user_id,
    customer_name: order.customer_name,
    total_amount: major(order.total_minor),
    subtotal: major(order.subtotal_minor),
    discount: major(order.discount_minor),
    shipping: major(order.shipping_minor),
    tax: major(order.tax_minor),
    tax_included: major(order.included_tax_minor),
    taxes: presentTaxes(order.taxes, major),
    amount_due: major(amountDue(order)),
    currency: order.currency,
    coupon_code: order.coupon_code,
    status: order.status,
    payment_method: order.payment_method,
    payment_status: order.payment_status,
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
    hold_until: order.hold_until,
    shipping_method: order.shipping_method,
    address: order.address && { ...NO_RECIPIENT, ...order.address },
    billing_address: order.billing_address,
    tax_id: order.tax_id,
    email: order.email,
    customer_note: order.customer_note,
    tags: viewer === "shop" ? order.tags : [],
    notes: viewer === "shop" ? order.notes.map(({ order_id: _, ...note }) => note) : [],
    tracking_number: last?.tracking_number ?? null,
    carrier: last?.carrier ?? null,
    items: order.lines.map((line) => presentLine(order, line, major)),
    shipments: order.shipments.map(({ order_id: _, ...shipment }) => shipment),
    refunds: order.refunds.map((refund) => presentRefund(refund, major)),
    payments: order.payments.map((payment) => presentPayment(payment, viewer, major)),
    history: order.history,
  };
}

/** Addresses from before say nothing of these. */
const NO_RECIPIENT = { country: null, full_name: null, phone: null };

/** What is still to be paid. */
function amountDue({ payment_status, status, total_minor, cancelled_minor }: OrderDetails): number {
  return payment_status === "pending" && status !== "cancelled" ? total_minor - cancelled_minor : 0;
}

export const presentTaxes = (taxes: readonly Tax[], major: Major) =>
  taxes.map(({ name, percent_thousandths, base_minor, tax_minor }) => ({
    name,
    percent: percentOf(percent_thousandths),
    base: major(base_minor),
    tax: major(tax_minor),
  }));

function presentLine(order: OrderDetails, line: LineDetails, major: Major): OrderItem {
  return {
    line: line.line,
    product_id: line.product_id,
    qty: line.qty,
    price_at_purchase: major(line.price_minor),
    name: line.name,
    sku: line.sku,
    slug: line.slug,
    category: line.category,
    options: line.options ?? {},
    image_url: line.image_url,
    tax_class: line.tax_class,
    discount: major(line.discount_minor ?? 0),
    tax: major(line.tax_minor),
    cancelled_qty: line.cancelled,
    shipped_qty: line.qty - line.cancelled - unitsToShip(order, line),
    returned_qty: line.returned,
    refunded_qty: line.refunded,
  };
}

function presentRefund(refund: RefundDetails, major: Major) {
  const { amount_minor, is_shipping, order_id: _, ...rest } = refund;
  return { ...rest, amount: major(amount_minor), shipping: is_shipping === 1 };
}

const STATES: Record<PaymentDetails["state"], PaymentState> = {
  new: "not_started",
  open: "open",
  under_way: "under_way",
  captured: "paid",
  failed: "failed",
  closed: "closed",
  surplus: "surplus",
};

function presentPayment(payment: PaymentDetails, viewer: Viewer, major: Major) {
  return {
    id: payment.id,
    provider: payment.provider,
    state: payment.disputed_at === null ? STATES[payment.state] : ("disputed" as const),
    is_current: payment.is_current === 1,
    amount: major(payment.amount_minor),
    captured: major(payment.captured_minor),
    refunded: major(payment.refunded_minor),
    flag: viewer === "shop" ? payment.flag : null,
    created_at: payment.created_at,
    captured_at: payment.captured_at,
  };
}

/** What a checkout answers. Where it is paid is known only after the commit. */
export function presentReceipt(id: number, order: OrderRecord): Receipt {
  return {
    order_id: id,
    status: order.status,
    total_amount: toMajor(order.price.total_minor, currencyOf(order.currency)),
    payment_url: null,
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
  };
}
