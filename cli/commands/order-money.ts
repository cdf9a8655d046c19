import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { cancelOrder } from "../../src/orders/cancellation";
import { quoteRefund, refundOrder, resendRefund } from "../../src/orders/refunds";
import { returnOrder } from "../../src/orders/returned-goods";
import { getOrder } from "../../src/orders/orders";
import type { Order } from "../../src/orders/schema";
import { NewCancellation, NewRefund, NewReturn } from "../../src/orders/change-schema";
import { amount, wholeNumber } from "../arguments";
import { YES } from "../confirm";
import type { Terminal } from "../terminal";
import { unitsOfOrder } from "../units";
import { refundText, standingText } from "./order-text";

const orderId = wholeNumber(1, LARGEST_ID);

/** An order in a question: its number, whose it is, what it comes to and what of that was paid. */
function aboutText(order: Order): string {
  const whose = order.address?.full_name || order.customer_name || order.email;
  const paid = paidOf(order);
  return `order ${order.id}${whose ? ` of ${whose}` : ""}, ${order.total_amount} ${order.currency}, ${paid === 0 ? "not paid" : `${paid} paid`}`;
}

/** What was taken for an order and not paid back. */
const paidOf = ({ payments }: Order): number =>
  payments.reduce((sum, { captured, refunded }) => sum + (captured ?? 0) - (refunded ?? 0), 0);

export const cancelCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("cancel")
    .description("cancel an order that has not left, or some units of it; what was paid is paid back")
    .argument("<id>", "the order's id", orderId)
    .option("--line <product:qty...>", "only these units")
    .option("--reason <text>", "why, for the books")
    .option(...YES)
    .addHelpText(
      "after",
      "\nExamples:\n  sanset order cancel 12 --reason 'sold out'\n  sanset order cancel 12 --line 5:1 --yes",
    )
    .action((id: number, { line, reason, yes }: { line?: string[]; reason?: string; yes?: boolean }) =>
      withShop(async (shop) => {
        const given = validate(NewCancellation, { lines: line && (await unitsOfOrder(shop, id, line)), reason });
        const what = line ? `${line.join(", ")} of ` : "";
        await confirm(`Cancel ${what}${aboutText(await getOrder(shop.database, id))}?`, yes);
        const order = await cancelOrder(shop, id, "shop", given);
        print(order, standingText(order));
      }),
    );

interface RefundOptions {
  dryRun: boolean;
  amount?: number;
  line?: string[];
  shipping?: boolean;
  restock?: boolean;
  byHand?: boolean;
  reason?: string;
  yes?: boolean;
}

export const refundCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("refund")
    .description("pay back all that is left of an order, an amount, or the price of some units")
    .argument("<id>", "the order's id", orderId)
    .option("--amount <amount>", "so much, such as 40.5", amount)
    .option("--line <product:qty...>", "so many units of a product, at what they cost")
    .option("--shipping", "the delivery, too")
    .option("--restock", "the units came back and can be sold again")
    .option("--by-hand", "it was paid back by other means: only write it down")
    .option("--reason <text>", "why, for the books")
    .option(...YES)
    .addHelpText(
      "after",
      "\nExamples:\n  sanset order refund 12 --line TEA-250:1 --reason cracked\n  sanset order refund 12 --amount 40.5",
    )
    .option("--dry-run", "only say what would be paid back", false)
    .action((id: number, { line, byHand: by_hand, dryRun, yes, ...refund }: RefundOptions) =>
      withShop(async (shop) => {
        const given = validate(NewRefund, { ...refund, by_hand, lines: line && (await unitsOfOrder(shop, id, line)) });
        const quoted = await quoteRefund(shop, id, given);
        if (dryRun) return print(quoted, `${quoted.amount} ${quoted.currency} of ${quoted.left} would be paid back.`);
        const about = aboutText(await getOrder(shop.database, id));
        await confirm(`Pay back ${quoted.amount} ${quoted.currency} for ${about}?`, yes);
        const order = await refundOrder(shop, id, given);
        print(order, refundText(order));
      }),
    );

export const resendCommand = ({ print, withShop }: Terminal) =>
  new Command("resend")
    .description("send a refund that failed once more")
    .argument("<id>", "the order's id", orderId)
    .argument("<refund>", "the refund's id, as sanset order show says it", orderId)
    .action((id: number, refundId: number) =>
      withShop(async (shop) => {
        const order = await resendRefund(shop, id, refundId);
        print(order, refundText(order));
      }),
    );

export const returnCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("return")
    .description("take back the goods of an order: onto the shelf, and what was paid is paid back")
    .argument("<id>", "the order's id", orderId)
    .option("--line <product:qty...>", "only these units, such as those that were refused at the door")
    .option("--no-restock", "the goods can't be sold again")
    .option("--no-refund", "nothing is paid back")
    .option(...YES)
    .addHelpText(
      "after",
      "\nExamples:\n  sanset order return 12\n  sanset order return 12 --no-restock --yes\n  sanset order return 12 --line TEA-250:1",
    )
    .action((id: number, { yes, line, ...options }: ReturnOptions) =>
      withShop(async (shop) => {
        const before = await getOrder(shop.database, id);
        const given = validate(NewReturn, { ...options, ...(line && { lines: await unitsOfOrder(shop, id, line) }) });
        const goods = line ? `${line.join(", ")} (product:quantity)` : "the goods";
        const paid = `, and pay back ${line ? "what was paid for them" : `${paidOf(before)} ${before.currency}`}`;
        await confirm(`Take back ${goods} of ${aboutText(before)}${options.refund ? paid : ""}?`, yes);
        const order = await returnOrder(shop, id, given);
        print(order, standingText(order));
      }),
    );

interface ReturnOptions {
  line?: string[];
  restock: boolean;
  refund: boolean;
  yes?: boolean;
}
