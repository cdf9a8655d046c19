import { ShopError } from "../base/errors";
import type { Listed, Page } from "../base/page";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { presentOrder } from "./present";
import { findOrder, findOrders, type HeldOrder, holdOrder, type OrderFilter } from "./queries";
import type { Order } from "./schema";

/** Any customer's order, or with `owner` that customer's only. Throws `not_found`. */
export async function getOrder(reader: Reader, id: number, owner?: number): Promise<Order> {
  const order = await findOrder(reader, id);
  if (!order || (owner !== undefined && order.user_id !== owner)) throw noOrder();
  return presentOrder(order);
}

/** The same for a change of the order: nobody else changes it until this transaction ends. Throws `not_found`. */
export async function getHeldOrder(tx: Transaction, id: number, owner?: number): Promise<HeldOrder> {
  const order = await holdOrder(tx, id);
  if (!order || (owner !== undefined && order.user_id !== owner)) throw noOrder();
  return order;
}

/** Newest first. */
export async function listOrders(shop: Shop, filter: OrderFilter, page: Page): Promise<Listed<Order>> {
  const { items, total } = await findOrders(shop.database, filter, page);
  return { items: items.map(presentOrder), total };
}

const noOrder = () => new ShopError("not_found", "There is no such order.");
