import { Command } from "commander";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { ShopError } from "../../src/base/errors";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { addNote, changeOrder } from "../../src/orders/care";
import { quoteGoods } from "../../src/orders/cart-quote";
import { takeOrder } from "../../src/orders/manual-orders";
import { NewOrder, OrderQuoteAsked } from "../../src/orders/checkout-schema";
import { NewOrderNote, OrderChange } from "../../src/orders/change-schema";
import { amount, wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { pricedUnitsOf, unitsOf } from "../units";
import { orderText } from "./order-text";

const orderId = wholeNumber(1, LARGEST_ID);

interface CreateOptions {
  user?: string;
  name?: string;
  email?: string;
  phone?: string;
  line: string[];
  address?: number;
  street?: string;
  city?: string;
  state?: string;
  pincode?: string;
  country?: string;
  payment?: string;
  paid?: boolean;
  coupon?: string;
  discount?: number;
  method?: number;
  shipping?: number;
  taxId?: string;
  tag?: string[];
  note?: string;
}

export const createOrderCommand = ({ print, withShop }: Terminal) =>
  new Command("create")
    .description("take an order down, for a customer or for somebody without an account")
    .requiredOption(
      "--line <product:qty@price...>",
      "what is bought: a product by id, slug, sku or barcode; @price where it is another than the catalog's",
    )
    .option("--user <user>", "for this customer: e-mail or id")
    .option("--name <name>", "for somebody without an account")
    .option("--email <email>", "their e-mail")
    .option("--phone <phone>", "their phone")
    .option("--address <id>", "one of the customer's addresses", orderId)
    .option("--street <line>", "where it goes, if it is no address of an account: street and house")
    .option("--city <name>", "its city")
    .option("--state <name>", "its state")
    .option("--pincode <code>", "its postal code")
    .option("--country <code>", "its country, if not the shop's own")
    .option("--payment <method>", "how it is paid", "cod")
    .option("--paid", "the money is here already")
    .option("--coupon <code>", "with this coupon")
    .option("--discount <amount>", "so much off, in place of a coupon", amount)
    .option("--method <id>", "this way of delivery", orderId)
    .option("--shipping <amount>", "what the delivery costs, if other than its way does", amount)
    .option("--tax-id <number>", "the customer's number at the tax office, for the invoice")
    .option("--tag <tag...>", "with these tags")
    .option("--note <text>", "for whoever packs it")
    .addHelpText(
      "after",
      `
Examples:
  sanset order create --user asha@example.com --line 5:2 7:1@99 --address 3
  sanset order create --name 'Asha Rao' --phone 98220 --line 5:2 \\
    --street '4 M.G. Road' --city Pune --pincode 411001`,
    )
    .action((given: CreateOptions) =>
      withShop(async (shop) => {
        const { user, name, email, phone } = given;
        const order = validate(NewOrder, {
          ...(user !== undefined && { user_id: (await getUserByIdOrEmail(shop, user)).id }),
          ...(name !== undefined && { contact: { full_name: name, email, phone } }),
          lines: await pricedUnitsOf(shop, given.line),
          address_id: given.address,
          ...(given.street !== undefined && { address: addressOf(given) }),
          payment_method: given.payment,
          paid: given.paid,
          coupon_code: given.coupon,
          discount: given.discount,
          shipping_method_id: given.method,
          shipping: given.shipping,
          tax_id: given.taxId,
          tags: given.tag,
          customer_note: given.note,
        });
        const taken = await takeOrder(shop, order);
        print(taken, orderText(taken));
      }),
    );

type Place = Pick<CreateOptions, "street" | "city" | "state" | "pincode" | "country">;

const addressOf = ({ street, city, state, pincode, country }: Place) => ({
  label: "delivery",
  address_line: street,
  city,
  state,
  pincode,
  country,
});

interface EditOptions extends Place {
  name?: string;
  phone?: string;
  email?: string;
  tracking?: string;
  carrier?: string;
}

export const editOrderCommand = ({ print, withShop }: Terminal) =>
  new Command("edit")
    .description("put right where an order goes, whom it is written to, or how its parcel is followed")
    .argument("<id>", "the order's id", orderId)
    .option("--street <line>", "where it goes, as long as it has not left: street and house")
    .option("--city <name>", "its city")
    .option("--state <name>", "its state")
    .option("--pincode <code>", "its postal code")
    .option("--country <code>", "its country, if not the shop's own")
    .option("--name <name>", "who gets it there")
    .option("--phone <phone>", "their phone")
    .option("--email <email>", "where mail about it goes")
    .option("--tracking <number>", "what the carrier calls the latest parcel")
    .option("--carrier <name>", "who takes it there")
    .addHelpText(
      "after",
      `
An address is given whole. What was charged for delivery and tax stays.

Examples:
  sanset order edit 12 --email asha@example.com
  sanset order edit 12 --street '4 M.G. Road' --city Pune --pincode 411001
  sanset order edit 12 --tracking RM123456789IN`,
    )
    .action((id: number, { name: full_name, phone, email, tracking, carrier, ...place }: EditOptions) =>
      withShop(async (shop) => {
        const asked = { ...addressOf(place), full_name, phone };
        const { label: _, ...said } = asked;
        const change = {
          ...(Object.values(said).some((word) => word !== undefined) && { address: asked }),
          ...(email !== undefined && { email }),
          ...(tracking !== undefined && { tracking_number: tracking }),
          ...(carrier !== undefined && { carrier }),
        };
        if (Object.keys(change).length === 0) {
          throw new ShopError("invalid", "Say what to change, such as --email: see sanset order edit --help.");
        }
        const order = await changeOrder(shop, id, validate(OrderChange, change));
        print(order, orderText(order));
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

interface QuoteOptions {
  user: string;
  country?: string;
  state?: string;
  pincode?: string;
  coupon?: string;
  method?: number;
}

export const quoteCommand = ({ print, withShop }: Terminal) =>
  new Command("quote")
    .description("show what goods would come to at a place: delivery, taxes, a coupon; nothing is written")
    .argument("<lines...>", "products and how many of each, such as 3:2 5:1")
    .requiredOption("--user <user>", "for whom, by e-mail or id: what a coupon allows each customer counts")
    .option("--country <code>", "where to, such as IN")
    .option("--state <state>", "which state of it")
    .option("--pincode <pincode>", "which pincode")
    .option("--coupon <code>", "with this coupon")
    .option("--method <id>", "this way of delivery; the cheapest without it", orderId)
    .addHelpText("after", "\nExample:\n  sanset order quote 3:2 5:1 --user asha@example.com --pincode 411001")
    .action((lines: string[], { user, coupon, method, ...place }: QuoteOptions) =>
      withShop(async (shop) => {
        const asked = validate(OrderQuoteAsked, {
          ...place,
          lines: (await unitsOf(shop, lines)).map(({ product_id, qty }) => `${product_id}:${qty}`).join(","),
          ...(coupon !== undefined && { coupon_code: coupon }),
          ...(method !== undefined && { shipping_method_id: String(method) }),
        });
        const { id } = await getUserByIdOrEmail(shop, user);
        const quoted = await quoteGoods(shop, id, asked);
        const rows = [
          ["Goods", quoted.subtotal],
          ["Discount", -quoted.discount],
          ["Delivery", quoted.shipping],
          ...quoted.taxes.map(({ name, tax }) => [name, tax]),
          ["Total", quoted.total],
        ];
        print(quoted, table(["WHAT", quoted.currency], rows));
      }),
    );
