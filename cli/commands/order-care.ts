import { Command } from "commander";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { addNote, changeOrder } from "../../src/orders/care";
import { takeOrder } from "../../src/orders/manual-orders";
import { NewOrder, NewOrderNote, OrderChange } from "../../src/orders/schema";
import { amount, wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { orderText, unitsOf } from "./order-text";

const orderId = wholeNumber(1, LARGEST_ID);

interface CreateOptions {
  user?: string;
  name?: string;
  email?: string;
  phone?: string;
  line: string[];
  address?: number;
  payment?: string;
  paid?: boolean;
  coupon?: string;
  discount?: number;
  method?: number;
  tag?: string[];
  note?: string;
}

export const createOrderCommand = ({ print, withShop }: Terminal) =>
  new Command("create")
    .description("take an order down, for a customer or for somebody without an account")
    .requiredOption("--line <product:qty...>", "what is bought")
    .option("--user <user>", "for this customer: e-mail or id")
    .option("--name <name>", "for somebody without an account")
    .option("--email <email>", "their e-mail")
    .option("--phone <phone>", "their phone")
    .option("--address <id>", "one of the customer's addresses", orderId)
    .option("--payment <method>", "how it is paid", "cod")
    .option("--paid", "the money is here already")
    .option("--coupon <code>", "with this coupon")
    .option("--discount <amount>", "so much off, in place of a coupon", amount)
    .option("--method <id>", "this way of delivery", orderId)
    .option("--tag <tag...>", "with these tags")
    .option("--note <text>", "for whoever packs it")
    .addHelpText("after", "\nExample:\n  sanset order create --user asha@example.com --line 5:2 --address 3")
    .action((given: CreateOptions) =>
      withShop(async (shop) => {
        const { user, name, email, phone } = given;
        const order = validate(NewOrder, {
          ...(user !== undefined && { user_id: (await getUserByIdOrEmail(shop, user)).id }),
          ...(name !== undefined && { contact: { full_name: name, email, phone } }),
          lines: given.line.map(unitsOf),
          address_id: given.address,
          payment_method: given.payment,
          paid: given.paid,
          coupon_code: given.coupon,
          discount: given.discount,
          shipping_method_id: given.method,
          tags: given.tag,
          customer_note: given.note,
        });
        const taken = await takeOrder(shop, order);
        print(taken, orderText(taken));
      }),
    );

export const noteCommand = ({ print, withShop }: Terminal) =>
  new Command("note")
    .description("write a note about an order, for the shop's own people")
    .argument("<id>", "the order's id", orderId)
    .argument("<text>", "what is to be known")
    .action((id: number, note: string) =>
      withShop(async (shop) => {
        const order = await addNote(shop, id, null, validate(NewOrderNote, { note }));
        print(order, `Order ${id} has ${order.notes.length} ${order.notes.length === 1 ? "note" : "notes"}.`);
      }),
    );

export const tagCommand = ({ print, withShop }: Terminal) =>
  new Command("tag")
    .description("say which tags an order has; without any, none")
    .argument("<id>", "the order's id", orderId)
    .argument("[tags...]", "all of them")
    .action((id: number, tags: string[]) =>
      withShop(async (shop) => {
        const order = await changeOrder(shop, id, validate(OrderChange, { tags }));
        print(
          order,
          order.tags.length > 0 ? `Order ${id} is tagged ${order.tags.join(", ")}.` : `Order ${id} has no tags.`,
        );
      }),
    );
