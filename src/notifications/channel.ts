import { ShopError } from "../base/errors";
import type { Attempt, Channel, Receiver } from "../events/channel";
import type { ShopEvent } from "../events/schema";
import { CASH } from "../payments/gateways";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { isShopKind, MAIL_KINDS, type MailKind } from "./kinds";
import { findOrdersPaidBy } from "./queries";
import { withoutFlood } from "./flood";
import { loadTemplates } from "./templates";
import { writeMail } from "./writing";

/** A server that puts a letter off (greylisting) takes it after some minutes; one that is down is back within a day. */
const PAUSES_SECONDS = [60, 300, 900, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];

const templatesOf = perShop(() => new Map<"templates", ReturnType<typeof loadTemplates>>());

/** Mails as a channel of the outbox: each kind once about one thing, however often something is told. */
export const mailChannel: Channel = {
  name: "mail",
  atOnce: 4,
  pausesSeconds: PAUSES_SECONDS,
  receiversOf: async ({ settings }, reader, events) => {
    // A real shop that can't send mail has none to send.
    if (!settings.smtpUrl && settings.production) return [];
    const placed = events.filter(isOfPaying);
    const inCash = await findOrdersPaidBy(
      reader,
      CASH,
      placed.flatMap(({ order_id }) => order_id ?? []),
    );
    return events
      .flatMap((event) => receiversFor(event, inCash))
      .filter(({ target }) => settings.shopEmail !== undefined || !isShopKind(kindOf(target)));
  },
  targets: async () => [undefined],
  deliver: async (shop, { target, event }) => {
    const kept = templatesOf(shop);
    const templates = kept.get("templates") ?? loadTemplates(shop.settings);
    kept.set("templates", templates);
    const kind = kindOf(target);
    const written = await writeMail(shop, templates, kind, event);
    if (!written) return { is: "dropped" };
    const { is_free, customer_id, ...mail } = written;
    const send = () => sendMail(shop, { ...mail, message_id: messageId(shop, kind, event) });
    return is_free ? withoutFlood(shop, { to: mail.to, customer_id, order_id: event.order_id }, send) : send();
  },
};

const isInAnotherWay = ({ type, data }: ShopEvent): boolean =>
  type === "order.changed" && data["cause"] === "payment_method_changed";

const isOfPaying = (event: ShopEvent): boolean =>
  event.type === "order.placed" || event.type === "order.paid" || isInAnotherWay(event);

function receiversFor(event: ShopEvent, inCash: ReadonlySet<number>): Receiver[] {
  const { order_id: id, data } = event;
  const once = (target: MailKind, about: unknown): Receiver => ({
    event,
    target,
    once_key: `${target} ${String(about)}`,
  });
  const aDay = event.created_at.slice(0, 10);
  switch (event.type) {
    // Cash on delivery is agreed when it is placed, or chosen instead of another way; anything else once it is paid.
    case "order.placed":
    case "order.paid":
    case "order.changed":
      if (id === null || !isOfPaying(event) || inCash.has(id) !== (event.type !== "order.paid")) return [];
      return [once("order_confirmed", id), once("shop_new_order", id)];
    case "order.shipped":
      // An order may leave in parts; each part has an event of its own.
      return [once("order_shipped", [id, event.event_id])];
    case "order.cancelled":
      return [once("order_cancelled", id)];
    case "order.refunded":
      return [once("order_refunded", data["refund_id"])];
    case "return.requested":
      return [once("withdrawal_received", data["return_id"])];
    case "return.decided":
      return [once("return_decided", data["return_id"])];
    case "invoice.issued":
      return [once("invoice_issued", data["invoice_id"])];
    case "payment.flagged":
      // What is amiss with it may be one thing after another.
      return [once("shop_flagged_payment", [id, event.event_id])];
    case "stock.low":
      return [once("shop_low_stock", [data["product_id"], aDay])];
    case "delivery.given_up":
      return [once("shop_deliveries_given_up", [data["channel"], data["target"], aDay])];
    default:
      return [];
  }
}

/** A kind was checked when it was routed, but a newer program may have known more of them. */
function kindOf(target: string): MailKind {
  const kind = MAIL_KINDS.find((known) => known === target);
  if (!kind) throw new ShopError("unusable", `This program knows no mail called ${target}.`);
  return kind;
}

/** The same whenever the same letter is sent, so that mail programs show it once. */
function messageId({ settings }: Shop, kind: MailKind, { event_id }: ShopEvent): string {
  return `<${event_id}.${kind}@${new URL(settings.publicUrl).hostname}>`;
}

async function sendMail(shop: Shop, mail: Parameters<Shop["sendMail"]>[0]): Promise<Attempt> {
  try {
    await shop.sendMail(mail);
    return { is: "sent" };
  } catch (error) {
    const status = statusOf(error);
    // 5 stands for "never": another try would be refused as well (RFC 5321, 4.2.1).
    const final = status !== undefined && status >= 500;
    return { is: "failed", failure: reasonOf(error, status), final, ...(status !== undefined && { status }) };
  }
}

function statusOf(error: unknown): number | undefined {
  const code = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
  return typeof code === "number" ? code : undefined;
}

/** In our words: what a mail server says often has the address in it. */
function reasonOf(error: unknown, status: number | undefined): string {
  if (status !== undefined) return status >= 500 ? "The mail server refused it." : "The mail server put it off.";
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return `The mail server could not be used (${code}).`;
}
