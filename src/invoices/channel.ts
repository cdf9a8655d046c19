import type { Channel } from "../events/channel";
import type { ShopEvent } from "../events/schema";
import type { Settings } from "../shop/settings";
import { creditRefunds, issueInvoice } from "./invoices";

/** Issuing writes to our own database alone: what fails there is over soon, or a person has to look. */
const PAUSES_SECONDS = [5, 60, 300, 3_600, 21_600, 86_400];

const ISSUE = "invoice";
const CREDIT = "credit_note";

/** Invoices as a channel of the outbox: what happened to an order is answered with its documents. */
export const invoiceChannel: Channel = {
  name: "invoice",
  atOnce: 4,
  pausesSeconds: PAUSES_SECONDS,
  receiversOf: async ({ settings }, _, events) =>
    events.flatMap((event) => {
      const target = targetOf(event, settings.invoices);
      return target === undefined ? [] : [{ event, target }];
    }),
  targets: async () => [undefined],
  deliver: async (shop, { target, event }) => {
    if (event.order_id === null) return { is: "dropped" };
    if (target === ISSUE) await issueInvoice(shop, event.order_id);
    // Without an invoice there is nothing to credit: it comes, if it comes, with its credit notes.
    else await creditRefunds(shop, event.order_id);
    return { is: "sent" };
  },
};

function targetOf({ type }: ShopEvent, when: Settings["invoices"]): string | undefined {
  // An invoice may have been issued by hand where none are by themselves.
  if (type === "order.refunded" || type === "order.changed" || type === "order.cancelled") return CREDIT;
  return when !== "off" && type === `order.${when}` ? ISSUE : undefined;
}
