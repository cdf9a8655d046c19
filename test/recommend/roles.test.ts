import { describe, expect, test } from "bun:test";
import { flushAll } from "../../src/jobs/write-behind";
import { lotOf } from "../../src/recommend/serve/model-in-service";
import { recommendTo } from "../../src/recommend/serve/recommend";
import { retrain } from "../../src/recommend/train/retrain";
import { type Client, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { fair, sell, train } from "../support/fair";
import type { TestShop } from "../support/shop";

const asCandidate = (shop: TestShop) =>
  retrain(shop, {
    askedBy: "a test",
    settings: { factors: 4, epochs: 10, trend_weight: 0, recency_half_life_days: 30 },
    asChallenger: true,
    force: true,
  });

const rolesOf = async (admin: Client): Promise<Record<number, string>> =>
  Object.fromEntries(
    (await admin.get("/recommend/models")).body.models.map(({ id, role }: { id: number; role: string }) => [id, role]),
  );

const isTried = (customer: Client) => lotOf(customer.id) < 50;

const shownBy = async (shop: TestShop) => {
  await flushAll(shop);
  const row = await shop.database.first<{ model_id: number }>(
    "SELECT model_id FROM recommendations_log ORDER BY id DESC LIMIT 1",
  );
  return row?.model_id;
};

describe.each(engines)("which model serves, on $name", (engine) => {
  test("an admin goes back to the model that served before, and to the newer one again", async () => {
    const { shop, customers } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const first = (await train(shop)).model_id;
    const second = (await train(shop)).model_id;
    expect((await customers[0]!.put(`/admin/recommend/models/${first}/role`, { role: "serving" })).status).toBe(403);
    const back = await admin.put(`/admin/recommend/models/${first}/role`, { role: "serving" });
    expect([back.status, back.body.role]).toEqual([200, "serving"]);
    expect(await rolesOf(admin)).toEqual({ [first]: "serving", [second]: "retired" });
    await customers[0]!.get("/recommend/me");
    expect(await shownBy(shop)).toBe(first);
    await runCommand(shop, ["recommend", "rollback"]);
    expect(await rolesOf(admin)).toEqual({ [first]: "retired", [second]: "serving" });
    await runCommand(shop, ["recommend", "promote", first]);
    expect(await rolesOf(admin)).toEqual({ [first]: "serving", [second]: "retired" });
    await customers[0]!.get("/recommend/me");
    expect(await shownBy(shop)).toBe(first);
  });

  test("there is nothing to go back to before a second model, from what was thrown out, or without another in service", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const first = (await train(shop)).model_id;
    const { failed } = await runCommand(shop, ["recommend", "rollback"]);
    expect(failed).toContain("No model served before");
    const put = async (id: number, role: string) =>
      (await admin.put(`/admin/recommend/models/${id}/role`, { role })).body.code;
    expect(await put(999, "serving")).toBe("not_found");
    expect(await put(first, "retired")).toBe("conflict");
    expect(await put(first, "candidate")).toBe("conflict");
    expect((await admin.put(`/admin/recommend/models/${first}/role`, { role: "kept" })).status).toBe(422);
    for (let training = 0; training < 5; training++) await train(shop);
    expect(await put(first, "serving")).toBe("conflict");
  });

  test("what served last can be gone back to, however many trainings came to nothing since", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const first = (await train(shop)).model_id;
    const second = (await train(shop)).model_id;
    await shop.database.transaction((tx) =>
      tx.run("UPDATE recommend_models SET role = 'kept', served_at = NULL WHERE id NOT IN ($1, $2)", [first, second]),
    );
    for (let training = 0; training < 5; training++) {
      const { model_id } = await asCandidate(shop);
      await admin.put(`/admin/recommend/models/${model_id}/role`, { role: "retired" });
      await shop.database.transaction((tx) =>
        tx.run("UPDATE recommend_models SET role = 'kept', served_at = NULL WHERE id = $1", [model_id]),
      );
    }
    await asCandidate(shop);
    await runCommand(shop, ["recommend", "rollback"]);
    expect((await rolesOf(admin))[first]).toBe("serving");
  });

  test("a trial is compared by customers with its intervals, and its winner is promoted", async () => {
    const { shop, customers, products } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const serving = (await train(shop)).model_id;
    expect((await admin.get("/admin/recommend/trial")).body).toMatchObject({ since: null, arms: [], difference: null });
    const candidate = (await asCandidate(shop)).model_id;
    const half = { ...shop, settings: { ...shop.settings, recommendCandidatePercent: 50 } };
    shop.pass(60);
    for (const customer of customers) {
      for (let look = 0; look < 2; look++) await recommendTo(half, customer.id, { limit: 1 });
    }
    shop.pass(60);
    const tried = customers.filter(isTried);
    expect(tried.length).toBeGreaterThan(1);
    // Everybody whom the candidate serves buys what they were shown.
    for (const customer of tried)
      await sell(shop, customer.id, [products[customers.indexOf(customer)]!], -121 / 86_400);
    shop.pass(86_400);
    await flushAll(shop);
    const later = await newClient(shop, { admin: true });
    const { body } = await later.get("/admin/recommend/trial");
    expect(body.arms).toMatchObject([
      {
        model_id: serving,
        role: "serving",
        customers: customers.length - tried.length,
        lists: 2 * (customers.length - tried.length),
        purchase_through: { mean: 0, low: 0, high: 0 },
      },
      {
        model_id: candidate,
        role: "candidate",
        customers: tried.length,
        lists: 2 * tried.length,
        purchase_through: { mean: 1 },
      },
    ]);
    expect(body.difference.purchase_through).toMatchObject({ mean: 1, low: 1, high: 1 });
    expect(body.difference.click_through).toMatchObject({ mean: 0 });
    const { text } = await runCommand(shop, ["recommend", "trial"]);
    expect(text).toContain(`${candidate}`);
    await runCommand(shop, ["recommend", "promote", candidate]);
    expect(await rolesOf(later)).toEqual({ [serving]: "retired", [candidate]: "serving" });
    expect((await later.get("/admin/recommend/trial")).body.arms).toEqual([]);
  });

  test("a model that was kept is put on trial, and its trial is ended", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const first = (await train(shop)).model_id;
    const second = (await train(shop)).model_id;
    await runCommand(shop, ["recommend", "promote", first, "--candidate"]);
    expect(await rolesOf(admin)).toEqual({ [first]: "candidate", [second]: "serving" });
    await runCommand(shop, ["recommend", "retire"]);
    expect(await rolesOf(admin)).toEqual({ [first]: "retired", [second]: "serving" });
  });

  test("two admins at once leave one model in service", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const ids: number[] = [];
    for (let training = 0; training < 3; training++) ids.push((await train(shop)).model_id);
    const answers = await Promise.all(
      ids.map((id) => admin.put(`/admin/recommend/models/${id}/role`, { role: "serving" })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(Object.values(await rolesOf(admin)).filter((role) => role === "serving")).toHaveLength(1);
  });

  test("an admin is told what a customer bought and what is made of it, by id or e-mail", async () => {
    const { shop, customers, products } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    await train(shop);
    const { id } = customers[0]!;
    const { status, body } = await admin.get(`/admin/recommend/explanation?customer=${id}`);
    expect([status, body.customer.id, body.recommendations[0].product_id]).toEqual([200, id, products[0]]);
    expect(body.bought.map(({ product_id }: { product_id: number }) => product_id)).toContain(products[2]);
    expect((await admin.get("/admin/recommend/explanation?customer=nobody@example.com")).body.code).toBe("not_found");
    expect((await customers[0]!.get(`/admin/recommend/explanation?customer=${id}`)).status).toBe(403);
  });

  test("a training tells how it learned, and each contender's numbers", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    await train(shop);
    const { runs, models } = (await admin.get("/recommend/models")).body;
    const { learning } = runs[0].data;
    expect(learning).toHaveLength(11);
    expect(learning.at(-1)).toBeLessThan(learning[0]);
    expect(models[0].metrics).toMatchObject({ customers: expect.any(Number), rows: expect.any(Array) });
    expect(models[0].served_at).toBe(models[0].created_at);
  });
});
