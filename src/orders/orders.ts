import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import type { Listed, Page } from "../base/page";
import { minorOf, toMajor } from "../base/money";
import { couponKey } from "../coupons/coupons";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { presentOrder, type Viewer } from "./present";
import { type HeldOrder, holdOrder } from "./queries";
import type { Order } from "./schema";
import type { NewestOrderTotals, OrderQuery, OrderTotals } from "./list-schema";
import type { OrderFilter } from "./condition-queries";
import { allOrders, findOrder, findOrders } from "./search-queries";
import { type OrderSums, sumNewestOrders, sumOrders } from "./sum-queries";

/** Any customer's order, as the shop sees it. Throws `not_found`. */
export const getOrder = (reader: Reader, id: number): Promise<Order> => read(reader, id, "shop");

/** An order as its customer sees it. Throws `not_found`, also for another's. */
export const getOwnOrder = (reader: Reader, id: number, owner: number): Promise<Order> =>
  read(reader, id, "customer", owner);

async function read(reader: Reader, id: number, viewer: Viewer, owner?: number): Promise<Order> {
  const order = await findOrder(reader, id);
  if (!order || (owner !== undefined && order.user_id !== owner)) throw noOrder();
  return presentOrder(order, viewer);
}

/** An order that is to be changed: nobody else changes it until this transaction ends. Throws `not_found`. */
export async function getHeldOrder(tx: Transaction, id: number, owner?: number): Promise<HeldOrder> {
  const order = await holdOrder(tx, id);
  if (!order || (owner !== undefined && order.user_id !== owner)) throw noOrder();
  return order;
}

/** A customer's own orders, newest first. */
export async function listOwnOrders(shop: Shop, userId: number, page: Page): Promise<Listed<Order>> {
  const { items, ...listed } = await findOrders(shop.database, { user_id: userId }, page);
  return { ...listed, items: items.map((order) => presentOrder(order, "customer")) };
}

/** The orders that fit, newest first. */
export async function listOrders(shop: Shop, query: OrderQuery, page: Page): Promise<Listed<Order>> {
  const { items, ...listed } = await findOrders(shop.database, filterOf(shop, query), page);
  return { ...listed, items: items.map((order) => presentOrder(order, "shop")) };
}

/** Every order that fits, the newest first, some at a time: where none may be missed, as in a recall, and no caller waits. */
export async function* walkOrders(shop: Shop, query: OrderQuery): AsyncGenerator<Order[]> {
  for await (const some of allOrders(shop.database, filterOf(shop, query))) {
    yield some.map((order) => presentOrder(order, "shop"));
  }
}

/** How many orders fit, what they come to, and what of that is paid. */
export async function sumUpOrders(shop: Shop, query: OrderQuery): Promise<OrderTotals> {
  return presentSums(shop, await sumOrders(shop.database, filterOf(shop, query), shop.settings.currency));
}

/** The same for a server: of the newest 20,000 that fit, and `more` where older ones may. */
export async function sumUpNewestOrders(shop: Shop, query: OrderQuery): Promise<NewestOrderTotals> {
  const { more, ...sums } = await sumNewestOrders(shop.database, filterOf(shop, query), shop.settings.currency);
  return { ...presentSums(shop, sums), more };
}

function presentSums({ settings }: Shop, { orders, total_minor, paid_minor, discount_minor }: OrderSums): OrderTotals {
  const currency = currencyOf(settings.currency);
  return {
    orders,
    total: toMajor(total_minor, currency),
    paid: toMajor(paid_minor, currency),
    discounts: toMajor(discount_minor, currency),
    currency: settings.currency,
  };
}

function filterOf({ settings }: Shop, { min_total, max_total, coupon, ...filter }: OrderQuery): OrderFilter {
  const currency = currencyOf(settings.currency);
  return {
    ...filter,
    coupon: coupon === undefined ? undefined : couponKey(coupon),
    min_total_minor: min_total === undefined ? undefined : minorOf(min_total, currency, "min_total"),
    max_total_minor: max_total === undefined ? undefined : minorOf(max_total, currency, "max_total"),
  };
}

export const noOrder = () => new ShopError("not_found", "There is no such order.");
