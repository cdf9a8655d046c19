import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import type { Listed, Page } from "../base/page";
import { minorOf } from "../base/money";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { presentOrder, type Viewer } from "./present";
import { type HeldOrder, holdOrder } from "./queries";
import type { Order, OrderQuery } from "./schema";
import { findOrder, findOrders } from "./search-queries";

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
  const { min_total, max_total, ...filter } = query;
  const currency = currencyOf(shop.settings.currency);
  const totals = {
    min_total_minor: min_total === undefined ? undefined : minorOf(min_total, currency, "min_total"),
    max_total_minor: max_total === undefined ? undefined : minorOf(max_total, currency, "max_total"),
  };
  const { items, ...listed } = await findOrders(shop.database, { ...filter, ...totals }, page);
  return { ...listed, items: items.map((order) => presentOrder(order, "shop")) };
}

export const noOrder = () => new ShopError("not_found", "There is no such order.");
