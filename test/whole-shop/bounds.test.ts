import { describe, expect, test } from "bun:test";
import { addAddress, ADDRESSES_MOST } from "../../src/accounts/addresses";
import { SESSIONS_KEPT, USED_TOKENS_KEPT } from "../../src/auth/sessions";
import { tableNames } from "../../src/storage/tables";
import { clientOf, newBuyer, newClient, PASSWORD, statusCounts } from "../support/client";
import { engines } from "../support/engines";
import { readDocument } from "../support/operations";
import { freshShop } from "../support/shop";

/** By whom rows are added, and what keeps them from growing without end. */
type Bound = readonly [by: "strangers" | "customers" | "admins" | "the program", held: string];

/**
 * Every table there is, written down by hand: a new one fails the test below until somebody has said what bounds it. What
 * strangers and customers can add to has a most, or a time after which rows go.
 */
const bounds: Record<string, Bound> = {
  addresses: ["customers", "50 each"],
  api_keys: ["admins", "as many as they make"],
  audit: ["strangers", "ten entries of a client and hour, a thousand an hour in all, and AUDIT_DAYS"],
  audit_pruning: ["the program", "one row, within a transaction"],
  cart_items: ["customers", "100 lines each"],
  carts: ["customers", "one each"],
  categories: ["admins", "as many as they make"],
  category_counts: ["the program", "one a category"],
  coupon_uses: ["customers", "one an order"],
  coupons: ["admins", "as many as they make"],
  deliveries: ["the program", "one an event and receiver, and a time after which they go"],
  delivery_attempts: ["the program", "some a delivery, and go with it"],
  disputes: ["the program", "what a gateway has signed, some a payment"],
  email_tokens: ["strangers", "one an account and purpose"],
  former_codes: ["admins", "one for each code that a product has no more"],
  idempotency_keys: ["customers", "go after 24 hours"],
  invoice_series: ["the program", "one a kind and year"],
  invoices: ["the program", "one an order, one a refund, and one each time that units are taken off an order"],
  job_leases: ["the program", "one a job"],
  job_runs: ["the program", "one a job"],
  known_places: ["customers", "50 each, and go after 90 days"],
  mock_payments: ["customers", "one a payment, and none in production"],
  mock_refunds: ["customers", "one a refund, and none in production"],
  noted_orders: ["the program", "one row"],
  order_history: ["customers", "the steps of one order"],
  order_items: ["customers", "the lines of one cart an order"],
  order_links: ["customers", "some an order"],
  order_notes: ["admins", "as many as they write"],
  orders: ["customers", "limits of trade: so many that are neither paid nor delivered, and so many cancelled an hour"],
  outbox: ["the program", "some an order, and a time after which they go"],
  outbox_places: ["the program", "one row"],
  password_resets: ["strangers", "one an account"],
  payment_events: ["the program", "what a gateway has signed"],
  payments: ["customers", "20 an order, each opened at its gateway"],
  product_attributes: ["admins", "some a product"],
  product_images: ["admins", "as many as they upload"],
  product_orders: ["the program", "at most one a line of an order"],
  products: ["admins", "as many as they make"],
  recommend_events: ["customers", "the newest 2,000 of a type each; views and clicks go after RECOMMEND_LOG_DAYS"],
  recommend_model_pieces: ["the program", "a megabyte each of the last few models"],
  recommend_models: ["the program", "the last few"],
  recommend_runs: ["the program", "the last few"],
  recommendations_log: ["customers", "120 an hour each, and go after RECOMMEND_LOG_DAYS"],
  recovery_codes: ["customers", "ten an account"],
  refresh_tokens: ["customers", "one that is unused and 50 that are used a session"],
  refund_lines: ["admins", "the lines of one order a refund"],
  refunds: ["customers", "some an order that was paid"],
  return_lines: ["customers", "the lines of one order a return"],
  returns: ["customers", "the units of their orders"],
  sanset_migrations: ["the program", "one a migration"],
  search_followups: ["strangers", "so many of the latest"],
  search_misses: ["strangers", "a thousand"],
  search_state: ["the program", "one row"],
  search_synonyms: ["admins", "as many as they make"],
  search_words: ["admins", "the words of the catalog"],
  second_factors: ["customers", "one an account"],
  servers: ["the program", "one a process, and a time after which they go"],
  sessions: ["customers", "the newest 100 each"],
  shipments: ["admins", "some an order"],
  shipping_methods: ["admins", "as many as they make"],
  shop_currency: ["the program", "one row"],
  sold_out: ["the program", "at most one a product"],
  stock: ["admins", "one a product"],
  stock_moves: ["customers", "some a line of an order"],
  tax_rates: ["admins", "as many as they make"],
  tries: [
    "strangers",
    "some a try at a password, each of which takes its time, and go within hours; one an e-mail that was written to, and go within a month",
  ],
  unit_moves: ["customers", "some a line of an order"],
  users: [
    "strangers",
    "twenty and then one an hour of a client; GUESTS_PER_HOUR, who are forgotten where they never come back",
  ],
  webhooks: ["admins", "as many as they make"],
};

/** What the search index of an engine makes for itself. */
const isOfIndex = (table: string) => table === "search_index" || table.startsWith("search_index_");

/** Lists that come whole, and how many there can be. */
const whole: Record<string, string> = {
  "GET /api/v1/auth/sessions": "100",
  "GET /api/v1/users/{id}/sessions": "100",
  "GET /api/v1/keys": "what admins make",
  "GET /api/v1/admin/jobs": "those of the program",
  "GET /api/v1/admin/backups": "BACKUP_KEEP, or what an operator makes",
  "GET /api/v1/admin/settings": "those of the program",
  "GET /api/v1/admin/search/synonyms": "what admins make",
  "GET /api/v1/users/me/addresses": "50",
  "GET /api/v1/users/{id}/addresses": "50",
  "GET /api/v1/orders/addresses": "50",
  "GET /api/v1/categories": "what admins make",
  "GET /api/v1/shipping-methods": "what admins make",
  "GET /api/v1/shipping-methods/all": "what admins make",
  "GET /api/v1/tax-rates": "what admins make",
  "GET /api/v1/webhooks": "what admins make",
};

describe.each(engines)("nothing grows without end on $name", (engine) => {
  test("each table has somebody who adds to it and something that bounds it", async () => {
    const shop = await freshShop(engine);
    const tables = (await tableNames(shop.database)).filter((table) => !isOfIndex(table));
    // A new table is missing here? Say who adds rows to it, and what keeps strangers and customers from adding for ever.
    expect(tables.filter((table) => !(table in bounds))).toEqual([]);
  });

  test("each list asks for a page or a limit, or is known to be short", async () => {
    const { operations } = await readDocument(await freshShop(engine));
    const lists = operations.filter(({ method, answers }) => {
      const schema = answers["200"]?.["application/json"];
      return method === "GET" && schema?.type === "array";
    });
    expect(lists.length).toBeGreaterThan(5);
    const endless = lists.filter(
      ({ name, parameters }) =>
        !(name in whole) &&
        !parameters.some(({ name: parameter }) => ["page", "limit", "size", "after"].includes(parameter)),
    );
    expect(endless.map(({ name }) => name)).toEqual([]);
  });

  test("a customer has fifty addresses, also where two are added at once, and may replace one by another", async () => {
    const shop = await freshShop(engine);
    const buyer = await newBuyer(shop);
    const address = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
    for (let at = 2; at < ADDRESSES_MOST; at++) await addAddress(shop, buyer.id, address);
    const answers = await Promise.all([1, 2, 3].map(() => buyer.post("/users/me/addresses", address)));
    expect(statusCounts(answers)).toEqual({ 201: 1, 409: 2 });
    expect((await buyer.get("/users/me/addresses")).body).toHaveLength(ADDRESSES_MOST);
    expect((await buyer.delete(`/users/me/addresses/${buyer.address_id}`)).status).toBe(204);
    expect((await buyer.post("/users/me/addresses", address)).status).toBe(201);
  });

  test("of an account's sessions the newest hundred are kept, and the oldest is over then", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: "asha@example.com" });
    for (let at = 0; at < SESSIONS_KEPT; at++) {
      shop.pass(1);
      await clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD });
    }
    const counted = await shop.database.first<{ sessions: number }>("SELECT COUNT(*) AS sessions FROM sessions");
    expect(Number(counted?.sessions)).toBe(SESSIONS_KEPT);
    expect((await client.get("/users/me")).status).toBe(401);
  }, 60_000);

  test("of a session's used tokens the latest fifty are kept", async () => {
    const shop = await freshShop(engine);
    const { refreshToken } = await newClient(shop);
    let token = refreshToken;
    for (let at = 0; at < USED_TOKENS_KEPT + 10; at++) {
      shop.pass(1);
      token = (await clientOf(shop).post("/auth/refresh", { refresh_token: token })).body.refresh_token;
    }
    const counted = await shop.database.first<{ tokens: number }>("SELECT COUNT(*) AS tokens FROM refresh_tokens");
    expect(Number(counted?.tokens)).toBe(USED_TOKENS_KEPT + 1);
    expect((await clientOf(shop).post("/auth/refresh", { refresh_token: token })).status).toBe(200);
  }, 60_000);
});
