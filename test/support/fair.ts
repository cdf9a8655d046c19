import { priceOfGoods } from "../../src/orders/pricing";
import { insertOrdersFrom } from "../../src/orders/queries";
import { retrain } from "../../src/recommend/train/retrain";
import type { TrainingSettings } from "../../src/recommend/schema";
import type { Shop } from "../../src/shop/shop";
import { type Client, newClient } from "./client";
import type { TestEngine } from "./engines";
import { numberOf } from "./every-test";
import { stockShelf } from "./goods";
import { freshShop, START, type TestShop } from "./shop";

const HALF = 8;
const DAY_MS = 86_400_000;

export interface Fair {
  shop: TestShop;
  /** Even ones are bought by even customers, odd ones by odd customers. */
  products: number[];
  customers: Client[];
}

/** A shop with two kinds of customers, each of whom has bought all of their kind's products but one: their own number. */
export async function fair(engine: TestEngine): Promise<Fair> {
  const shop = await freshShop(engine);
  const products: number[] = [];
  for (let number = 0; number < 2 * HALF; number++) products.push((await stockShelf(shop)).id);
  const customers: Client[] = [];
  for (let number = 0; number < 2 * HALF; number++) customers.push(await newClient(shop));
  for (const [number, customer] of customers.entries()) {
    const wanted = products.filter((_, product) => product % 2 === number % 2 && product !== number);
    await sell(shop, customer.id, wanted, number);
  }
  return { shop, products, customers };
}

const quick = { factors: 4, epochs: 10, trend_weight: 0 };

/** A training that is over at once. */
export const train = (shop: Shop, settings: Partial<TrainingSettings> = {}, { force = false } = {}) =>
  retrain(shop, { askedBy: "a test", settings: { ...quick, ...settings }, force });

/** An order of these products, paid, so many days before the test's now. */
export function sell(shop: TestShop, userId: number, productIds: readonly number[], daysAgo = 0): Promise<void> {
  return sellAll(shop, [{ userId, productIds, daysAgo }]);
}

export interface Sale {
  userId: number;
  productIds: readonly number[];
  daysAgo: number;
}

export async function sellAll(shop: TestShop, sales: readonly Sale[]): Promise<void> {
  await shop.database.transaction((tx) =>
    insertOrdersFrom(
      tx,
      sales.map(({ userId, productIds, daysAgo }) => ({
        order: {
          user_id: userId,
          status: "placed",
          payment_status: "paid",
          payment_method: null,
          price: priceOfGoods(linesOf(productIds)),
          currency: "INR",
          address: null,
          metadata: {},
          source: `test:${numberOf("orders of a fair")}`,
          placed_at: new Date(START.getTime() - daysAgo * DAY_MS).toISOString(),
          delivery_eta: null,
          hold_until: null,
          coupon_code: null,
          email: null,
          email_key: null,
          shipping_method: null,
          billing_address: null,
          tax_id: null,
          customer_note: null,
          tags: [],
        },
        lines: linesOf(productIds),
      })),
    ),
  );
}

const linesOf = (productIds: readonly number[]) =>
  productIds.map((product_id) => ({ product_id, qty: 1, price_minor: 100 }));
