import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { deliverOrder, packOrder, shipOrder, unpackOrder } from "../../src/orders/fulfilment";
import { getOrder } from "../../src/orders/orders";
import { resolveEvent, resolvePayment } from "../../src/orders/payment-flags";
import { receiveMoney } from "../../src/orders/received-money";
import type { Order } from "../../src/orders/schema";
import { NewMoneyReceipt, NewResolution, NewShipment } from "../../src/orders/change-schema";
import type { Shop } from "../../src/shop/shop";
import { wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { createOrderCommand, editOrderCommand, noteCommand, quoteCommand, tagCommand } from "./order-care";
import { orderListCommand } from "./order-list";
import { slipsCommand } from "./order-slips";
import { cancelCommand, refundCommand, resendCommand, returnCommand } from "./order-money";
import { exportOrdersCommand } from "./export";
import { unitsOfOrder } from "../units";
import { orderText, standingText } from "./order-text";

export const orderCommand = (terminal: Terminal) =>
  new Command("order")
    .description("look after orders")
    .addCommand(orderListCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(slipsCommand(terminal))
    .addCommand(createOrderCommand(terminal))
    .addCommand(quoteCommand(terminal))
    .addCommand(stepCommand(terminal, "pack", "mark an order as packed", packOrder))
    .addCommand(stepCommand(terminal, "unpack", "take the packing of an order back", unpackOrder))
    .addCommand(shipCommand(terminal))
    .addCommand(stepCommand(terminal, "deliver", "mark an order as delivered", deliverOrder))
    .addCommand(paidCommand(terminal))
    .addCommand(cancelCommand(terminal))
    .addCommand(refundCommand(terminal))
    .addCommand(resendCommand(terminal))
    .addCommand(returnCommand(terminal))
    .addCommand(editOrderCommand(terminal))
    .addCommand(noteCommand(terminal))
    .addCommand(tagCommand(terminal))
    .addCommand(exportOrdersCommand(terminal, "export"))
    .addCommand(resolveCommand(terminal))
    .addCommand(resolveEventCommand(terminal));

const orderId = wholeNumber(1, LARGEST_ID);

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show an order: to whom and where it goes, what is in it, and its history")
    .argument("<id>", "the order's id", orderId)
    .action((id: number) =>
      withShop(async (shop) => {
        const order = await getOrder(shop.database, id);
        print(order, orderText(order));
      }),
    );

const stepCommand = (
  { print, withShop }: Terminal,
  verb: string,
  description: string,
  step: (shop: Shop, id: number) => Promise<Order>,
) =>
  new Command(verb)
    .description(description)
    .argument("<id>", "the order's id", orderId)
    .action((id: number) =>
      withShop(async (shop) => {
        const order = await step(shop, id);
        print(order, standingText(order));
      }),
    );

interface ShipOptions {
  line?: string[];
  tracking?: string;
  carrier?: string;
}

const shipCommand = ({ print, withShop }: Terminal) =>
  new Command("ship")
    .description("mark an order, or some units of it, as shipped")
    .argument("<id>", "the order's id", orderId)
    .option("--line <product:qty...>", "only these units")
    .option("--tracking <number>", "what the carrier calls it")
    .option("--carrier <name>", "who takes it there")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset order ship 12 --carrier 'India Post' --tracking RM123456789IN\n  sanset order ship 12 --line 5:1",
    )
    .action((id: number, { line, tracking: tracking_number, carrier }: ShipOptions) =>
      withShop(async (shop) => {
        const given = validate(NewShipment, {
          lines: line && (await unitsOfOrder(shop, id, line)),
          tracking_number,
          carrier,
        });
        const order = await shipOrder(shop, id, given);
        print(order, standingText(order));
      }),
    );

const paidCommand = ({ print, withShop }: Terminal) =>
  new Command("paid")
    .description("mark an order as paid: the money came by a transfer, or over the counter")
    .argument("<id>", "the order's id", orderId)
    .option("--note <text>", "how it came, for the books")
    .addHelpText("after", "\nExample:\n  sanset order paid 12 --note 'transfer 4711'")
    .action((id: number, note: { note?: string }) =>
      withShop(async (shop) => {
        const order = await receiveMoney(shop, id, validate(NewMoneyReceipt, note));
        print(order, standingText(order));
      }),
    );

const resolveCommand = ({ print, withShop }: Terminal) =>
  new Command("resolve")
    .description("say that you have seen to a payment that sanset doctor shows")
    .argument("<id>", "the order's id", orderId)
    .requiredOption("--note <text>", "what you found and did, for the audit")
    .action((id: number, note: { note: string }) =>
      withShop(async (shop) => {
        const order = await resolvePayment(shop, id, validate(NewResolution, note));
        print(order, `Nothing about the payment of order ${id} waits for a person any more.`);
      }),
    );

const resolveEventCommand = ({ print, withShop }: Terminal) =>
  new Command("resolve-event")
    .description("say that you have seen to money that no order knows of")
    .argument("<provider>", "whose event it is, such as stripe")
    .argument("<event>", "the event's id, as sanset doctor shows it")
    .requiredOption("--note <text>", "what you found and did, for the audit")
    .action((provider: string, event_id: string, note: { note: string }) =>
      withShop(async (shop) => {
        const event = await resolveEvent(shop, { provider, event_id }, validate(NewResolution, note));
        print(event, `The event ${event_id} of ${provider} waits for nobody any more.`);
      }),
    );
