import { expect } from "bun:test";
import { examine } from "../../src/doctor/doctor";
import { type Answer, type Client, newBuyer } from "./client";
import type { TestShop } from "./shop";

export type Buyer = Client & { address_id: number };

/** Puts something into the cart and checks it out. */
export async function buy(
  buyer: Buyer,
  items: { id: number; qty?: number }[],
  checkout: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  for (const { id, qty = 1 } of items) await buyer.post("/cart/add", { product_id: id, qty });
  return checkOut(buyer, checkout, headers);
}

export function checkOut(
  buyer: Buyer,
  checkout: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id, ...checkout }, headers);
}

/** Several customers with an address each. */
export function newBuyers(shop: TestShop, count: number): Promise<Buyer[]> {
  return Promise.all(Array.from({ length: count }, () => newBuyer(shop)));
}

/** What lies on the shelf, by the shop's own counters. */
export async function shelfOf(shop: TestShop, productId: number): Promise<{ on_hand: number; reserved: number }> {
  const level = await shop.database.first<{ on_hand: number; reserved: number }>(
    "SELECT on_hand, reserved FROM stock WHERE product_id = $1",
    [productId],
  );
  if (!level) throw new Error("There is no such shelf.");
  return level;
}

export async function countOf(shop: TestShop, table: string): Promise<number> {
  const row = await shop.database.first<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`);
  return row?.count ?? 0;
}

/** How many answers came of each status. */
export function statusesOf(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Everything that must always hold, holds. */
export async function expectSound(shop: TestShop): Promise<void> {
  expect(await examine(shop)).toEqual([]);
}

/** So many times at once. */
export function atOnce<Result>(times: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => work(index)));
}
