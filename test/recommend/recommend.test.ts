import { describe, expect, test } from "bun:test";
import { addToCart } from "../../src/carts/carts";
import { removeProduct } from "../../src/catalog/removal";
import { openShop } from "../../src/shop/shop";
import { setFreeStock } from "../../src/stock/stock";
import { openDatabase } from "../../src/storage/open";
import { type Client, newClient } from "../support/client";
import { engines } from "../support/engines";
import { fair, sell, train } from "../support/fair";
import { stockShelf } from "../support/goods";
import { freshShop, START, type TestShop } from "../support/shop";

async function setStock(shop: TestShop, id: number, free: number) {
  await shop.database.transaction((tx) => setFreeStock(tx, id, free, { now: START.toISOString(), lowAt: 0 }));
}

/** What a promise was refused with; undefined when it was not. */
const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const rising = (a: number, b: number) => a - b;
const idsOf = (body: { recommendations: { product_id: number }[] }) =>
  body.recommendations.map((one) => one.product_id);

describe.each(engines)("recommendations on $name", (engine) => {
  test("each customer is offered first what others of their taste have bought and they have not", async () => {
    const { shop, products, customers } = await fair(engine);
    const report = await train(shop);
    expect(report).toMatchObject({
      state: "served",
      data: { orders: 16, customers: 16, products: 16, purchases: 112, newest_order_at: START.toISOString() },
    });
    for (const [number, customer] of customers.entries()) {
      const { status, body } = await customer.get("/recommend/me?limit=5");
      expect(status).toBe(200);
      expect(body.user_id).toBe(customer.id);
      expect(idsOf(body)[0]).toBe(products[number]);
      const scores = body.recommendations.map((one: { score: number }) => one.score);
      expect(scores).toHaveLength(5);
      expect(scores.every((score: number) => score >= 0 && score <= 1)).toBe(true);
      expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
    }
  });

  test("nobody is offered what they have bought, have in the cart, or can't buy", async () => {
    const { shop, products, customers } = await fair(engine);
    await train(shop);
    const [customer] = customers as [Client];
    const [own, inCart, soldOut, deleted] = [products[0]!, products[1]!, products[3]!, products[5]!];
    expect(idsOf((await customer.get("/recommend/me?limit=50")).body)).toContain(own);
    await addToCart(shop, customer.id, { product_id: inCart, qty: 1 });
    await setStock(shop, soldOut, 0);
    await removeProduct(shop, deleted, () => {});
    const offered = idsOf((await customer.get("/recommend/me?limit=50")).body);
    expect(offered.toSorted(rising)).toEqual(
      [own, products[7]!, products[9]!, products[11]!, products[13]!, products[15]!].toSorted(rising),
    );
    expect(new Set(offered).size).toBe(offered.length);
  });

  test("a newcomer's first purchase counts at once, without a training", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    const newcomer = await newClient(shop);
    expect(idsOf((await newcomer.get("/recommend/me")).body)).toHaveLength(10);
    await sell(shop, newcomer.id, [products[2]!, products[4]!]);
    const offered = idsOf((await newcomer.get("/recommend/me?limit=6")).body);
    expect(offered.toSorted(rising)).toEqual([0, 6, 8, 10, 12, 14].map((number) => products[number]!).toSorted(rising));
  });

  test("the cart and the product on the page decide in their contexts", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    const newcomer = await newClient(shop);
    const seen = await newcomer.get(`/recommend/me?context=product&product_id=${products[3]}&limit=4`);
    expect(idsOf(seen.body).map((id) => products.indexOf(id) % 2)).toEqual([1, 1, 1, 1]);
    await addToCart(shop, newcomer.id, { product_id: products[2]!, qty: 3 });
    const cart = await newcomer.get("/recommend/me?context=cart&limit=4");
    expect(idsOf(cart.body).map((id) => products.indexOf(id) % 2)).toEqual([0, 0, 0, 0]);
    expect(idsOf(cart.body)).not.toContain(products[2]!);
  });

  test("before the first training everybody is offered what sells best", async () => {
    const { shop, products, customers } = await fair(engine);
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET ordered = product_id * 10"));
    const { body } = await (customers[0] as Client).get("/recommend/me?limit=3");
    expect(idsOf(body)).toEqual([15, 13, 11].map((number) => products[number]!));
    expect(body.recommendations[0].score).toBeGreaterThan(body.recommendations[2].score);
  });

  test("a new model goes into service without a restart, in another process too", async () => {
    const { shop, customers, products } = await fair(engine);
    const elsewhere = openShop(await openDatabase(shop.place.address), shop.settings, { now: shop.now });
    try {
      const first = await train(shop);
      const before = idsOf((await (customers[1] as Client).get("/recommend/me?limit=1")).body);
      expect(before).toEqual([products[1]!]);
      // Every odd customer now buys product 1, and everybody product 0 but customer 1.
      for (const [number, customer] of customers.entries())
        if (number !== 1) await sell(shop, customer.id, [products[0]!]);
      const second = await train(elsewhere, { trend_weight: 10 }, { force: true });
      expect(second.model_id).toBeGreaterThan(first.model_id);
      await Bun.sleep(600);
      expect(idsOf((await (customers[1] as Client).get("/recommend/me?limit=1")).body)).toEqual([products[0]!]);
    } finally {
      await elsewhere.database.close();
    }
  });

  test("only one training runs at a time, and one that was killed does not hold up the next for ever", async () => {
    const { shop } = await fair(engine);
    const results = await Promise.allSettled([train(shop), train(shop)]);
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ code: "conflict" });
    await shop.database.transaction((tx) =>
      tx.run("UPDATE recommend_runs SET state = 'running', finished_at = NULL WHERE state = 'served'"),
    );
    expect(await refusalOf(train(shop))).toMatchObject({ code: "conflict" });
    shop.pass(600);
    expect(await train(shop)).toMatchObject({ state: "served" });
  });

  test("a shop without orders can't train, says so, and goes on serving", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const customer = await newClient(shop);
    expect(await refusalOf(train(shop))).toMatchObject({
      code: "conflict",
      message: "There are no orders to learn from yet.",
    });
    await sell(shop, customer.id, [mug.id], 0);
    await shop.database.transaction((tx) => tx.run("UPDATE orders SET status = 'cancelled'"));
    expect(await refusalOf(train(shop))).toMatchObject({ code: "conflict" });
    // What was cancelled was not bought.
    expect(idsOf((await customer.get("/recommend/me")).body)).toEqual([mug.id]);
  });

  test("a customer's recommendations are their own and the admins' to see", async () => {
    const { shop, customers } = await fair(engine);
    const [one, other] = customers as [Client, Client];
    const admin = await newClient(shop, { admin: true });
    expect((await one.get(`/recommend/${one.id}`)).status).toBe(200);
    expect((await one.get(`/recommend/${other.id}`)).status).toBe(403);
    expect((await admin.get(`/recommend/${other.id}`)).body.user_id).toBe(other.id);
    expect((await admin.get("/recommend/999999")).status).toBe(404);
    expect((await one.get("/recommend")).body).toEqual((await one.get("/recommend/me")).body);
    for (const wrong of ["limit=0", "limit=51", "context=cellar", "product_id=x", "colour=red"]) {
      expect((await one.get(`/recommend/me?${wrong}`)).status).toBe(422);
    }
  });
});
