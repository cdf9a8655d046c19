import { currencyOf } from "../base/currency";
import type { View } from "../base/template";
import { ShopError } from "../base/errors";
import { toMajor } from "../base/money";
import { getDelivery } from "../events/deliveries";
import type { ShopEvent } from "../events/schema";
import { getOrderFacts, type OrderFacts } from "../invoices/order-facts";
import { getInvoice } from "../invoices/invoices";
import { sumsOfRefund } from "../invoices/refund-sums";
import { createOrderLink } from "../orders/order-links";
import { getReturn } from "../returns/returns";
import type { Mail } from "../mail/mail";
import type { Shop } from "../shop/shop";
import { isShopKind, type MailKind } from "./kinds";
import { findFlag, findGoodsName, findRefundFacts, findShipmentFacts } from "./queries";
import type { Templates } from "./templates";
import { invoiceView, orderView, refundTaxView, returnView, shopView, wordsOf } from "./views";

/** What a mail is about, and to whom it goes. */
interface About {
  to: string | null | undefined;
  view: View;
  is_free?: boolean;
  customer_id?: number;
}

/** A mail, and whether whoever caused it could cause as many as they like: nobody has paid, and nothing has left. */
export interface Written extends Mail {
  is_free: boolean;
  /** Whose order it is about, where it is about one. */
  customer_id: number | undefined;
}

/** The mail of this kind about this event, as things stand now. Undefined where there is nobody to write to, or nothing to say. */
export async function writeMail(
  shop: Shop,
  templates: Templates,
  kind: MailKind,
  event: ShopEvent,
): Promise<Written | undefined> {
  const about = await aboutOf(shop, kind, event);
  if (!about?.to) return undefined;
  const reply_to = isShopKind(kind) ? undefined : shop.settings.shopEmail;
  return {
    to: about.to,
    reply_to,
    is_free: about.is_free ?? false,
    customer_id: about.customer_id,
    ...templates.letter(kind, { shop: shopView(shop.settings), ...about.view }),
  };
}

async function aboutOf(shop: Shop, kind: MailKind, event: ShopEvent): Promise<About | undefined> {
  const { database, settings } = shop;
  if (kind === "shop_low_stock") {
    const product = await findGoodsName(database, Number(event.data["product_id"]));
    const available = Number(event.data["available"]);
    return product && { to: settings.shopEmail, view: { product: { ...product, available } } };
  }
  if (kind === "shop_deliveries_given_up") {
    const { id, channel, target, tries, attempts } = await getDelivery(shop, Number(event.data["delivery_id"]));
    const delivery = { id, channel, target, tries, failure: attempts.at(-1)?.failure ?? null };
    return { to: settings.shopEmail, view: { delivery } };
  }
  const facts = event.order_id === null ? undefined : await findFacts(shop, event.order_id);
  if (!facts) return undefined;
  const to = isShopKind(kind) ? settings.shopEmail : facts.email;
  if (!to) return undefined;
  const link = isShopKind(kind) ? null : await linkTo(shop, facts);
  const more = await moreOf(shop, kind, event, facts);
  const is_free = !isShopKind(kind) && UNPAID.has(facts.payment_status) && FREE.has(kind);
  return (
    more && { to, is_free, customer_id: facts.user_id, view: { order: orderView(facts, settings, link), ...more } }
  );
}

const UNPAID: ReadonlySet<string> = new Set(["pending", "failed"]);
const FREE: ReadonlySet<MailKind> = new Set<MailKind>(["order_confirmed", "order_cancelled"]);

/** What a kind says beside the order. Undefined where there is nothing to say any more. */
async function moreOf(shop: Shop, kind: MailKind, event: ShopEvent, facts: OrderFacts): Promise<View | undefined> {
  const { database, settings } = shop;
  const amount = (minor: number) =>
    wordsOf(settings).amount(toMajor(minor, currencyOf(facts.currency)), facts.currency);
  switch (kind) {
    case "order_cancelled":
      return { cancellation: { reason: reasonOf(event.data["cause"]), money: moneyOf(facts, settings) } };
    case "order_refunded": {
      const refundId = Number(event.data["refund_id"]);
      const refund = await findRefundFacts(database, refundId);
      if (!refund) return undefined;
      const sums = await sumsOfRefund(database, facts, refundId);
      const { reason, lines, is_shipping } = refund;
      return {
        refund: {
          reason,
          lines: lines.map(({ line, qty, name }) => {
            const cost = sums?.lines.find((one) => one.line === line);
            return { qty, name, amount: cost ? amount(cost.total_minor) : null };
          }),
          taxes: refundTaxView(facts, sums, settings),
          amount: amount(refund.amount_minor),
          so_far: amount(refund.so_far_minor),
          paid: amount(refund.captured_minor),
          is_by_hand: refund.source === "hand",
          is_delivery: is_shipping === 1,
          is_for_something: lines.length > 0 || is_shipping === 1,
        },
      };
    }
    case "order_shipped":
      return shippedView(shop, event, facts);
    case "withdrawal_received":
    case "return_decided":
      return { return: returnView(await getReturn(database, Number(event.data["return_id"])), settings) };
    case "invoice_issued":
      return { invoice: invoiceView(await getInvoice(shop, Number(event.data["invoice_id"])), settings) };
    case "shop_flagged_payment":
      return { payment: { flag: await findFlag(database, facts.id) } };
    default:
      return {};
  }
}

/** What left: all of the order, or a part of it. Nothing did where the rest of an order was cancelled that had left in part. */
async function shippedView({ database }: Shop, { data }: ShopEvent, facts: OrderFacts): Promise<View | undefined> {
  if (data["shipment_id"] === null) return undefined;
  const { tracking_number, carrier } = facts;
  // Events of before named none: then the latest is meant.
  const shipment = await findShipmentFacts(database, Number(data["shipment_id"] ?? 0));
  const { lines = [], before = 0, after = 0 } = shipment ?? {};
  const number = shipment ? shipment.tracking_number : tracking_number;
  return {
    shipment: {
      lines,
      is_part: before > 0 || after > 0,
      has_rest: after > 0,
      tracking: number === null ? null : { carrier: shipment ? shipment.carrier : carrier, number },
    },
  };
}

const REASONS: Record<string, string> = {
  cancelled_by_customer: "You asked us to.",
  cancelled_by_shop: "We can't deliver it.",
  payment_declined: "The payment was declined.",
  payment_expired: "It was not paid in time.",
  hold_expired: "It was not paid in time.",
};

const reasonOf = (cause: unknown): string => REASONS[String(cause)] ?? "";

function moneyOf(facts: OrderFacts, settings: Shop["settings"]): string {
  // A refund that its gateway has refused is owed all the same.
  if (facts.paid === 0) return "Nothing was charged.";
  return `What you paid, ${wordsOf(settings).amount(facts.paid, facts.currency)}, goes back to you.`;
}

async function findFacts({ database }: Shop, orderId: number): Promise<OrderFacts | undefined> {
  try {
    return await getOrderFacts(database, orderId);
  } catch (error) {
    if (error instanceof ShopError && error.code === "not_found") return undefined;
    throw error;
  }
}

/**
 * The page where the customer sees the order. A guest, who can't sign in, gets a token with it that opens the order for
 * the reader of the mail, and stands nowhere else.
 */
async function linkTo(shop: Shop, { id, is_guest }: OrderFacts): Promise<string | null> {
  if (shop.settings.orderUrl === undefined) return null;
  const url = new URL(shop.settings.orderUrl);
  url.searchParams.set("order", String(id));
  if (is_guest) {
    const token = await shop.database.transaction((tx) => createOrderLink(shop, tx, id));
    url.searchParams.set("order_token", token);
  }
  return url.href;
}
