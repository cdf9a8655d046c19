import { beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setPassword } from "../../src/auth/standing";
import { findAccountByEmail } from "../../src/accounts/queries";
import { importOrders, type OrdersReport } from "../../src/imports/orders/import";
import { retrain } from "../../src/recommend/train/retrain";
import { clientOf, PASSWORD } from "../support/client";
import { anyEngine } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

/** A real retailer's year of invoices. It lies beside the checkout, where it is at all. */
const FILE = join(import.meta.dir, "../../../shared/data/online-retail.csv.zst");
const there = existsSync(FILE);
if (!there) console.warn(`There is no ${FILE}: the test on a real retailer's invoices is skipped.`);

const MINUTES = 60_000;

describe.skipIf(!there).each(anyEngine)("a real retailer's year on $name", (engine) => {
  let shop: TestShop;
  let report: OrdersReport;

  beforeAll(async () => {
    shop = await freshShop(engine);
    report = await importOrders(shop, FILE, {
      stock: 1_000,
      category: "Imported",
      codes: /^\d{5}[A-Z]*$/,
    });
    await retrain(shop, { askedBy: "test" });
  }, 5 * MINUTES);

  test("every row of the file is counted by what became of it", () => {
    expect(report.rows).toEqual({
      sold: 396_337,
      cancelled: 9_288,
      no_quantity: 1_336,
      no_price: 1_185,
      not_paid: 0,
      no_customer: 132_220,
      no_product: 1_543,
      incomplete: 0,
      unreadable: 0,
    });
    expect(report.products).toEqual({ added: 3_659, already_there: 0 });
    expect(report.customers).toEqual({ added: 4_334, already_there: 0 });
    expect(report.orders).toEqual({ added: 18_402, already_there: 0 });
  });

  test("a search for white hanging heart finds it first", async () => {
    const { body } = await clientOf(shop).get("/search?q=white%20hanging%20heart");
    expect(body[0]).toMatchObject({
      name: "WHITE HANGING HEART T-LIGHT HOLDER",
      stock: 1_000,
      attributes: { code: "85123A" },
    });
  });

  test("a customer is recommended what they have not bought, in stock, with scores falling from 1 to 0", async () => {
    const customer = await signedIn(shop, "17850@imported.invalid");
    const { body } = await customer.get("/recommend/me?limit=50");
    const scores: number[] = body.recommendations.map((recommendation: { score: number }) => recommendation.score);
    expect(scores).toHaveLength(50);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(new Set(scores).size).toBeGreaterThan(25);

    const bought = await productsBoughtBy(customer);
    expect(bought.size).toBeGreaterThan(0);
    for (const { product_id } of body.recommendations) {
      expect(bought.has(product_id)).toBe(false);
      expect((await customer.get(`/products/${product_id}`)).body.stock).toBeGreaterThan(0);
    }
  });
});

async function signedIn(shop: TestShop, email: string) {
  const account = await findAccountByEmail(shop.database, email);
  await setPassword(shop, account?.id ?? 0, PASSWORD);
  const { body } = await clientOf(shop).post("/auth/login", { email, password: PASSWORD });
  return clientOf(shop, body.access_token, account?.id);
}

async function productsBoughtBy(customer: ReturnType<typeof clientOf>): Promise<Set<number>> {
  const { body: orders } = await customer.get("/orders?size=100");
  return new Set(
    orders.flatMap((order: { items: { product_id: number }[] }) => order.items.map((item) => item.product_id)),
  );
}
