import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Database as Connection } from "bun:sqlite";
import { Glob } from "bun";
import { join } from "node:path";
import { createApp, shopJobs } from "../../src/app";
import { demoSize, seedShop } from "../../src/demo/seed";
import { API } from "../../src/base/api";
import { routeTable } from "../../src/http/declared";
import { issueInvoice } from "../../src/invoices/invoices";
import { personalData } from "../../src/privacy/personal-data";
import { erasePersonById, exportPerson } from "../../src/privacy/privacy";
import { forgetOldRecords } from "../../src/recommend/evaluate/list-results";
import { openShop } from "../../src/shop/shop";
import type { Database, Reader, Transaction, Value } from "../../src/storage/database";
import { call, type Client, clientOf, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { migratedFile } from "../support/migrated";
import { readsOf, READS_OF_NOTHING, type Subjects } from "../support/reads";
import { freshShop, type TestShop } from "../support/shop";

/**
 * Tables that grow with the shop. The others hold what a person wrote down, or a row for each job or word of a setting;
 * `sold_out` is gone through only where it was counted to be short.
 */
const GROWING = new Set([
  "products",
  "product_attributes",
  "former_codes",
  "product_orders",
  "stock",
  "stock_moves",
  "users",
  "addresses",
  "sessions",
  "refresh_tokens",
  "known_places",
  "carts",
  "cart_items",
  "orders",
  "order_items",
  "order_history",
  "payments",
  "refunds",
  "refund_lines",
  "payment_events",
  "coupon_uses",
  "idempotency_keys",
  "audit",
  "recommendations_log",
  "recommend_events",
  "search_misses",
  "search_words",
  "outbox",
  "deliveries",
  "delivery_attempts",
  "invoices",
  "shipments",
  "unit_moves",
  "order_notes",
  "order_links",
  "product_images",
  "returns",
  "return_lines",
  "disputes",
  "tries",
]);

/** Statements that go through a whole table, by a piece of their text, and why they may. */
const EXCEPTIONS: Record<string, string> = {
  "SELECT id, word FROM search_words WHERE id > $1": "each server reads every word once, and then what is new",
  "(SELECT MIN(p.price_minor)": "the two ends of the index by price",
  "SELECT MIN(next_at) AS at FROM deliveries": "the beginning of an index",
  "FROM search_misses ORDER BY times": "a thousand are kept at most",
  "FROM recommendations_log": "a report on what was shown, which admins ask for",
  "FROM payment_events WHERE outcome = 'flagged'": "what a gateway told of money that no order knows, for an admin",
};

/** Jobs of which a program of its own does the work, looking at the whole shop. */
const ELSEWHERE = new Set(["backup", "check the file", "retrain"]);

/** What goes through all of a table by its ids, some at a time and outside of transactions, and why it may. */
const WALKS: Record<string, string> = {
  "FROM audit WHERE id > $2": "each night, to prune what is old wherever it stands",
  "SELECT (SELECT MIN(id) FROM audit)": "the two ends of a table",
  "SELECT COALESCE((SELECT id FROM orders ORDER BY id DESC LIMIT 1)": "the end of a table",
  "details = '{\"erased\":true}' WHERE id > $1": "what was written while all before it was looked through, in pieces",
  "IN (SELECT id FROM outbox ORDER BY id LIMIT $2)": "the oldest few, of which some may not be old enough",
  "FROM search_index WHERE rowid NOT IN": "once, when the index is made anew",
  "SELECT DISTINCT hash FROM product_images": "files that no picture names are found by all that are named",
};

/** What is looked for among much else, and the index that has nothing else. */
const FOUND_BY: Record<string, string> = {
  "state = 'under_way' AND asked_at": "payments_under_way",
  "UPDATE deliveries SET next_at = $3": "deliveries_due_anywhere",
  "AND type <> 'dismiss'": "recommend_events_to_forget",
};

/** Everything that a shop does while it is recorded. */
class Recorder {
  readonly statements = new Map<string, readonly Value[]>();

  constructor(private readonly database: Database) {}

  get recorded(): Database {
    return {
      ...this.database,
      ...this.reading(this.database),
      transaction: (work) => this.database.transaction((tx) => work(this.writing(tx))),
    };
  }

  private reading(reader: Reader): Reader {
    return {
      engine: reader.engine,
      all: (sql, values) => (this.note(sql, values), reader.all(sql, values)),
      first: (sql, values) => (this.note(sql, values), reader.first(sql, values)),
    };
  }

  private writing(tx: Transaction): Transaction {
    return { ...this.reading(tx), run: (sql, values) => (this.note(sql, values), tx.run(sql, values)) };
  }

  private note(sql: string, values: readonly Value[] = []): void {
    this.statements.set(sql, values);
  }
}

const NOBODY: Subjects = { product: 0, slug: "", category: "", brand: "", user: 0, email: "", order: 0, since: "" };

/** Which columns name rows of tables that something is deleted from. Both engines have the same; SQLite lists them. */
async function linksToDeleted(): Promise<{ table: string; columns: string[] }[]> {
  const deleted = new Set(Object.entries(personalData).flatMap(([table, { goes }]) => (goes ? [table] : [])));
  for (const path of new Glob("src/**/*.ts").scanSync({ cwd: join(import.meta.dir, "../..") })) {
    const text = await Bun.file(join(import.meta.dir, "../..", path)).text();
    for (const [, table = ""] of text.matchAll(/DELETE FROM (\w+)/g)) deleted.add(table);
  }
  expect(deleted.has("users")).toBe(true);
  const schema = new Connection(await migratedFile(), { readonly: true });
  const rows = schema
    .query<{ child: string; link: number; parent: string; column: string }, []>(
      `SELECT m.name AS child, l.id AS link, l."table" AS parent, l."from" AS column
       FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) l WHERE m.type = 'table' ORDER BY 1, 2, l.seq`,
    )
    .all();
  schema.close();
  return [...Map.groupBy(rows, ({ child, link }) => `${child} ${link}`).values()].flatMap((link) => {
    const [first] = link;
    return first && deleted.has(first.parent)
      ? [{ table: first.child, columns: link.map(({ column }) => column) }]
      : [];
  });
}

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Cond"?: string;
  Plans?: Node[];
}

describe.each(engines)("plans on $name", (engine) => {
  let shop: TestShop;
  let recorder: Recorder;
  let buyer: Client & { address_id: number };
  let product: number;
  let order: number;

  beforeAll(async () => {
    shop = await freshShop(engine);
    recorder = new Recorder(shop.database);
    for (const number of [1, 2, 3]) {
      const made = await stockShelf(shop, {
        slug: `plan-${number}`,
        name: "Masala tea powder, organic",
        attributes: { brand: "Amber", pack: "box" },
      });
      product = made.id;
    }
    buyer = await newBuyer(shop);
    await shop.database.transaction((tx) => tx.run("UPDATE users SET is_admin = 1"));
  });

  afterAll(() => shop.close());

  /** Calls everything there is, and returns what was asked of the database. */
  async function record(): Promise<Map<string, readonly Value[]>> {
    const recordedShop = openShop(recorder.recorded, shop.settings, { now: shop.now, log: () => {} });
    const client = clientOf({ app: createApp(recordedShop) }, buyer.token);
    await client.post("/cart/add", { product_id: product, qty: 1 });
    const placed = await client.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id });
    expect(placed.status).toBe(201);
    order = placed.body.order_id;
    const calls = readsOf(await subjectsOf(client));
    expect(Object.entries(calls).filter(([, paths]) => paths.length === 0)).toEqual([]);
    expect((await call({ app: createApp(recordedShop) }, "GET", "/metrics")).status).toBe(200);
    for (const path of Object.values(calls).flat()) {
      const { status } = await client.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
    }
    return recorder.statements;
  }

  /** Something of everything that is read by an id of its own. */
  async function subjectsOf(admin: Client): Promise<Subjects> {
    const { body: webhook } = await admin.post("/webhooks", {
      url: "https://example.com/hook",
      types: ["order.placed"],
    });
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${order}/${step}`);
    const { body: asked } = await admin.post(`/orders/${order}/returns`, {
      reason: "Broken",
      lines: [{ line: 1, qty: 1 }],
    });
    await admin.post("/coupons", { code: "PLAN", percent: 10 });
    const { id: invoice } = await issueInvoice(shop, order);
    await admin.post("/cart/add", { product_id: product, qty: 1 });
    const payable = await admin.post("/orders/checkout", { payment_method: "mock", address_id: buyer.address_id });
    return {
      invoice,
      reference: new URL(payable.body.payment_url).pathname.split("/").at(-1),
      product,
      slug: "plan-1",
      category: "Kitchen",
      brand: "Amber",
      user: buyer.id,
      email: "nobody@example.com",
      order,
      return: asked.id,
      coupon: "PLAN",
      webhook: webhook.id,
      since: "2029-01-01T00:00:00.000Z",
    };
  }

  /** The growing tables that a statement goes through from one end to the other; on a big shop those that have grown. */
  async function scannedBy(
    sql: string,
    values: readonly Value[],
    big: ReadonlySet<string> | undefined,
    isByItself: boolean,
  ): Promise<string[]> {
    return shop.database.engine === "sqlite" ? scansOfSqlite(sql, isByItself) : scansOfPostgres(sql, values, big);
  }

  function detailsOfSqlite(sql: string): string[] {
    // What the values are plays no part where there are no statistics.
    const explaining = new Connection(shop.place.address.engine === "sqlite" ? shop.place.address.path : "");
    const rows = explaining
      .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql.replaceAll(/\$(\d+)/g, "?$1")}`)
      .all();
    explaining.close();
    return rows.map(({ detail }) => detail);
  }

  function scansOfSqlite(sql: string, isByItself: boolean): string[] {
    const details = detailsOfSqlite(sql);
    const aliases = new Map(
      [...sql.matchAll(/(?:FROM|JOIN|UPDATE|INTO) (\w+)(?: AS)? (\w+)/g)].map(([, table, alias]) => [alias, table]),
    );
    // In the order of an index until a page is full, or so much is counted: a walk, not a scan.
    const isWalk =
      /LIMIT/.test(sql) &&
      !details.some((detail) => /TEMP B-TREE FOR ORDER BY/.test(detail) && !/AS (page|few|fitting)\b/.test(sql));
    // All of a range that is sorted for the sake of a page of it: who walks through it pays the square of what there is.
    // `few` is a range that was counted before, and is short.
    const isSortedForPage =
      /LIMIT/.test(sql) && !/AS few\b/.test(sql) && details.some((detail) => /TEMP B-TREE FOR ORDER BY/.test(detail));
    return details.flatMap((detail) => {
      // What nobody waits for has no page to fill, and goes through all that it does not look for.
      if (isByItself && /^(SCAN \w+$|SEARCH \w+ USING INTEGER PRIMARY KEY \(rowid>\?\))/.test(detail)) {
        const named = /^\w+ (\w+)/.exec(detail)?.[1] ?? "";
        const table = aliases.get(named) ?? named;
        return GROWING.has(table) ? [detail] : [];
      }
      // A search without a condition goes through all there is, too.
      const isSorted = isSortedForPage && /^SEARCH \w+ [^(]*\(\w+[<>]/.test(detail);
      const search = isSorted ? /^SEARCH (\w+)(.*)$/ : /^SEARCH (\w+)([^(]*)$/;
      const [, name = "", how = ""] = /^SCAN (\w+)(.*)$/.exec(detail) ?? search.exec(detail) ?? [];
      const table = GROWING.has(name) ? name : aliases.get(name);
      if (table === undefined || !GROWING.has(table)) return [];
      return !isSorted && isWalk && (how === "" || how.includes("INDEX")) ? [] : [`${table}${how}`];
    });
  }

  async function scansOfPostgres(sql: string, values: readonly Value[], big?: ReadonlySet<string>): Promise<string[]> {
    return shop.database.transaction(async (tx) => {
      // Of a handful of rows a scan is always the cheapest: this asks whether an index could do it. Of a shop that has grown,
      // what the planner would choose if it were three hundred times as large, with a million orders.
      await tx.run(big ? "SET LOCAL seq_page_cost = 300" : "SET LOCAL enable_seqscan = off");
      const row = await tx.first<{ "QUERY PLAN": { Plan: Node }[] }>(`EXPLAIN (FORMAT JSON) ${sql}`, values);
      const scans: string[] = [];
      const look = (node: Node, isBounded: boolean): void => {
        const bounded = isBounded || node["Node Type"] === "Limit";
        const table = node["Relation Name"];
        if (node["Node Type"] === "Seq Scan" && table !== undefined && (big ?? GROWING).has(table) && !bounded)
          scans.push(table);
        for (const inner of node.Plans ?? []) look(inner, bounded && inner["Node Type"] !== "Sort");
      };
      const plan = row?.["QUERY PLAN"][0]?.Plan;
      if (plan) look(plan, false);
      return scans;
    });
  }

  test("are looked at of every address that is read", () => {
    const known = new Set([...Object.keys(readsOf(NOBODY)).map((path) => `${API}${path}`), ...READS_OF_NOTHING]);
    const read = routeTable(shop.app.routes).flatMap(({ method, path }) => (method === "GET" ? [path] : []));
    expect(read.filter((path) => !known.has(path))).toEqual([]);
  });

  /** What goes through a table, by its statement; of what a shop does by itself, but for these walks. */
  async function scansOf(
    recorded: ReadonlyMap<string, readonly Value[]>,
    big?: ReadonlySet<string>,
    walks?: Record<string, string>,
  ) {
    const scans: Record<string, string[]> = {};
    for (const [sql, values] of recorded) {
      if (
        /^\s*INSERT INTO \w+ \([^)]*\) VALUES/.test(sql) ||
        Object.keys({ ...EXCEPTIONS, ...walks }).some((part) => sql.includes(part))
      )
        continue;
      const found = await scannedBy(sql, values, big, walks !== undefined);
      if (found.length > 0) scans[sql.replaceAll(/\s+/g, " ")] = found;
    }
    return scans;
  }

  test("go through no table that grows, whatever is asked of a young shop", async () => {
    const recorded = await record();
    expect(await scansOf(recorded)).toEqual({});
    if (engine.name === "sqlite") return;
    await shop.database.transaction((tx) => tx.run("ANALYZE"));
    expect(await scansOf(recorded)).toEqual({});
  }, 120_000);

  test("nor does what a shop does by itself, and when it erases or exports a person", async () => {
    const ownShop = await freshShop(engine);
    const own = new Recorder(ownShop.database);
    const recorded = openShop(own.recorded, ownShop.settings, { now: ownShop.now, log: () => {} });
    const client = await newBuyer(ownShop);
    const { id } = await stockShelf(ownShop);
    await client.post("/cart/add", { product_id: id, qty: 1 });
    await client.post("/orders/checkout", { payment_method: "cod", address_id: client.address_id });
    const stopping = AbortSignal.timeout(60_000);
    for (const job of shopJobs) if (!ELSEWHERE.has(job.name)) await job.work(recorded, stopping);
    await forgetOldRecords(recorded);
    await exportPerson(recorded, client.id);
    await erasePersonById(recorded, (await newClient(ownShop)).id);
    const scans = await scansOf(own.statements, undefined, WALKS);
    expect(scans).toEqual({});
    for (const [part, index] of Object.entries(FOUND_BY)) {
      const found = [...own.statements].filter(([sql]) => sql.includes(part));
      expect({ part, statements: found.length > 0 }).toEqual({ part, statements: true });
      for (const [sql, values] of found)
        expect({ sql, plan: await planOf(sql, values) }).toMatchObject({ plan: expect.stringContaining(index) });
    }
  }, 120_000);

  test("a row that is deleted is looked for by an index in every table that may name it", async () => {
    const scans: Record<string, string[]> = {};
    for (const { table, columns } of await linksToDeleted()) {
      if (!GROWING.has(table)) continue;
      const named = columns.map((column, at) => `${column} = $${at + 1}`).join(" AND ");
      const sql = `SELECT 1 AS one FROM ${table} WHERE ${named}`;
      const found = await scannedBy(
        sql,
        columns.map(() => "1"),
        undefined,
        true,
      );
      if (found.length > 0) scans[sql] = found;
    }
    expect(scans).toEqual({});
  });

  /** How it is done, in the words of the engine. */
  async function planOf(sql: string, values: readonly Value[]): Promise<string> {
    if (shop.database.engine === "sqlite") return detailsOfSqlite(sql).join("\n");
    return shop.database.transaction(async (tx) => {
      await tx.run("SET LOCAL enable_seqscan = off");
      return JSON.stringify(await tx.all(`EXPLAIN (FORMAT JSON) ${sql}`, values));
    });
  }

  test("nor of one that has grown, as its statistics say", async () => {
    await seedShop(shop, { ...demoSize, products: 2_000, customers: 500, orders: 3_000, yes: true });
    // SQLite has none: they are forgotten whenever the file is opened.
    if (engine.name === "postgres") await shop.database.transaction((tx) => tx.run("ANALYZE"));
    recorder.statements.clear();
    expect(await scansOf(await record(), await grown())).toEqual({});
  }, 240_000);

  /** The tables of which PostgreSQL would read a scan from more pages than an index costs. SQLite's plans know no sizes. */
  async function grown(): Promise<ReadonlySet<string>> {
    if (shop.database.engine === "sqlite") return GROWING;
    const rows = await shop.database.all<{ name: string }>(
      `SELECT CAST(relname AS text) AS name FROM pg_class
       WHERE relkind = 'r' AND relpages > 50 AND relnamespace = CAST(current_schema() AS regnamespace)`,
    );
    const tables = rows.map(({ name }) => name).filter((name) => GROWING.has(name));
    expect(tables).toContain("order_items");
    return new Set(tables);
  }
});
