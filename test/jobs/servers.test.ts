import { describe, expect, test } from "bun:test";
import { inTurn } from "../../src/jobs/leases";
import type { Job } from "../../src/jobs/registry";
import { clusterStatus, leave, serverJobs } from "../../src/jobs/servers";
import { openShop, type Shop } from "../../src/shop/shop";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

/** Another server of the same shop: what is kept in memory is its own. */
const another = (shop: TestShop): Shop => openShop(shop.database, shop.settings, { now: shop.now, log: shop.log });

const job: Job = { name: "count", schedule: () => ({ everySeconds: 60 }), work: async () => {} };

describe.each(engines)("servers of one shop on $name", (engine) => {
  const isShared = engine.name === "postgres";

  test("do a job in turns: where a database is shared, one does it for all", async () => {
    const shop = await freshShop(engine);
    let runs = 0;
    const run = async () => void runs++;
    for (const server of [another(shop), another(shop), another(shop)]) {
      await inTurn(server, job, job.schedule(shop.settings), run);
    }
    expect(runs).toBe(isShared ? 1 : 3);
  });

  test("each do what every server does for itself, and nothing that is off is held up", async () => {
    const shop = await freshShop(engine);
    let runs = 0;
    const run = async () => void runs++;
    for (const server of [another(shop), another(shop)]) {
      await inTurn(server, { ...job, everywhere: true }, { everySeconds: 60 }, run);
    }
    expect(runs).toBe(2);
  });

  test("take a job over from one that is not heard of any more", async () => {
    const shop = await freshShop(engine);
    let runs = 0;
    const [one, two] = [another(shop), another(shop)];
    const forever = inTurn(one, job, { everySeconds: 60 }, () => new Promise<void>(() => {}));
    void forever;
    const turn = () => inTurn(two, job, { everySeconds: 60 }, async () => void runs++);
    if (isShared) {
      while ((await clusterStatus(shop)).jobs.length === 0) await Bun.sleep(5);
      await turn();
      expect(runs).toBe(0);
      await shop.database.transaction((tx) => tx.run("UPDATE job_leases SET taken = taken - 60, until = until - 60"));
    }
    await turn();
    expect(runs).toBe(1);
  });

  test("are listed with what they do, and are gone when they end", async () => {
    const shop = await freshShop(engine);
    const server = another(shop);
    await serverJobs[0]?.work(server, new AbortController().signal);
    await inTurn(server, job, { everySeconds: 60 }, async () => {});
    const status = await clusterStatus(shop);
    if (!isShared) {
      expect(status).toEqual({ servers: [], jobs: [], replicas: [] });
      return;
    }
    expect(status.servers).toMatchObject([{ process: process.pid, state: "alive" }]);
    expect(status.jobs).toMatchObject([{ job: "count", server_id: status.servers[0]?.id, running: false }]);
    const { text, answer } = await runCommand(shop, ["cluster", "status"]);
    expect(text).toContain("alive");
    expect(answer).toMatchObject({ servers: [{ state: "alive" }] });
    await shop.database.transaction((tx) => tx.run("UPDATE servers SET heard = heard - 20"));
    expect((await clusterStatus(shop)).servers).toMatchObject([{ state: "silent" }]);
    await leave(server);
    expect((await clusterStatus(shop)).servers).toEqual([]);
  });
});
