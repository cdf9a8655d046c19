import { SQL } from "bun";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { postgresAt, postgresServer } from "../support/engines";
import { type OwnPostgres, ownPostgres } from "../support/own-postgres";
import { type FileShop, fileShop, type Served, startServer } from "../support/served";

setDefaultTimeout(120_000);

/** How far the copy is behind: long enough to be seen, on a busy machine too. */
const BEHIND_MS = 2_000;

let primary: OwnPostgres;
let copy: OwnPostgres;
let shop: FileShop;
const servers: Served[] = [];

describe.skipIf(postgresServer === undefined)("two servers whose reads a copy of the database may answer", () => {
  beforeAll(async () => {
    primary = await ownPostgres();
    shop = await fileShop({ engine: postgresAt(primary.url), buyers: 2, stock: 100 });
    copy = await primary.standby([`recovery_min_apply_delay=${BEHIND_MS}`]);
    const replica = new URL(shop.environment["DATABASE_URL"] ?? "");
    replica.host = `127.0.0.1:${copy.port}`;
    const environment = {
      ...shop.environment,
      TRUSTED_PROXIES: "127.0.0.1",
      DATABASE_REPLICA_URL: replica.href,
      DATABASE_REPLICA_LAG_SECONDS: "60",
    };
    for (let count = 0; count < 2; count++) servers.push(await startServer({ ...shop, environment }));
    await settle();
    for (const server of [0, 1]) while ((await answeredBy(server)) !== "copy");
  });

  afterAll(async () => {
    for (const server of servers) await server.kill();
    await shop?.remove().catch(() => {});
    await primary?.remove();
  });

  test("show strangers what was so a moment ago, and whoever could have changed it what is so", async () => {
    const [buyer] = shop.buyers;
    if (!buyer) throw new Error("No buyer.");
    const token = { authorization: `Bearer ${buyer.token}` };
    await settle();
    await buy(0, "198.51.100.1");
    // By their token, on either server.
    expect(await stockFrom(0, "198.51.100.9", token)).toBe(99);
    expect(await stockFrom(1, "198.51.100.9", token)).toBe(99);
    // By where they call from, without one.
    expect(await stockFrom(0, "198.51.100.1")).toBe(99);
    expect(await stockFrom(1, "198.51.100.1", { cookie: "anything=1" })).toBe(99);
    // Nobody else can tell.
    expect(await stockFrom(0, "203.0.113.1")).toBe(100);
    expect(await stockFrom(1, "203.0.113.1")).toBe(100);
    expect(await searchFrom(1, "203.0.113.1")).toMatchObject([{ stock: 100 }]);
    await settle();
    expect(await stockFrom(1, "203.0.113.1")).toBe(99);
  });

  test("answer with the database itself where the copy stands still, is gone or is behind too far", async () => {
    copy.freeze();
    await buy(0, "198.51.100.2", 1);
    const statuses = await Promise.all(
      Array.from({ length: 6 }, (_, index) => statusOf(index % 2, `203.0.113.${index}`)),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await stockFrom(0, "203.0.113.1")).toBe(98);
    copy.thaw();
    copy.stop("immediate");
    expect(await stockFrom(1, "203.0.113.1")).toBe(98);
    copy.start();
    await settle();
    while ((await answeredBy(0)) !== "copy");
  });

  test("take no copy that has become a database of its own", async () => {
    copy.promote();
    await buy(0, "198.51.100.3", 0);
    // What was known of it is too old by then.
    await Bun.sleep(2_500);
    expect(await stockFrom(1, "203.0.113.1")).toBe(97);
  });
});

const get = (server: number, path: string, address: string, headers: Record<string, string> = {}) =>
  fetch(`${servers[server]?.url}/api/v1${path}`, { headers: { "x-forwarded-for": address, ...headers } });

async function stockFrom(server: number, address: string, headers?: Record<string, string>): Promise<number> {
  const answer = await get(server, `/products/${shop.product}`, address, headers);
  return ((await answer.json()) as { stock: number }).stock;
}

const statusOf = async (server: number, address: string) => (await get(server, "/products", address)).status;

const searchFrom = async (server: number, address: string) => (await get(server, "/search?q=mug", address)).json();

async function buy(server: number, address: string, index = 0): Promise<void> {
  const buyer = shop.buyers[index];
  const send = (method: string, path: string, body: object) =>
    fetch(`${servers[server]?.url}/api/v1${path}`, {
      method,
      headers: {
        "x-forwarded-for": address,
        authorization: `Bearer ${buyer?.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
  await send("PUT", `/cart/items/${shop.product}`, { qty: 1 });
  const answer = await send("POST", "/orders/checkout", { payment_method: "cod", address_id: buyer?.address_id });
  expect(answer.status).toBe(201);
}

/** Until the copy has everything. */
async function settle(): Promise<void> {
  const [place] = await ask(primary, "SELECT pg_current_wal_insert_lsn()::text AS place");
  const isThere = `SELECT pg_last_wal_replay_lsn() >= '${String(place?.["place"])}'::pg_lsn AS there`;
  while ((await ask(copy, isThere))[0]?.["there"] !== true) await Bun.sleep(100);
}

/** How often the shop's tables were read on the copy. */
async function copiesAsked(): Promise<number> {
  const database = new URL(shop.environment["DATABASE_URL"] ?? "").pathname;
  const [row] = await ask(copy, "SELECT COALESCE(SUM(idx_scan), 0)::int AS reads FROM pg_stat_user_tables", database);
  return Number(row?.["reads"]);
}

/** Which of the two answers a stranger now. */
async function answeredBy(server: number): Promise<"copy" | "database"> {
  const before = await copiesAsked();
  await statusOf(server, "203.0.113.7");
  // What was read is told a little later.
  await Bun.sleep(1_200);
  return (await copiesAsked()) > before ? "copy" : "database";
}

async function ask(server: OwnPostgres, sql: string, database = "/postgres"): Promise<Record<string, unknown>[]> {
  const url = new URL(server.url);
  url.pathname = database;
  const client = new SQL(url.href, { max: 1 });
  try {
    return await client.unsafe(sql);
  } finally {
    await client.close();
  }
}
