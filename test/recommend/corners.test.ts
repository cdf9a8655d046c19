import { describe, expect, test } from "bun:test";
import { changeProduct } from "../../src/catalog/change";
import { flushAll } from "../../src/jobs/write-behind";
import { recommend, recommendTo } from "../../src/recommend/serve/recommend";
import { retrain } from "../../src/recommend/train/retrain";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { fair, sell, train } from "../support/fair";
import { stockShelf } from "../support/goods";

const idsOf = (list: { product_id: number }[]) => list.map((one) => one.product_id);

describe.each(engines)("recommending at the corners, on $name", (engine) => {
  test("a filtered list is as long as it was asked to be, however deep the last of it lies", async () => {
    const { shop, products } = await fair(engine);
    const newcomer = await newClient(shop);
    await sell(shop, newcomer.id, [products[0]!]);
    await train(shop);
    const ranked = idsOf((await recommend(shop, newcomer.id, { limit: 50 })).recommendations);
    // Two of the first, and three from the very end.
    const chosen = [...ranked.slice(0, 2), ...ranked.slice(-3)];
    for (const id of chosen) await changeProduct(shop, id, { category: "Rare" }, () => {});
    const { recommendations } = await recommend(shop, newcomer.id, { limit: 5, category: "Rare" });
    expect(idsOf(recommendations)).toEqual(chosen);
  });

  test("what is unwanted takes no place from what fills a list up", async () => {
    const { shop, products, customers } = await fair(engine);
    // Nobody has trained: best sellers fill the list, and eight of sixteen are known to the customer.
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET ordered = 100 - product_id"));
    const list = idsOf((await recommend(shop, customers[0]!.id, { limit: 9 })).recommendations);
    expect(list).toEqual([products[0]!, ...products.filter((_, number) => number % 2 === 1)]);
  });

  test("a product is never recommended on its own page", async () => {
    const { shop, products } = await fair(engine);
    const newcomer = await newClient(shop);
    const seen = { context: "product" as const, product_id: products[2]!, limit: 50 };
    expect(idsOf((await recommend(shop, newcomer.id, seen)).recommendations)).not.toContain(products[2]!);
    await train(shop);
    expect(idsOf((await recommend(shop, newcomer.id, seen)).recommendations)).not.toContain(products[2]!);
  });

  test("a reason names the purchase that had most to do with it, of a history of two tastes", async () => {
    const { shop, products } = await fair(engine);
    await changeProduct(shop, products[2]!, { name: "Even tea" }, () => {});
    await changeProduct(shop, products[3]!, { name: "Odd coffee" }, () => {});
    await train(shop, { factors_weight: 0, neighbours: "cosine" });
    const newcomer = await newClient(shop);
    await sell(shop, newcomer.id, [products[2]!, products[3]!]);
    const { recommendations } = await recommend(shop, newcomer.id, { limit: 50 });
    for (const { product_id, reason } of recommendations) {
      const named = products.indexOf(product_id) % 2 === 0 ? "Even tea" : "Odd coffee";
      expect(reason).toBe(`Because you bought ${named}`);
    }
  });

  test("what its trend lifts more than taste is said to be popular, in a customer's list too", async () => {
    const { shop, products, customers } = await fair(engine);
    for (const customer of customers.slice(1)) await sell(shop, customer.id, [products[1]!]);
    await train(shop, { trend_weight: 10, trend_smoothing: 1 });
    const { recommendations } = await recommend(shop, customers[0]!.id, { limit: 1 });
    expect(recommendations[0]).toMatchObject({ product_id: products[1]!, reason: "Popular right now" });
  });

  test("a new product has the trend of its kind", async () => {
    const { shop, products, customers } = await fair(engine);
    for (const [number, id] of products.entries()) {
      await changeProduct(shop, id, { category: number % 2 === 0 ? "Tea" : "Coffee", name: `${number}` }, () => {});
    }
    // Tea is in fashion: all have bought all of it lately.
    for (const customer of customers)
      await sell(
        shop,
        customer.id,
        products.filter((_, number) => number % 2 === 0),
      );
    const [tea, coffee] = [
      await stockShelf(shop, { slug: "new-tea", category: "Tea" }),
      await stockShelf(shop, { slug: "new-coffee", category: "Coffee" }),
    ];
    await train(shop, { trend_weight: 5, trend_smoothing: 1 });
    const visitor = await newClient(shop);
    const list = idsOf((await visitor.get("/recommend/popular?limit=50")).body);
    expect(list.indexOf(tea.id)).toBeLessThan(list.indexOf(products[1]!));
    expect(list.indexOf(coffee.id)).toBeGreaterThan(list.indexOf(products[0]!));
  });

  test("a shop that remembers nothing for 0 days writes down no list", async () => {
    const { shop, customers } = await fair(engine);
    await train(shop);
    const forgetful = { ...shop, settings: { ...shop.settings, recommendLogDays: 0 } };
    await recommendTo(forgetful, customers[0]!.id, {});
    await flushAll(shop);
    expect(await shop.database.all("SELECT id FROM recommendations_log")).toEqual([]);
    await recommendTo(shop, customers[0]!.id, {});
    await flushAll(shop);
    expect(await shop.database.all("SELECT user_id FROM recommendations_log")).toEqual([{ user_id: customers[0]!.id }]);
  });

  test("only the three newest models that are out of use can be gone back to", async () => {
    const { shop } = await fair(engine);
    for (let training = 0; training < 6; training++) await train(shop);
    const models = await shop.database.all<{ role: string; there: number }>(
      "SELECT role, CASE WHEN content IS NULL THEN 0 ELSE 1 END AS there FROM recommend_models ORDER BY id",
    );
    expect(models.map(({ role }) => role)).toEqual(["retired", "retired", "retired", "retired", "retired", "serving"]);
    expect(models.map(({ there }) => there)).toEqual([0, 0, 1, 1, 1, 1]);
  });

  test("a training that was given up meanwhile puts nothing into service", async () => {
    const { shop } = await fair(engine);
    const first = await train(shop);
    const giveUp = () =>
      shop.database.transaction((tx) =>
        tx.run("UPDATE recommend_runs SET state = 'failed', finished_at = started_at WHERE state = 'running'"),
      );
    let asked = 0;
    const late = retrain(shop, {
      askedBy: "a test",
      settings: { factors: 4, epochs: 10, trend_weight: 0 },
      // It is heard of in the middle of its steps, as from another process.
      progress: () => {
        if (asked++ === 0) void giveUp();
      },
    });
    expect(await late.catch((error: unknown) => error)).toMatchObject({ code: "conflict" });
    expect(await shop.database.all("SELECT id FROM recommend_models WHERE role = 'serving'")).toEqual([
      { id: first.model_id },
    ]);
  });

  test("a training puts its model into service at once where it is asked for, also by an admin's copy of the shop", async () => {
    const { shop, customers, products } = await fair(engine);
    await recommend(shop, customers[0]!.id, { limit: 1 });
    // An audited shop is a copy with another database object.
    await train({ ...shop, database: Object.create(shop.database) });
    const { recommendations } = await recommend(shop, customers[0]!.id, { limit: 1 });
    expect(idsOf(recommendations)).toEqual([products[0]!]);
  });
});
