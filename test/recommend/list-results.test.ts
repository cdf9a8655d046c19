import { describe, expect, test } from "bun:test";
import { explain } from "../../src/recommend/serve/explain";
import { flushAll } from "../../src/jobs/write-behind";
import { lotOf } from "../../src/recommend/serve/model-in-service";
import { listResults } from "../../src/recommend/evaluate/list-results";
import { recommendTo } from "../../src/recommend/serve/recommend";
import { retrain } from "../../src/recommend/train/retrain";
import { insertRows } from "../../src/storage/rows";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { fair, sell, train } from "../support/fair";

const idsOf = (body: { recommendations: { product_id: number }[] }) =>
  body.recommendations.map((one) => one.product_id);

describe.each(engines)("learning from what happens, on $name", (engine) => {
  test("what a customer dismisses is not recommended to them again, but to others", async () => {
    const { shop, customers, products } = await fair(engine);
    await train(shop);
    const [one, other] = [customers[0]!, customers[2]!];
    expect(idsOf((await one.get("/recommend/me?limit=1")).body)).toEqual([products[0]!]);
    expect((await one.post("/events", { type: "dismiss", product_id: products[0] })).status).toBe(202);
    expect(idsOf((await one.get("/recommend/me?limit=50")).body)).not.toContain(products[0]!);
    expect(idsOf((await other.get("/recommend/me?limit=1")).body)).toEqual([products[2]!]);
  });

  test("a customer who does the same without end fills no table: what counts is kept, and others' stays", async () => {
    const { shop, customers, products } = await fair(engine);
    const [one, other] = [customers[0]!, customers[1]!];
    const event = (client: typeof one, type: string, at: number) =>
      client.post("/events", { type, product_id: products[at] });
    for (let count = 0; count < 5; count++) expect((await event(one, "dismiss", 0)).status).toBe(202);
    await event(other, "click", 0);
    const old = Array.from({ length: 2_000 }, (_, at) => ({
      user_id: one.id,
      product_id: products[at % 3]!,
      type: "view",
      created_at: shop.now().toISOString(),
    }));
    await shop.database.transaction((tx) => insertRows(tx, "recommend_events", old));
    for (let count = 0; count < 5; count++) expect((await event(one, "view", 4)).status).toBe(202);
    const kept = await shop.database.all<{ user_id: number; type: string; rows: number }>(
      `SELECT user_id, type, CAST(COUNT(*) AS INTEGER) AS rows FROM recommend_events GROUP BY user_id, type ORDER BY user_id, type`,
    );
    expect(kept).toEqual([
      { user_id: one.id, type: "dismiss", rows: 1 },
      { user_id: one.id, type: "view", rows: 1_905 },
      { user_id: other.id, type: "click", rows: 1 },
    ]);
    const newest = await shop.database.all("SELECT id FROM recommend_events WHERE product_id = $1", [products[4]!]);
    expect(newest).toHaveLength(5);
    for (let count = 0; count < 130; count++) expect((await one.get("/recommend/me?limit=2")).status).toBe(200);
    await other.get("/recommend/me?limit=2");
    await flushAll(shop);
    const shown = "SELECT CAST(COUNT(*) AS INTEGER) AS lists FROM recommendations_log";
    expect(await shop.database.all(shown)).toEqual([{ lists: 121 }]);
  });

  test("an event needs a customer, a product and a type that we know", async () => {
    const { shop, customers, products } = await fair(engine);
    const [one] = customers;
    expect((await one!.post("/events", { type: "click", product_id: 999_999 })).status).toBe(404);
    expect((await one!.post("/events", { type: "stare", product_id: products[0] })).status).toBe(422);
    expect((await one!.post("/events", { type: "click", product_id: products[0], user_id: 2 })).status).toBe(422);
    const anonymous = await newClient(shop).then((client) => client.post("/events", {}, { authorization: "Bearer x" }));
    expect(anonymous.status).toBe(401);
  });

  test("what was shown, clicked and bought is counted for each model and context", async () => {
    const { shop, customers, products } = await fair(engine);
    const { model_id } = await train(shop);
    for (const customer of customers.slice(0, 4)) await customer.get("/recommend/me?limit=2");
    await customers[0]!.get(`/recommend/me?limit=2&context=product&product_id=${products[4]}`);
    shop.pass(60);
    await customers[0]!.post("/events", { type: "click", product_id: products[0] });
    await customers[1]!.post("/events", { type: "click", product_id: products[0] });
    await sell(shop, customers[2]!.id, [products[2]!], -1);
    shop.pass(2 * 86_400);
    await flushAll(shop);
    const outcomes = await listResults(shop);
    expect(outcomes.find(({ context }) => context === "homepage")).toEqual({
      model_id,
      context: "homepage",
      lists: 4,
      clicked: 1,
      bought: 1,
      click_through: 0.25,
      purchase_through: 0.25,
    });
    expect(outcomes.find(({ context }) => context === "product")).toMatchObject({ lists: 1 });
    const admin = await newClient(shop, { admin: true });
    expect((await admin.get("/recommend/models")).body.outcomes).toEqual(outcomes);
  });

  test("a list takes no credit for what came before it, nor for what came more than a week after", async () => {
    const { shop, customers, products } = await fair(engine);
    await train(shop);
    const [early, last, late] = [customers[0]!, customers[2]!, customers[4]!];
    // Clicked a minute before the list was shown.
    await early.post("/events", { type: "click", product_id: products[0] });
    shop.pass(60);
    for (const customer of [early, last, late]) await recommendTo(shop, customer.id, { limit: 1 });
    await flushAll(shop);
    const week = 7 + 60 / 86_400;
    await sell(shop, last.id, [products[2]!], -week);
    await sell(shop, late.id, [products[4]!], -week - 1 / 86_400);
    shop.pass(8 * 86_400);
    expect(await listResults(shop)).toMatchObject([{ lists: 3, clicked: 0, bought: 1 }]);
  });

  test("what an admin looks at was not shown to the customer, nor what is explained", async () => {
    const { shop, customers } = await fair(engine);
    await train(shop);
    const admin = await newClient(shop, { admin: true });
    expect((await admin.get(`/recommend/${customers[0]!.id}`)).status).toBe(200);
    await explain(shop, customers[1]!.id, 5);
    expect((await customers[2]!.get(`/recommend/${customers[2]!.id}`)).status).toBe(200);
    await flushAll(shop);
    const shown = await shop.database.all("SELECT user_id FROM recommendations_log");
    expect(shown).toEqual([{ user_id: customers[2]!.id }]);
  });

  test("what was shown is forgotten after as long as the settings say; dismissals are not", async () => {
    const { shop, customers, products } = await fair(engine);
    await customers[0]!.get("/recommend/me");
    await customers[0]!.post("/events", { type: "click", product_id: products[0] });
    await customers[0]!.post("/events", { type: "dismiss", product_id: products[1] });
    await flushAll(shop);
    const count = () =>
      shop.database.first(
        `SELECT (SELECT COUNT(*) FROM recommendations_log) AS shown, (SELECT COUNT(*) FROM recommend_events) AS events`,
      );
    expect(await count()).toEqual({ shown: 1, events: 2 });
    shop.pass(91 * 86_400);
    await train(shop);
    expect(await count()).toEqual({ shown: 0, events: 1 });
  });

  test("a candidate answers its share of the customers, always the same ones, beside the model in service", async () => {
    const { shop, customers, products } = await fair(engine);
    await train(shop);
    // It knows nothing but what is in fashion: everybody has bought product 0 lately, but for customer 0.
    for (const customer of customers.slice(1)) await sell(shop, customer.id, [products[0]!]);
    const settings = { factors: 4, epochs: 10, trend_weight: 10, trend_smoothing: 1 };
    const { model_id } = await retrain(shop, { askedBy: "a test", asChallenger: true, settings });
    const roles = await shop.database.all("SELECT role FROM recommend_models ORDER BY id");
    expect(roles).toEqual([{ role: "serving" }, { role: "candidate" }]);
    const half = { ...shop, settings: { ...shop.settings, recommendCandidatePercent: 50 } };
    for (const customer of customers) await recommendTo(half, customer.id, {});
    await flushAll(shop);
    const shown = await shop.database.all<{ user_id: number; model_id: number }>(
      "SELECT user_id, model_id FROM recommendations_log",
    );
    for (const { user_id, model_id: asked } of shown) expect(asked === model_id).toBe(lotOf(user_id) < 50);
    expect(new Set(shown.map((line) => line.model_id)).size).toBe(2);
  });
});

test("lots are spread evenly and never change", () => {
  const lots = Array.from({ length: 10_000 }, (_, id) => lotOf(id + 1));
  expect(lots.filter((lot) => lot < 10).length).toBeGreaterThan(900);
  expect(lots.filter((lot) => lot < 10).length).toBeLessThan(1_100);
  expect(lotOf(1)).toBeCloseTo(61.803, 3);
});
