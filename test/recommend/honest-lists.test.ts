import { describe, expect, test } from "bun:test";
import { buyAgain } from "../../src/recommend/serve/buy-again";
import { popular, recommend } from "../../src/recommend/serve/recommend";
import { retrain } from "../../src/recommend/train/retrain";
import { newClient } from "../support/client";
import { createAccounts } from "../support/customers";
import { engines } from "../support/engines";
import { fair, type Sale, sell, sellAll, train } from "../support/fair";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const idsOf = (list: { product_id: number }[]) => list.map((one) => one.product_id);

async function popularIn(shop: TestShop, limit = 10): Promise<number[]> {
  return idsOf(await popular(shop, { limit }));
}

/** A shop of staples, which everybody buys now and then all year long, and of oddities that were sold once, and lately. */
async function staplesAndOddities(shop: TestShop) {
  const staples = [];
  const oddities = [];
  for (const name of ["milk", "flour", "rice", "oil"]) staples.push((await stockShelf(shop, { slug: name })).id);
  for (let odd = 0; odd < 5; odd++) oddities.push((await stockShelf(shop)).id);
  const customers = await createAccounts(shop, 60);
  const sales: Sale[] = staples.flatMap((staple, at) =>
    customers.slice(0, 53).map((userId, number) => ({ userId, productIds: [staple], daysAgo: 7 + number * 6 + at })),
  );
  sales.push(...oddities.map((odd, at) => ({ userId: customers[55 + at]!, productIds: [odd], daysAgo: 1 - at / 10 })));
  await sellAll(shop, sales);
  return { staples, oddities, customers };
}

describe.each(engines)("what lists of recommendations are made from, on $name", (engine) => {
  test("an order dated in the future ages nothing, and one mistyped year neither", async () => {
    const { shop, customers, products } = await fair(engine);
    await train(shop, { trend_weight: 1 });
    const before = await popularIn(shop);
    await sell(shop, customers[1]!.id, [products[0]!], -75 * 365);
    const future = await train(shop, { trend_weight: 1 });
    expect(future.data.orders).toBe(16);
    expect(await popularIn(shop)).toEqual(before);
    // Everything lies ten years back now, but for two orders whose year is mistyped.
    shop.pass(10 * 365 * 86_400);
    for (const daysAgo of [-2_000, -2_001]) await sell(shop, customers[1]!.id, [products[0]!], daysAgo);
    const mistyped = await train(shop, { trend_weight: 1 });
    expect(mistyped.data).toMatchObject({ orders: 16, newest_order_at: "2030-01-01T09:00:00.000Z" });
    expect(await popularIn(shop)).toEqual(before);
  });

  test("a shop that opens again after a long time is believed as soon as a few have bought", async () => {
    const { shop, customers, products } = await fair(engine);
    shop.pass(400 * 86_400);
    for (let order = 0; order < 10; order++) await sell(shop, customers[order]!.id, [products[3]!], -300 - order / 10);
    const { data } = await train(shop);
    expect(data.orders).toBe(26);
  });

  test("with few sales, staples are popular and not whatever was sold last", async () => {
    const shop = await freshShop(engine);
    try {
      const { staples } = await staplesAndOddities(shop);
      await retrain(shop, { askedBy: "a test" });
      expect((await popularIn(shop, 4)).toSorted((a, b) => a - b)).toEqual(staples);
    } finally {
      await shop.close();
    }
  });

  test("what was paid back in full is not popular, nor bought", async () => {
    const { shop, customers, products } = await fair(engine);
    const newcomer = await newClient(shop);
    const gift = await stockShelf(shop);
    for (const customer of customers) await sell(shop, customer.id, [gift.id]);
    await sell(shop, newcomer.id, [gift.id, products[1]!]);
    await shop.database.transaction((tx) =>
      tx.run(
        "UPDATE orders SET payment_status = 'refunded' WHERE id IN (SELECT order_id FROM order_items WHERE product_id = $1)",
        [gift.id],
      ),
    );
    const { data } = await train(shop, { trend_weight: 1 });
    expect(data.orders).toBe(16);
    expect((await popularIn(shop))[0]).not.toBe(gift.id);
    expect(await buyAgain(shop, newcomer.id, 10)).toEqual([]);
  });

  test("the most popular products are those of most customers, not of the largest order nor of one that was paid back", async () => {
    const { shop, customers, products } = await fair(engine);
    const [bulk, refunded] = [await stockShelf(shop, { stock: 5_000 }), await stockShelf(shop, { stock: 5_000 })];
    for (const { id } of [bulk, refunded]) {
      await sell(shop, customers[0]!.id, [id]);
      await shop.database.transaction((tx) =>
        tx.run("UPDATE stock SET ordered = ordered + 5000 WHERE product_id = $1", [id]),
      );
    }
    await shop.database.transaction((tx) =>
      tx.run(
        "UPDATE orders SET payment_status = 'refunded' WHERE id IN (SELECT order_id FROM order_items WHERE product_id = $1)",
        [refunded.id],
      ),
    );
    await sell(shop, customers[0]!.id, [products[3]!]);
    await train(shop);
    const visitor = await newClient(shop);
    const { body } = await visitor.get("/products?sort=popular&size=100");
    const ids = body.items.map((product: { id: number }) => product.id);
    // Eight have bought product 3, seven each of the others, one the bulk, and none what was paid back.
    expect(ids[0]).toBe(products[3]!);
    expect(ids.slice(-2)).toEqual([bulk.id, refunded.id]);
    const counted = await shop.database.first("SELECT buyers FROM stock WHERE product_id = $1", [products[3]!]);
    expect(counted).toEqual({ buyers: 8 });
  });

  test("what a customer sent back is not offered to them again, but to others", async () => {
    const { shop, customers, products } = await fair(engine);
    await train(shop);
    const [one, other] = [customers[0]!, customers[2]!];
    await sell(shop, one.id, [products[0]!]);
    await shop.database.transaction((tx) =>
      tx.run("UPDATE orders SET status = 'returned' WHERE user_id = $1 AND placed_at = $2", [
        one.id,
        "2030-01-01T09:00:00.000Z",
      ]),
    );
    const { recommendations } = await recommend(shop, one.id, { limit: 50 });
    expect(idsOf(recommendations)).not.toContain(products[0]!);
    expect(idsOf(await buyAgain(shop, one.id, 50))).not.toContain(products[0]!);
    expect(idsOf((await recommend(shop, other.id, { limit: 1 })).recommendations)).toEqual([products[2]!]);
  });

  test("no pair is shown that fewer than three customers made, however often they ordered it", async () => {
    const { shop, customers, products } = await fair(engine);
    const visitor = await newClient(shop);
    const [one, other] = [products[0]!, products[1]!];
    const together = async () => idsOf((await visitor.get(`/products/${one}/bought-together?limit=50`)).body);
    // Even and odd products never lie in one order but in these.
    for (const customer of customers.slice(0, 2)) {
      for (let order = 0; order < 5; order++) await sell(shop, customer.id, [one, other]);
    }
    await train(shop);
    expect(await together()).not.toContain(other);
    await sell(shop, customers[2]!.id, [one, other]);
    await train(shop);
    expect(await together()).toContain(other);
  });

  test("variants are learned and recommended as the product that they are variants of", async () => {
    const { shop, customers, products } = await fair(engine);
    const shirt = await stockShelf(shop, { slug: "shirt", option_names: ["Size"], stock: 0 });
    const [small, large] = [
      await stockShelf(shop, { slug: "shirt-s", parent_id: shirt.id, options: { Size: "S" } }),
      await stockShelf(shop, { slug: "shirt-l", parent_id: shirt.id, options: { Size: "L" } }),
    ];
    // All odd customers buy one or the other size, but for one of them.
    for (const [number, customer] of customers.entries()) {
      if (number % 2 === 1 && number !== 1) await sell(shop, customer.id, [number % 4 === 1 ? small.id : large.id]);
    }
    const { data } = await train(shop);
    expect(data.products).toBe(17);
    const { body } = await customers[1]!.get("/recommend/me?limit=50");
    expect(idsOf(body.recommendations)).toContain(shirt.id);
    expect(idsOf(body.recommendations)).not.toContain(small.id);
    expect(idsOf((await customers[3]!.get("/recommend/me?limit=50")).body.recommendations)).not.toContain(shirt.id);
    const together = await customers[1]!.get(`/products/${small.id}/similar?limit=3`);
    expect(together.status).toBe(200);
    expect(idsOf(together.body)).not.toContain(shirt.id);
    expect(idsOf(together.body).length).toBe(3);
    // On the page of a size there is what goes with the shirt, and neither of the two.
    const page = await customers[1]!.get(`/recommend/me?context=product&product_id=${small.id}&limit=3`);
    const seen = idsOf(page.body.recommendations);
    expect(seen).not.toContain(shirt.id);
    expect(page.body.recommendations[0].reason).toBe("Goes with shirt");
    expect(products).not.toContain(shirt.id);
  });

  test("a list holds one of a kind: other sizes of its pack come when there is nothing else", async () => {
    const { shop, customers } = await fair(engine);
    const sizes: number[] = [];
    for (const name of ["Basmati Rice 1 kg", "Basmati Rice 5kg", "BASMATI rice, 500 g", "Basmati Rice (pack of 3)"]) {
      sizes.push((await stockShelf(shop, { slug: name.replaceAll(/\W+/g, "-").toLowerCase(), name })).id);
    }
    for (const [number, customer] of customers.entries()) if (number > 2) await sell(shop, customer.id, sizes);
    await train(shop, { trend_weight: 10 });
    const list = idsOf((await customers[0]!.get("/recommend/me?limit=9")).body.recommendations);
    expect(list.filter((id) => sizes.includes(id))).toHaveLength(1);
    const all = idsOf((await customers[0]!.get("/recommend/me?limit=50")).body.recommendations);
    expect(all.filter((id) => sizes.includes(id))).toHaveLength(4);
    const best = idsOf((await customers[0]!.get("/recommend/popular?limit=4")).body);
    expect(best.filter((id) => sizes.includes(id))).toHaveLength(1);
  });

  test("what a newcomer or a guest looks at counts at once, a click more than a view", async () => {
    const { shop, products } = await fair(engine);
    await train(shop, { factors: 4 });
    const newcomer = await newClient(shop);
    const parity = async (limit: number) =>
      idsOf((await newcomer.get(`/recommend/me?limit=${limit}`)).body.recommendations).map(
        (id) => products.indexOf(id) % 2,
      );
    expect((await newcomer.post("/events", { type: "view", product_id: products[3] })).status).toBe(202);
    expect(await parity(6)).toEqual([1, 1, 1, 1, 1, 1]);
    const { body } = await newcomer.get("/recommend/me?limit=1");
    expect(body.recommendations[0].reason).toMatch(/^Because you looked at mug-/);
    // A month later it is forgotten.
    shop.pass(31 * 86_400);
    const later = await recommend(shop, newcomer.id, { limit: 1 });
    expect(later.recommendations[0]?.reason).toBe("Popular right now");
  });

  test("a guard that can't judge leaves what serves in service", async () => {
    const { shop } = await fair(engine);
    const first = await train(shop);
    const other = await train(shop, { factors: 5 });
    expect(other).toMatchObject({
      state: "kept",
      note: "There are too few customers to judge it by, so what is in service stays.",
    });
    expect(await train(shop)).toMatchObject({ state: "served" });
    expect(await shop.database.all("SELECT role FROM recommend_models WHERE id = $1", [first.model_id])).toEqual([
      { role: "retired" },
    ]);
  });
});
