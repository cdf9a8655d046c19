import { Database as Sqlite } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createBackup } from "../../src/backups/backups";
import { verifyBackup } from "../../src/backups/restore";
import { buy, expectSound, newBuyers } from "../support/buying";
import { call } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder } from "../support/program";
import { freshShop } from "../support/shop";

setDefaultTimeout(60_000);

const sqlite = engines.filter(({ name }) => name === "sqlite");

/**
 * What Litestream does to a file, by its own documents: two tables of its own, a read that it holds at all times but for the
 * moment of a checkpoint, and a short write after each, which begins the log anew. The salts of the log tell when somebody else
 * does so: then it would have to make a new snapshot.
 */
function follow(path: string) {
  const held = new Sqlite(path);
  const other = new Sqlite(path);
  for (const connection of [held, other]) {
    connection.run("PRAGMA busy_timeout = 5000");
    connection.run("PRAGMA wal_autocheckpoint = 0");
  }
  other.run("CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)");
  other.run("CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER)");
  const hold = () => {
    held.run("BEGIN");
    held.query("SELECT COUNT(*) FROM _litestream_seq").get();
  };
  const bump = "INSERT INTO _litestream_seq (id, seq) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET seq = seq + 1";
  other.run(bump);
  hold();
  return {
    salts: async () => Buffer.from(await Bun.file(`${path}-wal`).slice(16, 24).arrayBuffer()).toString("hex"),
    checkpoint() {
      held.run("COMMIT");
      const checked = other.query<{ busy: number; log: number }, []>("PRAGMA wal_checkpoint(PASSIVE)").get();
      hold();
      other.run(bump);
      other.run("BEGIN IMMEDIATE");
      other.run("INSERT INTO _litestream_lock (id) VALUES (1)");
      other.run("ROLLBACK");
      return checked;
    },
    stop() {
      held.run("COMMIT");
      held.close();
      other.close();
    },
  };
}

describe.each(sqlite)("a file on $name that another program follows, as Litestream does", (engine) => {
  test("is sold from, backed up and adds up; between two of its checkpoints nobody begins the log anew", async () => {
    const shop = await freshShop(engine, { BACKUP_TO: newFolder() });
    const mug = await stockShelf(shop, { stock: 10_000 });
    const buyers = await newBuyers(shop, 6);
    if (shop.place.address.engine !== "sqlite") throw new Error("This is of files.");
    const follower = follow(shop.place.address.path);
    const sold: number[] = [];
    for (let round = 0; round < 4; round++) {
      const before = await follower.salts();
      // More than a thousand pages: SQLite by itself would have begun the log anew.
      for (let times = 0; times < 60; times++) {
        for (const { status } of await Promise.all(buyers.map((buyer) => buy(buyer, [mug])))) sold.push(status);
      }
      expect(await follower.salts()).toBe(before);
      const checked = follower.checkpoint();
      expect(checked?.busy).toBe(0);
      expect(checked?.log).toBeGreaterThan(1_000);
    }
    expect(sold.filter((status) => status !== 201)).toEqual([]);
    expect((await call(shop, "GET", "/readyz")).body).toEqual({ status: "ready" });
    await createBackup(shop);
    expect((await verifyBackup(shop)).problems).toEqual([]);
    await expectSound(shop);
    follower.stop();
  });
});
