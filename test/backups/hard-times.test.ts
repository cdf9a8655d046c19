import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createBackup, listBackups } from "../../src/backups/backups";
import { restoreBackup, verifyBackup } from "../../src/backups/restore";
import { openDatabase } from "../../src/storage/open";
import { buy, newBuyers } from "../support/buying";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run } from "../support/program";
import { freshShop } from "../support/shop";
import { smallDisk } from "../support/small-disk";

setDefaultTimeout(240_000);

const BACKUPS = Number(process.env["SANSET_TEST_BACKUPS"] ?? 3);

async function seeded(env: Record<string, string> = {}) {
  const cwd = newFolder();
  const where = { cwd, env: { BACKUP_TO: join(cwd, "backups"), TMPDIR: newFolder(), ...env } };
  const words = ["seed", "--products", "60", "--customers", "30", "--orders", "500"];
  expect((await run(words, where)).exitCode).toBe(0);
  return where;
}

const made = async (where: { cwd: string; env: Record<string, string> }): Promise<string[]> =>
  JSON.parse((await run(["backup", "list", "--json"], where)).out).map(({ id }: { id: string }) => id);

const withTools = engines.filter(({ name }) => name === "sqlite" || Bun.which("pg_dump") !== null);

describe.each(withTools)("a backup on $name", (engine) => {
  test(`${BACKUPS} under load: each is sound, adds up, and holds every order acknowledged before it began`, async () => {
    const shop = await freshShop(engine, { BACKUP_TO: newFolder() });
    const mug = await stockShelf(shop, { stock: 100_000 });
    const buyers = await newBuyers(shop, 6);
    const closing = new AbortController();
    const sold: number[] = [];
    const rush = buyers.map(async (buyer) => {
      while (!closing.signal.aborted) {
        const { status, body } = await buy(buyer, [mug]);
        expect(status).toBe(201);
        sold.push(body.order_id);
        // As a customer who comes back later: nobody may have more than so many open orders.
        expect((await buyer.post(`/orders/${body.order_id}/cancellation`)).status).toBe(200);
      }
    });
    const promised = new Map<string, number[]>();
    try {
      for (let at = 0; at < BACKUPS; at++) {
        const before = sold.length;
        while (sold.length < before + 5) await Bun.sleep(5);
        const acknowledged = [...sold];
        promised.set((await createBackup(shop)).id, acknowledged);
        shop.pass(1);
      }
    } finally {
      closing.abort();
      await Promise.all(rush);
    }
    expect((await listBackups(shop)).map(({ id }) => id).toSorted()).toEqual([...promised.keys()].toSorted());
    for (const [id, acknowledged] of promised) {
      expect((await verifyBackup(shop, id)).problems).toEqual([]);
      const place = await engine.newPlace();
      const settings = { ...shop.settings, databaseUrl: place.address };
      // Empty says the doctor of what was brought back.
      expect((await restoreBackup({ settings, now: shop.now }, id)).problems).toEqual([]);
      const restored = await openDatabase(place.address);
      const orders = await restored.all<{ id: number }>("SELECT id FROM orders");
      await restored.close();
      expect(new Set(orders.map((order) => order.id)).isSupersetOf(new Set(acknowledged))).toBe(true);
      await place.remove();
    }
  });
});

const postgres = engines.find(({ name }) => name === "postgres");

test.skipIf(postgres === undefined)("without pg_dump it says what to install, and lists nothing", async () => {
  const place = await postgres!.newPlace();
  if (place.address.engine !== "postgres") throw new Error("This is of PostgreSQL.");
  const where = {
    cwd: newFolder(),
    env: { DATABASE_URL: place.address.url, BACKUP_TO: newFolder(), PATH: "/nowhere" },
  };
  expect((await run(["migrate", "up"], where)).exitCode).toBe(0);
  const refused = await run(["backup", "create"], where);
  expect([refused.exitCode, refused.err]).toEqual([
    1,
    expect.stringMatching(/pg_dump is not installed here.*install postgresql-client/),
  ]);
  expect(JSON.parse((await run(["backup", "create", "--json"], where)).err)).toMatchObject({ code: "unusable" });
  expect(await made(where)).toEqual([]);
  expect(
    readdirSync(where.env.BACKUP_TO).filter((name) => existsSync(join(where.env.BACKUP_TO, name, "manifest.json"))),
  ).toEqual([]);
  if (Bun.which("pg_dump") !== null) {
    const withTool = { ...where, env: { ...where.env, PATH: process.env["PATH"] ?? "" } };
    const { id } = JSON.parse((await run(["backup", "create", "--json"], withTool)).out);
    const elsewhere = await postgres!.newPlace();
    const url = elsewhere.address.engine === "postgres" ? elsewhere.address.url : "";
    const restored = await run(["backup", "restore", id], { ...where, env: { ...where.env, DATABASE_URL: url } });
    expect([restored.exitCode, restored.err]).toEqual([1, expect.stringContaining("pg_restore is not installed here")]);
    await elsewhere.remove();
  }
  await place.remove();
});

const disk = smallDisk(4);
disk?.remove();

test.skipIf(disk === undefined)(
  "on a full disk it says so and the old one stays; with space again the next one works",
  async () => {
    const small = smallDisk(4)!;
    const where = await seeded({ BACKUP_TO: join(small.folder, "backups") });
    const [first] = [JSON.parse((await run(["backup", "create", "--json"], where)).out).id];
    small.fill();
    await Bun.sleep(1_100);
    const failed = await run(["backup", "create"], where);
    expect([failed.exitCode, failed.err]).toEqual([1, expect.stringContaining("no space left")]);
    expect(await made(where)).toEqual([first]);
    expect((await run(["backup", "verify"], where)).exitCode).toBe(0);
    small.empty();
    expect((await run(["backup", "create"], where)).exitCode).toBe(0);
    expect(await made(where)).toHaveLength(2);
    small.remove();
  },
);

const strace = Bun.which("strace");
/** A crash may come at any of these; between two of them nothing is different on the disk. */
const STEPS = "fsync,fdatasync,rename,renameat,renameat2";
const CRASHES_MOST = 40;
/** At a check some of them, in CI each. */
const STRIDE = process.env["SANSET_TEST_ENGINES"] === "all" ? 1 : 3;

test.skipIf(strace === null)(
  "a power cut at any step to the disk leaves nothing half in the list, and the next one works",
  async () => {
    const where = await seeded();
    let crashes = 0;
    for (let step = 1; step <= CRASHES_MOST; step += STRIDE) {
      const under = [strace!, "-f", "-qq", "-o", "/dev/null", "-e", `trace=${STEPS}`];
      const before = await made(where);
      const { exitCode } = await run(["backup", "create"], {
        ...where,
        under: [...under, "-e", `inject=${STEPS}:signal=SIGKILL:when=${step}`],
      });
      for (const id of (await made(where)).filter((one) => !before.includes(one))) {
        const { exitCode: verified, out } = await run(["backup", "verify", id], where);
        expect([step, verified, out]).toEqual([step, 0, expect.stringContaining("is good")]);
      }
      if (exitCode === 0) break;
      crashes++;
      await Bun.sleep(1_100);
    }
    expect(crashes).toBeGreaterThan(1);
    await Bun.sleep(1_100);
    expect((await run(["backup", "create"], where)).exitCode).toBe(0);
    expect((await run(["backup", "verify"], where)).exitCode).toBe(0);
    expect(readdirSync(where.env.TMPDIR)).toEqual([]);
  },
);
