import { describe, expect, jest, test } from "bun:test";
import { defer } from "../../src/jobs/deferred";
import { type Job, nextRunAfter, scheduleText } from "../../src/jobs/registry";
import { finishBackgroundWork, runJob, startBackgroundWork } from "../../src/jobs/runner";
import { listJobs } from "../../src/jobs/runs";
import { flushAll, writeBehind } from "../../src/jobs/write-behind";
import { perShop } from "../../src/shop/per-shop";
import { openShop, type Shop } from "../../src/shop/shop";
import { shopJobs } from "../../src/app";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

const never = new AbortController().signal;

const jobOf = (name: string, work: Job["work"], schedule: ReturnType<Job["schedule"]> = { everySeconds: 30 }): Job => ({
  name,
  schedule: () => schedule,
  work,
});

describe.each(engines)("jobs on $name", (engine) => {
  test("a job that ran says when, how long it took and when it comes next", async () => {
    const shop = await freshShop(engine);
    const count = jobOf("count", async () => shop.pass(2));
    expect(await listJobs(shop, [count])).toEqual([
      {
        name: "count",
        schedule: "every 30 s",
        running: false,
        last_started_at: null,
        last_duration_ms: null,
        last_failure: null,
        last_failure_at: null,
        next_at: null,
        runs: 0,
        failures: 0,
      },
    ]);
    const startedAt = shop.now();
    await runJob(shop, count, never);
    expect(await listJobs(shop, [count])).toMatchObject([
      {
        running: false,
        last_started_at: startedAt.toISOString(),
        last_duration_ms: 2_000,
        last_failure: null,
        next_at: new Date(startedAt.getTime() + 30_000).toISOString(),
        runs: 1,
        failures: 0,
      },
    ]);
  });

  test("a job that fails is logged, keeps its reason and comes again", async () => {
    const shop = await freshShop(engine);
    let breaks = true;
    const job = jobOf("count", async () => {
      if (breaks) throw new Error("The abacus is broken.");
    });
    await runJob(shop, job, never);
    const failedAt = shop.now().toISOString();
    expect(shop.logged).toMatchObject([{ level: "error", about: { job: "count" } }]);
    expect(await listJobs(shop, [job])).toMatchObject([
      { last_failure: "The abacus is broken.", last_failure_at: failedAt, runs: 1, failures: 1 },
    ]);
    breaks = false;
    shop.pass(30);
    await runJob(shop, job, never);
    expect(await listJobs(shop, [job])).toMatchObject([
      { last_failure: null, last_failure_at: failedAt, runs: 2, failures: 1 },
    ]);
  });

  test("another program, or this one started anew, knows how a job fared", async () => {
    const shop = await freshShop(engine);
    const job = jobOf("count", async () => shop.pass(1));
    const startedAt = shop.now().toISOString();
    await runJob(shop, job, never);
    expect(await listJobs(restarted(shop), [job])).toMatchObject([
      { last_started_at: startedAt, last_duration_ms: 1_000, runs: 1 },
    ]);
  });

  test("a job that comes every few seconds is written down once a minute, at once when it begins or ceases to fail, and at the end", async () => {
    const shop = await freshShop(engine);
    let breaks = false;
    const job = jobOf("count", async () => {
      if (breaks) throw new Error("no");
    });
    const written = async () => (await listJobs(restarted(shop), [job]))[0]?.runs;
    await runJob(shop, job, never);
    expect(await written()).toBe(1);
    shop.pass(59);
    await runJob(shop, job, never);
    expect(await written()).toBe(1);
    shop.pass(1);
    await runJob(shop, job, never);
    expect(await written()).toBe(3);
    breaks = true;
    await runJob(shop, job, never);
    expect(await written()).toBe(4);
    await runJob(shop, job, never);
    expect(await written()).toBe(4);
    breaks = false;
    await runJob(shop, job, never);
    expect(await written()).toBe(6);
    await runJob(shop, job, never);
    await startBackgroundWork(shop, []).stop();
    expect(await written()).toBe(7);
    expect(await listJobs(restarted(shop), [job])).toMatchObject([{ runs: 7, failures: 2 }]);
  });

  test("an admin asks for all of them over HTTP, and nobody else", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const job = shopJobs.find(({ name }) => name === "release holds");
    if (!job) throw new Error("There is no such job.");
    await runJob(shop, job, never);
    const { status, body } = await admin.get("/admin/jobs");
    expect(status).toBe(200);
    expect(body).toHaveLength(shopJobs.length);
    expect(body).toContainEqual(
      expect.objectContaining({
        name: "release holds",
        schedule: "every 30 s",
        running: false,
        runs: 1,
        last_started_at: shop.now().toISOString(),
      }),
    );
    expect((await (await newClient(shop)).get("/admin/jobs")).status).toBe(403);
  });

  test("two servers add their runs up", async () => {
    const shop = await freshShop(engine);
    const other = restarted(shop);
    const job = jobOf("count", async () => {});
    await runJob(shop, job, never);
    shop.pass(10);
    await runJob(other, job, never);
    const latest = shop.now().toISOString();
    for (const one of [shop, other, restarted(shop)]) {
      expect(await listJobs(one, [job])).toMatchObject([{ runs: 2, last_started_at: latest }]);
    }
  });

  test("a run that can't be written down is a warning, and no reason to stop", async () => {
    const shop = await freshShop(engine);
    await shop.database.transaction((tx) => tx.run("DROP TABLE job_runs"));
    await runJob(
      shop,
      jobOf("count", async () => {}),
      never,
    );
    expect(shop.logged).toMatchObject([{ level: "warn", about: { job: "count" } }]);
  });

  test("what is written behind is written once, in one transaction, and never more of it than there is room for", async () => {
    const shop = await freshShop(engine);
    const written: number[][] = [];
    const numbers = writeBehind<number>({
      what: "Numbers",
      mostWaiting: 3,
      write: async (_, items) => written.push([...items]),
    });
    for (const number of [1, 2, 3, 4]) numbers.add(shop, number);
    await flushAll(shop);
    expect(written).toEqual([[1, 2, 3]]);
    await flushAll(shop);
    expect(written).toHaveLength(1);
    numbers.add(shop, 5);
    await numbers.flush(shop);
    expect(written).toEqual([[1, 2, 3], [5]]);
  });

  test("what is written behind and can't be written is a warning that says how much it was", async () => {
    const shop = await freshShop(engine);
    const numbers = writeBehind<number>({
      what: "Numbers",
      mostWaiting: 3,
      write: (tx) => tx.run("no SQL"),
    });
    numbers.add(shop, 1);
    numbers.add(shop, 2);
    await flushAll(shop);
    expect(shop.logged).toMatchObject([
      { level: "warn", message: "Numbers could not be written down.", about: { items: 2 } },
    ]);
  });
});

describe("background work", () => {
  const [engine] = engines;

  test("a job comes at its times, is never started twice at once, and hears when the server ends", async () => {
    const shop = await freshShop(engine!);
    jest.useFakeTimers();
    let starts = 0;
    let heard = false;
    const waiting = Promise.withResolvers<void>();
    const job = jobOf("wait", async (_, stopping) => {
      starts++;
      stopping.addEventListener("abort", () => {
        heard = true;
        waiting.resolve();
      });
      await waiting.promise;
    });
    const work = startBackgroundWork(shop, [job, jobOf("off", () => Promise.reject(new Error("It is off.")), "off")]);
    jest.advanceTimersByTime(29_999);
    expect(starts).toBe(0);
    jest.advanceTimersByTime(1);
    expect(starts).toBe(1);
    expect(await listJobs(shop, [job])).toMatchObject([{ running: true }]);
    jest.advanceTimersByTime(60_000);
    expect(starts).toBe(1);
    jest.useRealTimers();
    await work.stop();
    expect(heard).toBe(true);
    expect(await listJobs(shop, [job])).toMatchObject([{ running: false, runs: 1 }]);
    expect(shop.logged).toEqual([]);
  });

  test("what requests put off until the last moment is done before the end", async () => {
    const shop = await freshShop(engine!);
    const done: string[] = [];
    const requests = Promise.withResolvers<void>();
    const stopped = startBackgroundWork(shop, []).stop(requests.promise);
    defer(shop, async () => void done.push("a mail"));
    requests.resolve();
    await stopped;
    expect(done).toEqual(["a mail"]);
  });

  test("deferred work that never ends is given up", async () => {
    const shop = await freshShop(engine!);
    defer(shop, () => new Promise(() => {}));
    await finishBackgroundWork(shop, performance.now() + 20);
    // It would hold up the end of this test too.
    shop.state.clear();
  });

  test("state belongs to one shop, and to copies of it", async () => {
    const shop = await freshShop(engine!);
    const numbersOf = perShop((): number[] => []);
    numbersOf(shop).push(1);
    // As an audited shop is one.
    const copy: Shop = { ...shop, database: { ...shop.database } };
    numbersOf(copy).push(2);
    expect(numbersOf(shop)).toEqual([1, 2]);
    expect(numbersOf(restarted(shop))).toEqual([]);
    expect(perShop((): number[] => [])(shop)).toEqual([]);
  });
});

test("a schedule says when it comes next, and how a person reads it", () => {
  const now = new Date("2030-01-01T09:00:00.000Z");
  const last = new Date("2030-01-01T08:59:50.000Z");
  expect(nextRunAfter("off", last, now)).toBeNull();
  expect(nextRunAfter({ everySeconds: 30 }, undefined, now)).toBeNull();
  expect(nextRunAfter({ everySeconds: 30 }, last, now)).toEqual(new Date("2030-01-01T09:00:20.000Z"));
  expect(nextRunAfter({ cron: "0 3 * * *" }, last, now)).toEqual(new Date("2030-01-02T03:00:00.000Z"));
  expect(scheduleText("off")).toBe("off");
  expect(scheduleText({ everySeconds: 5 })).toBe("every 5 s");
  expect(scheduleText({ cron: "0 3 * * *" })).toBe("0 3 * * * UTC");
});

/** The same database, opened by a program that has just started. */
function restarted(shop: TestShop) {
  return openShop(shop.database, shop.settings, { now: shop.now, log: shop.log });
}
