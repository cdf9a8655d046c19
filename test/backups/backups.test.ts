import { Database as Sqlite } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chownSync, existsSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBackup, listBackups, pruneBackups } from "../../src/backups/backups";
import { restoreBackup, verifyBackup } from "../../src/backups/restore";
import { buy, expectSound, newBuyers } from "../support/buying";
import { newBuyer } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { asNobody, inContainer, newFolder, run, start, startServer } from "../support/program";
import { freshShop, SECRET } from "../support/shop";
import { startBucket } from "../support/bucket";

setDefaultTimeout(60_000);

const [sqlite] = engines;
if (!sqlite) throw new Error("There is no SQLite.");

/** A shop that backs up into a folder of its own, with an order in it. */
async function tradingShop(settings: Record<string, string> = {}) {
  const shop = await freshShop(sqlite!, { BACKUP_TO: newFolder(), ...settings });
  const mug = await stockShelf(shop, { stock: 1_000 });
  const buyer = await newBuyer(shop);
  await buy(buyer, [mug]);
  return { shop, mug, buyer };
}

const ordersIn = (path: string) => {
  const file = new Sqlite(path, { readonly: true });
  try {
    return file
      .query<{ id: number }, []>("SELECT id FROM orders ORDER BY id")
      .all()
      .map(({ id }) => id);
  } finally {
    file.close();
  }
};

describe("backups of a shop on SQLite", () => {
  test("are made while it sells, for their owner alone, and hold every order acknowledged before they began", async () => {
    const { shop, mug } = await tradingShop();
    const buyers = await newBuyers(shop, 8);
    const closing = new AbortController();
    const sold: number[] = [];
    const rush = buyers.map(async (buyer) => {
      while (!closing.signal.aborted) sold.push((await buy(buyer, [mug])).body.order_id);
    });
    while (sold.length < 10) await Bun.sleep(5);
    const before = [...sold];
    const backup = await createBackup(shop);
    closing.abort();
    await Promise.all(rush);
    const folder = `${shop.settings.backupTo}/${backup.id}`;
    for (const name of readdirSync(folder)) expect(statSync(`${folder}/${name}`).mode & 0o777).toBe(0o600);
    const { problems } = await verifyBackup(shop);
    expect(problems).toEqual([]);
    await shop.database.close();
    const { kept, problems: left } = await restoreBackup(shop, backup.id);
    expect(left).toEqual([]);
    const path = shop.settings.databaseUrl.engine === "sqlite" ? shop.settings.databaseUrl.path : "";
    expect(new Set(ordersIn(path)).isSupersetOf(new Set(before))).toBe(true);
    // What was there is kept, and has everything.
    expect(new Set(ordersIn(kept ?? "")).isSupersetOf(new Set(sold))).toBe(true);
  });

  test("bring back what was there, and leave what came after", async () => {
    const { shop, mug, buyer } = await tradingShop();
    const { id } = await createBackup(shop);
    await buy(buyer, [mug]);
    await expectSound(shop);
    await shop.database.close();
    await restoreBackup(shop, id);
    const path = shop.settings.databaseUrl.engine === "sqlite" ? shop.settings.databaseUrl.path : "";
    expect(ordersIn(path)).toHaveLength(1);
  });

  test("are not restored under a shop that runs", async () => {
    const { shop } = await tradingShop();
    const { id } = await createBackup(shop);
    const refused = await restoreBackup(shop, id).catch((error: Error) => error.message);
    expect(refused).toContain("Stop the shop");
    expect((await shop.database.all("SELECT id FROM orders")).length).toBe(1);
  });

  test("that are damaged are found, and are not restored", async () => {
    const { shop } = await tradingShop();
    const { id } = await createBackup(shop);
    const file = `${shop.settings.backupTo}/${id}/shop.db.zst`;
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect((await verifyBackup(shop, id)).problems.join()).toContain("checksum");
    await shop.database.close();
    const refused = await restoreBackup(shop, id).catch((error: Error) => error.message);
    expect(refused).toContain("Nothing was changed.");
    const path = shop.settings.databaseUrl.engine === "sqlite" ? shop.settings.databaseUrl.path : "";
    expect(ordersIn(path)).toHaveLength(1);
  });

  test("whose shop does not add up are named so", async () => {
    const { shop, mug } = await tradingShop();
    await shop.database.transaction((tx) =>
      tx.run("UPDATE stock SET on_hand = on_hand + 1 WHERE product_id = $1", [mug.id]),
    );
    await createBackup(shop);
    expect((await verifyBackup(shop)).problems.join()).toContain(`Product ${mug.id}`);
  });

  test("go when there are more than BACKUP_KEEP, the oldest first and never the last", async () => {
    const { shop } = await tradingShop({ BACKUP_KEEP: "2" });
    const ids: string[] = [];
    for (let days = 0; days < 4; days++) {
      ids.unshift((await createBackup(shop)).id);
      shop.pass(86_400);
    }
    expect((await listBackups(shop)).map(({ id }) => id)).toEqual(ids);
    expect((await pruneBackups(shop)).map(({ id }) => id)).toEqual(ids.slice(2));
    expect(readdirSync(shop.settings.backupTo ?? "").toSorted()).toEqual(ids.slice(0, 2).toSorted());
    expect(await pruneBackups(shop, 0)).toHaveLength(1);
    expect(await listBackups(shop)).toHaveLength(1);
  });

  test("one that was cut off is no backup", async () => {
    const { shop } = await tradingShop();
    const { id } = await createBackup(shop);
    const { rmSync } = await import("node:fs");
    rmSync(`${shop.settings.backupTo}/${id}/manifest.json`);
    expect(await listBackups(shop)).toEqual([]);
    expect((await runCommand(shop, ["backup", "verify"])).failed).toContain("There is no backup");
  });

  test("that are stopped or killed leave no copy of the shop behind", async () => {
    const [folder, temporary] = [newFolder(), newFolder()];
    const env = { DATABASE_URL: `sqlite:///${folder}/shop.db`, SECRET_KEY: SECRET, TMPDIR: temporary };
    await run(["seed", "--products", "60", "--orders", "30000", "--customers", "100"], { env });
    const begun = () => readdirSync(temporary).some((name) => name.startsWith("sanset-backup-"));
    const stop = async (signal: NodeJS.Signals) => {
      const child = start(["backup", "create"], { env });
      while (!begun()) await Bun.sleep(2);
      child.kill(signal);
      return { code: await child.exited, err: await new Response(child.stderr).text() };
    };
    expect(await stop("SIGINT")).toEqual({ code: 130, err: expect.stringContaining("No backup was made") });
    expect(readdirSync(temporary)).toEqual([]);
    await stop("SIGKILL");
    expect(begun()).toBe(true);
    expect((await run(["backup", "create"], { env })).exitCode).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.skipIf(inContainer() === undefined)(
    "killed in one container, it is begun anew by the next, which has another name",
    async () => {
      const [folder, temporary] = [newFolder(), newFolder()];
      const env = { DATABASE_URL: `sqlite:///${folder}/shop.db`, SECRET_KEY: SECRET, TMPDIR: temporary };
      await run(["seed", "--products", "60", "--orders", "30000", "--customers", "100"], { env });
      const making = () => readdirSync(temporary).length > 0;
      const child = start(["backup", "create"], { env, under: inContainer() ?? [] });
      while (!making() && child.exitCode === null) await Bun.sleep(2);
      // As slow as can be, until it is killed.
      const inside = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8"));
      process.kill(inside, "SIGSTOP");
      const refused = await run(["backup", "create"], { env, under: inContainer() ?? [] });
      expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("Another backup is being made")]);
      process.kill(inside, "SIGKILL");
      await child.exited;
      expect(making()).toBe(true);
      const again = await run(["backup", "create"], { env, under: inContainer() ?? [] });
      expect([again.exitCode, again.err]).toEqual([0, ""]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  test.skipIf(process.getuid?.() !== 0 || asNobody() === undefined)(
    "and all else that root does in a shop of another user are that user's, whose shop goes on",
    async () => {
      const cwd = newFolder();
      const nobody = 65_534;
      chownSync(cwd, nobody, nobody);
      // Bun keeps what it compiled in the home of whoever runs it.
      const env = { SECRET_KEY: SECRET, HOME: newFolder(), MEDIA_DIR: join(cwd, "pictures/of/products") };
      const asRoot = async (...words: string[]) => {
        const { exitCode, err, out } = await run(words, { cwd, env });
        expect([words, exitCode, err]).toEqual([words, 0, expect.any(String)]);
        return out;
      };
      await asRoot("init", "--env", "development", "--url", "http://127.0.0.1:5000");
      await asRoot("seed", "--products", "20", "--customers", "3", "--orders", "4");
      const { id } = JSON.parse(await asRoot("backup", "create", "--json"));
      await asRoot("backup", "restore", id);
      const entries = readdirSync(cwd, { recursive: true, encoding: "utf8" });
      expect(entries).toContain("data/backups");
      expect(entries.filter((entry) => statSync(join(cwd, entry)).uid !== nobody)).toEqual([]);
      const own = { cwd, env, under: asNobody() ?? [] };
      const elsewhere = newFolder();
      const refused = await run(["backup", "create"], { ...own, env: { ...env, TMPDIR: cwd, BACKUP_TO: elsewhere } });
      expect([refused.exitCode, refused.err]).toEqual([
        1,
        expect.stringContaining(`can't be written into ${elsewhere}`),
      ]);
      const made = await run(["backup", "create"], { ...own, env: { ...env, TMPDIR: cwd } });
      expect([made.exitCode, made.err]).toEqual([0, ""]);
      await (await startServer(own)).stop();
    },
  );

  test("that were cut off go with the old ones, a day later", async () => {
    const { shop } = await tradingShop();
    const { id } = await createBackup(shop);
    unlinkSync(`${shop.settings.backupTo}/${id}/manifest.json`);
    shop.pass(86_400 + 5);
    const good = await createBackup(shop);
    await pruneBackups(shop);
    expect(
      readdirSync(shop.settings.backupTo!).filter(
        (name) => readdirSync(`${shop.settings.backupTo}/${name}`).length > 0,
      ),
    ).toEqual([good.id]);
  });

  test("go into a bucket and come back from it", async () => {
    await using bucket = startBucket();
    const { shop } = await tradingShop({
      BACKUP_TO: "s3://shop-backups/nightly",
      S3_ENDPOINT: bucket.url,
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret-of-the-bucket",
    });
    const { id } = await createBackup(shop);
    expect([...bucket.objects.keys()].toSorted()).toEqual(
      ["manifest.json", "pictures.sha256", "shop.db.zst"].map((name) => `nightly/${id}/${name}`),
    );
    expect((await listBackups(shop)).map((backup) => backup.id)).toEqual([id]);
    expect((await verifyBackup(shop)).problems).toEqual([]);
    shop.pass(60);
    await createBackup(shop);
    expect((await pruneBackups(shop, 1)).map((backup) => backup.id)).toEqual([id]);
    expect(bucket.objects.size).toBe(3);
  });

  test("the commands say what they did, and a restore makes a shop where there was none", async () => {
    const folder = newFolder();
    const env = { DATABASE_URL: `sqlite:///${folder}/shop.db`, SECRET_KEY: SECRET };
    await run(["seed", "--products", "30", "--orders", "50", "--customers", "10"], { env });
    expect((await run(["backup", "list"], { env })).out).toContain("There are no backups.");
    const nowhere = { ...env, DATABASE_URL: `sqlite:///${folder}/nowhere.db` };
    expect((await run(["backup", "create"], { env: nowhere })).err).toContain("There is no shop at");
    const made = await run(["backup", "create", "--json"], { env });
    const { id } = JSON.parse(made.out);
    expect((await run(["backup", "list"], { env })).out).toContain(id);
    expect((await run(["backup", "verify"], { env })).out).toContain("is good");
    const server = await startServer({ env });
    const refused = await run(["backup", "restore", id], { env });
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("Stop the shop")]);
    await server.stop();
    const there = { ...env, DATABASE_URL: `sqlite:///${folder}/elsewhere/shop.db`, BACKUP_TO: `${folder}/backups` };
    const restored = await run(["backup", "restore", id], { env: there });
    expect([restored.exitCode, restored.err]).toEqual([0, ""]);
    expect(ordersIn(`${folder}/elsewhere/shop.db`)).toHaveLength(50);
    expect(existsSync(`${folder}/shop.db`)).toBe(true);
    expect((await run(["backup", "restore", "2001-01-01T00-00-00Z"], { env: there })).err).toContain("no backup");
  });
});

describe.skipIf(engines.length < 2 || Bun.which("pg_dump") === null)("backups of a shop on PostgreSQL", () => {
  test("are made by its own programs, and restored into an empty database", async () => {
    const [, postgres] = engines;
    const shop = await freshShop(postgres!, { BACKUP_TO: newFolder() });
    const mug = await stockShelf(shop);
    await buy(await newBuyer(shop), [mug]);
    const { id } = await createBackup(shop);
    expect((await verifyBackup(shop)).problems).toEqual([]);
    const refused = await restoreBackup(shop, id).catch((error: Error) => error.message);
    expect(refused).toContain("Stop the shop");
    const place = await postgres!.newPlace();
    const settings = { ...shop.settings, databaseUrl: place.address };
    const { problems } = await restoreBackup({ settings, now: shop.now }, id);
    expect(problems).toEqual([]);
    const again = await restoreBackup({ settings, now: shop.now }, id).catch((error: Error) => error.message);
    expect(again).toContain("is not empty");
    await place.remove();
  });

  test("of one engine are not restored into the other", async () => {
    const { shop } = await tradingShop();
    const { id } = await createBackup(shop);
    const settings = { ...shop.settings, databaseUrl: { engine: "postgres" as const, url: "postgres://127.0.0.1/x" } };
    const refused = await restoreBackup({ settings, now: shop.now }, id).catch((error: Error) => error.message);
    expect(refused).toContain("is of sqlite");
  });
});
