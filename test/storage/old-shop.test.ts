import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../src/app";
import { repair } from "../../src/doctor/doctor";
import { loadSettings } from "../support/settings";
import { openShop, type Shop } from "../../src/shop/shop";
import { migrate } from "../../src/storage/migrate";
import { openDatabase } from "../../src/storage/open";
import { type Client, clientOf } from "../support/client";

/** What scripts/old-shop.ts kept of a shop that a released program made. */
interface OldShop {
  now: string;
  environment: Record<string, string>;
  tokens: { access_token: string; refresh_token: string };
  admin: { access_token: string };
  checkout: object;
  key: string;
  replayed: object;
  asha: { email: string; password: string };
  answers: { who: "public" | "customer" | "admin"; path: string; answer: object }[];
}

const fixtures = join(import.meta.dir, "fixtures");

const unpacked = async (file: string) =>
  Bun.zstdDecompressSync(await Bun.file(join(fixtures, file)).bytes()) as Uint8Array<ArrayBuffer>;

describe.each(["0.1.0"])("a shop that %s made", (name) => {
  let folder: string;
  let old: OldShop;
  let shop: Shop;
  let clients: Record<"public" | "customer" | "admin", Client>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sanset-old-"));
    old = JSON.parse(new TextDecoder().decode(await unpacked(`shop-of-${name}.json.zst`))) as OldShop;
    const path = join(folder, "shop.db");
    writeFileSync(path, await unpacked(`shop-of-${name}.db.zst`));
    const settings = loadSettings({ ...old.environment, DATABASE_URL: `sqlite:///${path}` });
    const database = await openDatabase(settings.databaseUrl);
    await migrate(database);
    shop = openShop(database, settings, { now: () => new Date(old.now), log: () => {} });
    const app = createApp(shop);
    clients = {
      public: clientOf({ app }),
      customer: clientOf({ app }, old.tokens.access_token),
      admin: clientOf({ app }, old.admin.access_token),
    };
  });

  afterAll(async () => {
    await shop.database.close();
    rmSync(folder, { recursive: true });
  });

  test("answers every look as before, to whoever was signed in", async () => {
    expect(old.answers.length).toBeGreaterThan(10);
    for (const { who, path, answer } of old.answers) {
      const { status, body } = await clients[who].get(path);
      expect({ path, status, body }).toMatchObject({ path, status: 200, body: answer });
    }
  });

  test("remembers what was asked under an idempotency key", async () => {
    const again = await clients.customer.post("/orders/checkout", old.checkout, { "idempotency-key": old.key });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.body).toMatchObject(old.replayed);
  });

  test("knows its customers by their passwords and tokens", async () => {
    const { email, password } = old.asha;
    expect((await clients.public.post("/auth/login", { email, password })).status).toBe(200);
    const { refresh_token } = old.tokens;
    expect((await clients.public.post("/auth/refresh", { refresh_token })).status).toBe(200);
  });

  test("adds up, but for words that are searched otherwise now", async () => {
    expect((await repair(shop)).left).toEqual([]);
  });
});
