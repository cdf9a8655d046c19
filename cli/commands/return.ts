import { Command, Option } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { approveReturn, getReturn, listReturns, receiveReturn, refuseReturn } from "../../src/returns/returns";
import { type Return, ReturnDecision, ReturnReceipt, ReturnStatus } from "../../src/returns/schema";
import { wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { pageOf, type PageOptions, withPages, withPageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const returnCommand = (terminal: Terminal) =>
  new Command("return")
    .description("look after what customers give back")
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(decideCommand(terminal, "approve", "let the customer send it", approveReturn))
    .addCommand(decideCommand(terminal, "refuse", "refuse a return; a withdrawal can't be", refuseReturn))
    .addCommand(receiveCommand(terminal));

const returnId = wholeNumber(1, LARGEST_ID);

const listCommand = ({ print, withShop }: Terminal) =>
  withPages(new Command("list").description("list returns, newest first"))
    .addOption(new Option("--status <status>", "only those that are this").choices(ReturnStatus.options))
    .option("--order <id>", "only those of this order", wholeNumber(1, LARGEST_ID))
    .addHelpText("after", "\nExample:\n  sanset return list --status requested")
    .action(({ status, order, ...page }: { status?: Return["status"]; order?: number } & PageOptions) =>
      withShop(async (shop) => {
        const listed = await listReturns(shop, { status, order_id: order }, pageOf(page));
        const { items } = listed;
        const rows = items.map((one) => [one.id, one.order_id, one.requested_at, one.kind, one.status, goodsOf(one)]);
        const shown = table(["ID", "ORDER", "SINCE", "KIND", "STATUS", "GOODS"], rows, "There are no returns.");
        print(items, withPageText(shown, listed, page));
      }),
    );

const goodsOf = ({ lines }: Return): string => lines.map(({ qty, name }) => `${qty} ${name}`).join(", ");

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show a return")
    .argument("<id>", "the return's id", returnId)
    .action((id: number) =>
      withShop(async (shop) => {
        const found = await getReturn(shop.database, id);
        print(found, returnText(found));
      }),
    );

function returnText(one: Return): string {
  const rows = one.lines.map(({ line, name, qty, received_qty, restocked_qty, refund_qty }) => [
    line,
    name,
    qty,
    received_qty,
    restocked_qty,
    refund_qty,
  ]);
  const words = [one.reason && `The customer says: ${one.reason}`, one.note && `The shop says: ${one.note}`];
  return [
    `Return ${one.id} of order ${one.order_id}: a ${one.kind}, ${one.status}, since ${one.requested_at}.`,
    ...words.filter((line): line is string => !!line),
    table(["LINE", "GOODS", "ANNOUNCED", "CAME", "SOLD AGAIN", "PAID BACK"], rows),
  ].join("\n");
}

const decideCommand = (
  { print, withShop }: Terminal,
  verb: string,
  description: string,
  decide: typeof approveReturn,
) =>
  new Command(verb)
    .description(description)
    .argument("<id>", "the return's id", returnId)
    .option("--note <text>", "for the customer, in the mail about it")
    .action((id: number, { note }: { note?: string }) =>
      withShop(async (shop) => {
        const decided = await decide(shop, id, validate(ReturnDecision, { note }));
        print(decided, `Return ${id} is ${decided.status}.`);
      }),
    );

interface ReceiveOptions {
  line?: string[];
  refund: boolean;
  last?: boolean;
  yes?: boolean;
}

const receiveCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("receive")
    .description("say what came back: all of it, or some lines; money and stock follow")
    .argument("<id>", "the return's id", returnId)
    .option(
      "--line <line:qty:sellable...>",
      "so many units of a line, of which so many can be sold again; without that, all",
    )
    .option("--no-refund", "pay nothing back")
    .option("--last", "nothing more of it is waited for; without lines, nothing came")
    .option(...YES)
    .addHelpText("after", "\nExamples:\n  sanset return receive 4\n  sanset return receive 4 --line 1:2:1 --line 3:1")
    .action((id: number, { line, refund, last, yes }: ReceiveOptions) =>
      withShop(async (shop) => {
        const { order_id, lines } = await getReturn(shop.database, id);
        const all = last ? "nothing more" : lines.map(({ qty, name }) => `${qty} ${name}`).join(", ");
        const units = line?.join(", ") ?? all;
        const paid = refund ? " What they cost is paid back." : "";
        await confirm(`Take in ${units} of return ${id}, order ${order_id}?${paid}`, yes);
        const receipt = validate(ReturnReceipt, {
          lines: line?.map(lineOf) ?? (last ? [] : undefined),
          refund,
          is_last: last ?? false,
        });
        const received = await receiveReturn(shop, id, receipt);
        print(received, returnText(received));
      }),
    );

/** `1:2:1` is line 1, two units, of which one can be sold again. */
function lineOf(text: string): { line: number; qty: number; restocked?: number } {
  const [line, qty, restocked] = text.split(":").map(Number);
  return { line: line ?? Number.NaN, qty: qty ?? Number.NaN, ...(restocked !== undefined && { restocked }) };
}
