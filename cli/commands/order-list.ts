import { Command, Option } from "commander";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { LARGEST_ID } from "../../src/base/fields";
import { many } from "../../src/base/many";
import type { Page } from "../../src/base/page";
import { findProductNamed } from "../../src/catalog/catalog";
import { listOrders, sumUpOrders } from "../../src/orders/orders";
import { type Order, OrderStatus, PaymentStatus } from "../../src/orders/schema";
import type { OrderQuery, OrderTotals } from "../../src/orders/list-schema";
import { ShopError } from "../../src/base/errors";
import type { Shop } from "../../src/shop/shop";
import { amount, beginning, moment, wholeNumber } from "../arguments";
import { inPieces, pageText, type ShownPage } from "../pages";
import { printList } from "../print-list";
import { table } from "../table";
import type { Terminal } from "../terminal";

/** What a shopkeeper narrows orders by, for the commands that take some of them. */
export interface OrderFilters {
  status?: Order["status"];
  payment?: Order["payment_status"];
  paidBy?: string;
  customer?: string;
  find?: string;
  product?: string;
  code?: string;
  coupon?: string;
  tag?: string;
  flagged?: boolean;
  waitsFor?: OrderQuery["waits_for"];
  since?: string;
  until?: string;
  minTotal?: number;
  maxTotal?: number;
}

export const withOrderFilters = (command: Command) =>
  command
    .addOption(new Option("--status <status>", "only those that are this").choices(OrderStatus.options))
    .addOption(new Option("--payment <status>", "only those whose payment is this").choices(PaymentStatus.options))
    .option("--paid-by <way>", "only those that are paid in this way: cod, card, stripe …")
    .option("--user, --customer <customer>", "only those of this customer: e-mail or id")
    .option("--find <text>", "a number, e-mail, name, phone or code, whichever it is")
    .option("--product <product>", "only those with this product or a variant of it: id, slug, sku or barcode")
    .option("--sku, --code <code>", "only those with the product of this code, also where it is gone")
    .option("--coupon <code>", "only those placed with this coupon")
    .option("--tag <tag>", "only those with this tag")
    .option("--flagged", "only those whose payment waits for a person")
    .addOption(
      new Option("--waits-for <what>", "only those that wait for this").choices(["packing", "payment", "refund"]),
    )
    .option("--since <time>", "placed then or later: a day, today, yesterday or a moment", beginning)
    .option("--until <time>", "placed until then: a day means its end", moment)
    .option("--min-total <amount>", "only those of so much or more", amount)
    .option("--max-total <amount>", "only those of so much or less", amount);

/** The question that these options ask. Throws `not_found` for a customer or product that is not there. */
export async function orderQuery(shop: Shop, options: OrderFilters): Promise<OrderQuery> {
  const { status, payment, paidBy, customer, find, product, code, coupon, tag, flagged, waitsFor, since, until } =
    options;
  return {
    status,
    payment_status: payment,
    payment_method: paidBy,
    user_id: customer === undefined ? undefined : (await getUserByIdOrEmail(shop, customer)).id,
    q: find,
    product_id: product === undefined ? undefined : await productId(shop, product),
    sku: code,
    coupon,
    tag,
    flagged,
    waits_for: waitsFor,
    since,
    until,
    min_total: options.minTotal,
    max_total: options.maxTotal,
  };
}

/** What is gone from the catalog is in old orders still, and is known by its number. */
async function productId(shop: Shop, name: string): Promise<number> {
  const id = (await findProductNamed(shop, name)) ?? (/^\d{1,9}$/.test(name) ? Number(name) : undefined);
  if (id === undefined) throw new ShopError("not_found", "There is no such product; one that is gone has its --code.");
  return id;
}

interface ListOptions extends OrderFilters {
  sums?: boolean;
  follow?: boolean;
  limit: number;
  page: number;
}

export const orderListCommand = (terminal: Terminal) =>
  withOrderFilters(new Command("list").description("list orders, newest first, with what they come to"))
    .option("--sums", "only how many they are and what they come to")
    .option("--follow", "go on, and show each order as it comes, until Ctrl-C")
    .option("--limit <n>", "how many at most", wholeNumber(1, 100_000), 50)
    .option("--page <n>", "which part of them", wholeNumber(1, LARGEST_ID), 1)
    .addHelpText(
      "after",
      `
Examples:
  sanset order list --status placed --since today
  sanset order list --find asha
  sanset order list --product TEA-250 --since 2030-01-01 --until 2030-01-31
  sanset order list --payment pending --paid-by cod --min-total 1000 --sums
  sanset order list --follow`,
    )
    .action(({ sums, follow, limit, page, ...filters }: ListOptions) =>
      terminal.withShop(async (shop) => {
        const query = await orderQuery(shop, filters);
        if (sums) {
          const totals = await sumUpOrders(shop, query);
          return terminal.print(totals, sumsText(totals));
        }
        // Before the list: what is placed while it is written comes behind it.
        const [newest] = follow ? (await listOrders(shop, {}, { limit: 1, offset: 0 })).items : [];
        const shown = new Set<number>();
        const list = { shown: 0, total: 0, limit, page };
        const pieces = async function* () {
          for await (const items of inPieces((part) => listOrders(shop, query, part), list)) {
            for (const { id } of items) shown.add(id);
            yield items;
          }
        };
        await printList(terminal, pieces(), rowOf, (rows) => listText(shop, query, rows, list));
        if (follow) await followOrders(terminal, shop, query, { after: newest?.id ?? 0, shown });
      }),
    );

type Row = readonly (string | number)[];

/** What no index knows is looked for in the newest orders alone. */
const NONE_OF_THE_NEWEST =
  "None of the newest 20,000 orders fits. Older ones were not looked at: say --until, or --status, --payment, --paid-by or --customer besides.";

async function listText(shop: Shop, query: OrderQuery, rows: readonly Row[], list: ShownPage): Promise<string> {
  if (rows.length === 0 && list.isAtLeast) return NONE_OF_THE_NEWEST;
  if (rows.length === 0) return list.total === 0 ? "No order fits." : pageText(list);
  return `${table(["ID", "PLACED", "CUSTOMER", "GOODS", "STATUS", "PAYMENT", "TOTAL"], rows)}\n${pageText(list)} ${sumsText(await sumUpOrders(shop, query))}`;
}

export const sumsText = ({ orders, total, paid, discounts, currency }: OrderTotals): string =>
  `${many(orders, "order comes", "orders come")} to ${grouped(total)} ${currency}, ${grouped(paid)} of it paid${discounts > 0 ? `, after ${grouped(discounts)} off` : ""}.`;

/** Large sums as they are read: `714,570`. */
const grouped = (amount: number): string => amount.toLocaleString("en", { maximumFractionDigits: 3 });

/** Who gets an order, as far as it is known: guests say no name of their own. */
export const whoseText = ({ address, customer_name, email, user_id }: Order): string =>
  address?.full_name || customer_name || email || `customer ${user_id}`;

const rowOf = (order: Order): Row => [
  order.id,
  order.placed_at,
  whoseText(order),
  order.items.map(({ qty, name }) => `${qty} ${name}`).join(", "),
  order.status,
  order.payment_status,
  order.total_amount,
];

const LOOKED_AFTER_MS = 2_000;
const MOST_AT_ONCE = 100;

/** Orders above this id are shown, but for those that were shown already. */
interface Following {
  after: number;
  shown: Set<number>;
}

/** Shows what is placed from now on, a line each, until the program is told to stop. */
async function followOrders({ print, say, stopping }: Terminal, shop: Shop, query: OrderQuery, following: Following) {
  const stopped = stopping?.() ?? new AbortController().signal;
  say("Waiting for orders. Ctrl-C ends it.");
  while (!stopped.aborted) {
    await Promise.race([Bun.sleep(LOOKED_AFTER_MS), aborted(stopped)]);
    for (const order of await newOrders(shop, query, following)) {
      print(order, orderLine(order));
      following.shown.add(order.id);
    }
  }
}

/** The oldest first. Ids of orders that are placed at once need not be committed in their order: none is left out for a later one. */
async function newOrders(shop: Shop, query: OrderQuery, { after, shown }: Following): Promise<Order[]> {
  const found: Order[] = [];
  for (let part: Page = { limit: MOST_AT_ONCE, offset: 0 }; ;) {
    const { items, next } = await listOrders(shop, query, part);
    const fresh = items.filter(({ id }) => id > after && !shown.has(id));
    found.push(...fresh);
    if (next === undefined || fresh.length < items.length) return found.toReversed();
    part = { limit: MOST_AT_ONCE, offset: 0, after: next };
  }
}

const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener("abort", resolve));

function orderLine(order: Order): string {
  const who = whoseText(order);
  const goods = order.items.map(({ qty, name }) => `${qty} ${name}`).join(", ");
  return `${order.placed_at}  order ${order.id} of ${who}: ${order.total_amount} ${order.currency}, ${order.payment_status}. ${goods}`;
}
