import { describe, expect, test } from "bun:test";
import { retrainInBackground } from "../../src/recommend/train/background";
import { retrain } from "../../src/recommend/train/retrain";
import { recommendJobs } from "../../src/recommend/jobs";
import { ROLES } from "../../src/recommend/train/roles";
import { holdLock } from "../../src/storage/locks";
import { loadSettings } from "../support/settings";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { fair, train } from "../support/fair";
import { freshShop } from "../support/shop";

const idsOf = (body: { recommendations: { product_id: number }[] }) =>
  body.recommendations.map((one) => one.product_id);

describe.each(engines)("training beside the server, on $name", (engine) => {
  test("an admin asks, is told where to look, and the new model serves; requests are answered meanwhile", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const begun = await admin.post("/recommend/retrain");
    expect(begun.status).toBe(202);
    const second = await admin.post("/recommend/retrain");
    expect(second.status).toBe(409);
    const place = begun.headers.get("location")?.replace("/api/v1", "") ?? "";
    let whileItRan = 0;
    for (; (await admin.get(place)).body.runs[0].state === "running"; whileItRan++) await Bun.sleep(10);
    expect(whileItRan).toBeGreaterThan(0);
    const { body } = await admin.get("/recommend/models");
    expect(body.runs[0]).toMatchObject({ id: begun.body.run_id, asked_by: `admin ${admin.id}`, state: "served" });
    expect(body.models[0]).toMatchObject({ run_id: begun.body.run_id, role: "serving" });
    expect(body.models[0].bytes).toBeGreaterThan(1_000);
  });

  test("while it runs, it says how far it is", async () => {
    const { shop } = await fair(engine);
    const admin = await newClient(shop, { admin: true });
    const newest = async () => (await admin.get("/recommend/models")).body.runs[0];
    const seen = Promise.withResolvers<void>();
    let holding: Promise<void> | undefined;
    const training = retrain(shop, {
      askedBy: "a test",
      settings: { factors: 4, epochs: 2, trend_weight: 0 },
      // It can't end before it was looked at: nobody else gives a model its role meanwhile.
      progress: (step) => {
        if (step !== "training") return;
        holding ??= shop.database.transaction(async (tx) => {
          await holdLock(tx, ROLES);
          await seen.promise;
        });
      },
    });
    while ((await newest())?.data.progress === undefined) await Bun.sleep(5);
    // Which step is told, once a second at most, is up to how fast this machine goes.
    const { state, data } = await newest();
    expect(state).toBe("running");
    expect(["reading", "training"]).toContain(data.progress.step);
    expect(data.progress.share).toBeWithin(0, 1 + Number.EPSILON);
    seen.resolve();
    await Promise.all([training, holding]);
    expect((await newest()).state).toBe("served");
    expect((await newest()).data).not.toHaveProperty("progress");
  });

  test("customers can't start one, nor see the models", async () => {
    const { customers } = await fair(engine);
    expect((await customers[0]!.post("/recommend/retrain")).status).toBe(403);
    expect((await customers[0]!.get("/recommend/models")).status).toBe(403);
  });

  test.each([0, 150, 600])("killed %i ms after it began, it leaves one whole model in service", async (ms) => {
    const { shop, customers } = await fair(engine);
    const { model_id } = await train(shop);
    const { pid, run_id, done } = await retrainInBackground(shop, "a test");
    await Promise.race([Bun.sleep(ms), done]);
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It had ended by then.
    }
    await done;
    const run = await shop.database.first<{ state: string }>("SELECT state FROM recommend_runs WHERE id = $1", [
      run_id,
    ]);
    expect(["failed", "served", "kept"]).toContain(run?.state ?? "");
    const serving = await shop.database.all<{ id: number }>("SELECT id FROM recommend_models WHERE role = 'serving'");
    expect(serving).toHaveLength(1);
    if (run?.state === "failed") expect(serving).toEqual([{ id: model_id ?? 0 }]);
    expect((await customers[3]!.get("/recommend/me?limit=1")).body).toMatchObject({ recommendations: [{}] });
    expect((await train(shop, {}, { force: true })).state).toBe("served");
  });

  test("killed in the middle, it leaves the old model in service, and the next training goes ahead", async () => {
    const { shop, customers, products } = await fair(engine);
    const { model_id } = await train(shop);
    const { pid, run_id, done } = await retrainInBackground(shop, "a test");
    process.kill(pid, "SIGKILL");
    await done;
    const run = await shop.database.first("SELECT state FROM recommend_runs WHERE id = $1", [run_id]);
    expect(run).toEqual({ state: "failed" });
    const serving = await shop.database.first("SELECT id FROM recommend_models WHERE role = 'serving'");
    expect(serving).toEqual({ id: model_id });
    expect(idsOf((await customers[3]!.get("/recommend/me?limit=1")).body)).toEqual([products[3]!]);
    expect(await train(shop)).toMatchObject({ state: "served" });
  });
});

test.each(engines)(
  "a shop on $name that has sold nothing is not trained by its schedule, and no training fails",
  async (engine) => {
    const shop = await freshShop(engine);
    for (const job of recommendJobs) await job.work(shop, new AbortController().signal);
    const { body } = await (await newClient(shop, { admin: true })).get("/recommend/models");
    expect(body.runs).toEqual([]);
  },
);

const scheduleAt = (environment: Record<string, string>) =>
  recommendJobs.map((job) => job.schedule(loadSettings(environment)));

test("the schedule is a setting, daily unless it says otherwise", () => {
  expect(scheduleAt({})).toEqual([{ cron: "0 3 * * *" }]);
  expect(scheduleAt({ RECOMMEND_SCHEDULE: "0 5 * * 1" })).toEqual([{ cron: "0 5 * * 1" }]);
  expect(scheduleAt({ RECOMMEND_SCHEDULE: "off" })).toEqual(["off"]);
  expect(() => loadSettings({ RECOMMEND_SCHEDULE: "now and then" })).toThrow("RECOMMEND_SCHEDULE is neither off nor");
});
