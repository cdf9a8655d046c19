import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { cancelOrder } from "../../src/orders/cancellation";
import { quoteRefund, refundOrder, resendRefund } from "../../src/orders/refunds";
import { returnOrder } from "../../src/orders/returned-goods";
import { NewCancellation, NewRefund } from "../../src/orders/schema";
import { amount, wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { refundText, standingText, unitsOf } from "./order-text";

const orderId = wholeNumber(1, LARGEST_ID);

export const cancelCommand = ({ print, withShop }: Terminal) =>
  new Command("cancel")
    .description("cancel an order that has not left, or some units of it; what was paid is paid back")
    .argument("<id>", "the order's id", orderId)
    .option("--line <product:qty...>", "only these units")
    .option("--reason <text>", "why, for the books")
    .action((id: number, { line, reason }: { line?: string[]; reason?: string }) =>
      withShop(async (shop) => {
        const given = validate(NewCancellation, { lines: line?.map(unitsOf), reason });
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
}

export const refundCommand = ({ print, withShop }: Terminal) =>
  new Command("refund")
    .description("pay back all that is left of an order, an amount, or the price of some units")
    .argument("<id>", "the order's id", orderId)
    .option("--amount <amount>", "so much, such as 40.5", amount)
    .option("--line <product:qty...>", "so many units of a product, at what they cost")
    .option("--shipping", "the delivery, too")
    .option("--restock", "the units came back and can be sold again")
    .option("--by-hand", "it was paid back by other means: only write it down")
    .option("--reason <text>", "why, for the books")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset order refund 12 --line 5:1 --reason cracked\n  sanset order refund 12 --amount 40.5",
    )
    .option("--dry-run", "only say what would be paid back", false)
    .action((id: number, { line, byHand: by_hand, dryRun, ...refund }: RefundOptions) =>
      withShop(async (shop) => {
        const given = validate(NewRefund, { ...refund, by_hand, lines: line?.map(unitsOf) });
        if (dryRun) {
          const quoted = await quoteRefund(shop, id, given);
          return print(quoted, `${quoted.amount} ${quoted.currency} of ${quoted.left} would be paid back.`);
        }
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

export const returnCommand = ({ print, withShop }: Terminal) =>
  new Command("return")
    .description("take back the goods of an order: onto the shelf, and what was paid is paid back")
    .argument("<id>", "the order's id", orderId)
    .option("--no-restock", "the goods can't be sold again")
    .option("--no-refund", "nothing is paid back")
    .action((id: number, options: { restock: boolean; refund: boolean }) =>
      withShop(async (shop) => {
        const order = await returnOrder(shop, id, options);
        print(order, standingText(order));
      }),
    );
