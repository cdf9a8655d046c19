import { Command, Option } from "commander";
import { cancelOrder } from "../../src/orders/cancellation";
import { deliverOrder, packOrder, shipOrder } from "../../src/orders/fulfilment";
import { returnOrder } from "../../src/orders/returned-goods";
import { getOrder, listOrders } from "../../src/orders/orders";
import { refundOrder } from "../../src/orders/refunds";
import { resolveEvent, resolvePayment } from "../../src/orders/payment-flags";
import { NewRefund, NewResolution, type Order, OrderStatus } from "../../src/orders/schema";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { ShopError } from "../../src/base/errors";
import { validate } from "../../src/base/validate";
import type { Shop } from "../../src/shop/shop";
import { LARGEST_ID } from "../../src/base/fields";
import { wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const orderCommand = (terminal: Terminal) =>
  new Command("order")
    .description("look after orders")
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(stepCommand(terminal, "pack", "say that an order is packed", packOrder))
    .addCommand(stepCommand(terminal, "ship", "say that an order has left", shipOrder))
    .addCommand(stepCommand(terminal, "deliver", "say that an order has arrived", deliverOrder))
    .addCommand(
      stepCommand(terminal, "cancel", "cancel an order that has not left; what was paid is paid back", (shop, id) =>
        cancelOrder(shop, id, "shop"),
      ),
    )
    .addCommand(refundCommand(terminal))
    .addCommand(returnCommand(terminal))
    .addCommand(resolveCommand(terminal))
    .addCommand(resolveEventCommand(terminal));

const orderId = wholeNumber(1, LARGEST_ID);

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list")
    .description("list orders, newest first")
    .addOption(new Option("--status <status>", "only those that are this").choices(OrderStatus.options))
    .option("--user <user>", "only those of this customer: e-mail or id")
    .option("--limit <n>", "how many at most", wholeNumber(1, 100_000), 50)
    .action(({ status, user, limit }: { status?: Order["status"]; user?: string; limit: number }) =>
      withShop(async (shop) => {
        const user_id = user === undefined ? undefined : (await getUserByIdOrEmail(shop, user)).id;
        const { items: orders } = await listOrders(shop, { status, user_id }, { limit, offset: 0 });
        const rows = orders.map((order) => [
          order.id,
          order.placed_at,
          order.user_id,
          order.status,
          order.payment_status,
          `${order.total_amount} ${order.currency}`,
        ]);
        print(orders, table(["ID", "PLACED", "CUSTOMER", "STATUS", "PAYMENT", "TOTAL"], rows));
      }),
    );

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show an order with its history")
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

const refundCommand = ({ print, withShop }: Terminal) =>
  new Command("refund")
    .description("pay back all that is left of an order, an amount, or the price of some units")
    .argument("<id>", "the order's id", orderId)
    .option("--amount <amount>", "so much, such as 40.5", amountOf)
    .option("--line <product:qty...>", "so many units of a product, at what they cost")
    .option("--reason <text>", "why, for the books")
    .action((id: number, { line, ...refund }: { amount?: number; line?: string[]; reason?: string }) =>
      withShop(async (shop) => {
        const lines = line && { lines: line.map(unitsOf) };
        const order = await refundOrder(shop, id, validate(NewRefund, { ...refund, ...lines }));
        print(order, standingText(order));
      }),
    );

const returnCommand = ({ print, withShop }: Terminal) =>
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

function amountOf(text: string): number {
  if (/^\d{1,13}(\.\d{1,3})?$/.test(text)) return Number(text);
  throw new ShopError("invalid", "Give an amount such as 40 or 40.5.");
}

function unitsOf(text: string): { product_id: number; qty: number } {
  const [product_id, qty] = text.split(":").map(Number);
  if (!product_id || !qty) throw new ShopError("invalid", "Give a line as product:qty, such as 12:2.");
  return { product_id, qty };
}

function standingText({ id, status, payment_status }: Order): string {
  return `Order ${id} is ${status}, its payment ${payment_status.replace("_", " ")}.`;
}

function orderText(order: Order): string {
  return [
    standingText(order),
    table(
      ["PRODUCT", "QTY", "PRICE"],
      order.items.map((item) => [item.product_id, item.qty, item.price_at_purchase]),
    ),
    `Subtotal ${order.subtotal}, discount ${order.discount}, total ${order.total_amount} ${order.currency}`,
    table(
      ["AT", "STATUS", "PAYMENT", "CAUSE"],
      order.history.map((step) => [step.at, step.status, step.payment_status, step.cause]),
    ),
  ].join("\n");
}
