import { Database as Sqlite } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { openDatabase } from "../../src/storage/open";
import { newFolder, run } from "../support/program";

describe("the file of a SQLite shop", () => {
  test("is never written by the connection that only reads", async () => {
    const path = `${newFolder()}/shop.db`;
    const database = await openDatabase({ engine: "sqlite", path });
    await database.transaction((tx) => tx.run("CREATE TABLE shelf (name TEXT) STRICT"));
    const written = database.all("INSERT INTO shelf VALUES ('by a reader') RETURNING name").then(
      () => "written",
      (error: Error) => error.message,
    );
    expect(await written).not.toBe("written");
    expect(await database.all("SELECT name FROM shelf")).toEqual([]);
    await database.close();
  });

  test("has no log beside it once a command is over", async () => {
    const folder = newFolder();
    const env = { DATABASE_URL: `sqlite:///${folder}/shop.db` };
    expect((await run(["migrate", "up"], { env })).exitCode).toBe(0);
    expect((await run(["user", "list"], { env })).exitCode).toBe(0);
    expect(existsSync(`${folder}/shop.db`)).toBe(true);
    expect(existsSync(`${folder}/shop.db-wal`)).toBe(false);
  });

  test("shrinks its log again after a burst", async () => {
    const path = `${newFolder()}/shop.db`;
    const database = await openDatabase({ engine: "sqlite", path });
    await database.transaction((tx) => tx.run("CREATE TABLE shelf (name TEXT) STRICT"));
    const big = "x".repeat(1_000_000);
    await database.transaction(async (tx) => {
      for (let row = 0; row < 90; row++) await tx.run("INSERT INTO shelf VALUES ($1)", [big]);
    });
    const size = () => Bun.file(`${path}-wal`).size;
    expect(size()).toBeGreaterThan(80_000_000);
    const other = new Sqlite(path);
    other.run("PRAGMA wal_checkpoint(PASSIVE)");
    other.close();
    for (let row = 0; row < 3; row++)
      await database.transaction((tx) => tx.run("INSERT INTO shelf VALUES ($1)", ["small"]));
    expect(size()).toBeLessThan(70_000_000);
    await database.close();
  });
});
