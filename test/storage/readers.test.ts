import { describe, expect, test } from "bun:test";
import { personalData } from "../../src/privacy/personal-data";
import { type Columns, columnsRead, usualAliases } from "../support/column-reads";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

/**
 * Who reads each column that is written: by table, the files in `src/` whose SQL asks for it. A column that nobody reads is a
 * promise that nobody keeps. What an order answers of its columns is in test/orders/what-orders-answer.test.ts.
 */
const readers: Record<string, Record<string, string>> = {
  addresses: {
    "accounts/address-queries.ts": "id user_id label address_line city state pincode lat lng country full_name phone",
  },
  api_keys: {
    "keys/queries.ts": "id name prefix key_hash scopes made_by created_at expires_at last_used_at revoked_at",
  },
  audit: {
    "audit/queries.ts": "id at user_id action subject address request_id details",
  },
  cart_items: {
    "carts/queries.ts": "user_id product_id qty shown_minor",
  },
  carts: {
    "carts/queries.ts": "user_id",
  },
  categories: {
    "catalog/category-queries.ts": "key name slug parent_key description position",
  },
  category_counts: {
    "catalog/category-queries.ts": "category products",
  },
  coupon_uses: {
    "coupons/queries.ts": "order_id code user_id returned_at",
  },
  coupons: {
    "coupons/queries.ts":
      "code percent percent_hundredths amount_minor min_total_minor starts_at ends_at max_uses max_uses_per_customer categories is_active uses created_at",
  },
  deliveries: {
    "events/delivery-queries.ts": "id outbox_id channel target state tries next_at ended_at",
  },
  delivery_attempts: {
    "events/delivery-queries.ts": "delivery_id attempt at took_ms status failure",
  },
  disputes: {
    "payments/dispute-queries.ts": "payment_id gateway_id state told_at",
  },
  email_tokens: {
    "auth/email-token-queries.ts": "user_id purpose email token_hash expires_at",
  },
  former_codes: {
    "orders/sold-queries.ts": "sku product_id",
  },
  noted_orders: {
    "orders/sold-queries.ts": "id last_id",
  },
  product_orders: {
    "orders/sold-queries.ts": "product_id order_id",
  },
  idempotency_keys: {
    "idempotency/queries.ts": "user_id key fingerprint answer created_at",
  },
  invoice_series: {
    "invoices/queries.ts": "series last_number",
  },
  invoices: {
    "invoices/queries.ts": "id series number label kind order_id refund_id total_minor currency document issued_at",
  },
  job_leases: {
    "jobs/lease-queries.ts": "job server_id taken until",
  },
  job_runs: {
    "jobs/queries.ts": "job started_at duration_ms failure last_failure_at runs failures",
  },
  known_places: {
    "auth/known-place-queries.ts": "user_id client last_seen_at",
  },
  mock_payments: {
    "payments/gateways/mock-queries.ts": "reference amount_minor refunded_minor currency state is_under_way",
  },
  mock_refunds: {
    "payments/gateways/mock-queries.ts": "reference payment_reference amount_minor",
  },
  order_history: {
    "orders/detail-queries.ts": "order_id step status payment_status cause at",
  },
  order_items: {
    "orders/detail-queries.ts": "order_id line product_id name sku slug category options image_url tax_class",
    "orders/unit-queries.ts": "qty price_minor discount_minor tax_minor",
  },
  order_links: {
    "orders/order-link-queries.ts": "token_hash order_id expires_at",
  },
  order_notes: {
    "orders/detail-queries.ts": "id order_id user_id note created_at",
  },
  orders: {
    "orders/detail-queries.ts":
      "id user_id status payment_status payment_method subtotal_minor discount_minor currency address placed_at delivery_eta hold_until coupon_code shipping_minor tax_minor included_tax_minor total_minor cancelled_minor taxes shipping_method email billing_address tax_id customer_note tags",
    "orders/backfill.ts": "source",
    "orders/condition-queries.ts": "email_key",
    "doctor/price-checks.ts": "goods_minor",
  },
  outbox: {
    "events/queries.ts": "id event_id type order_id data created_at position",
  },
  outbox_places: {
    "events/queries.ts": "id last_position",
  },
  password_resets: {
    "auth/password-reset-queries.ts": "user_id token_hash expires_at",
  },
  payment_events: {
    "payments/event-queries.ts": "provider event_id order_id outcome",
    "doctor/payment-checks.ts": "kind received_at",
  },
  payments: {
    "payments/queries.ts":
      "id order_id is_current provider reference gateway_id gateway_money payment_url state amount_minor captured_minor refunded_minor currency flag disputed_at created_at asked_at",
    "orders/detail-queries.ts": "captured_at",
  },
  product_attributes: {
    "catalog/filters.ts": "name value product_id",
  },
  product_images: {
    "catalog/image-queries.ts": "id product_id position hash width height alt",
  },
  products: {
    "catalog/queries.ts":
      "id slug name category description price_minor image_url attributes version created_at updated_at deleted_at parent_id option_names options highest_minor sku barcode tax_class weight_grams compare_at_minor",
    "catalog/deleted-queries.ts": "options_key sku_key barcode_key",
    "catalog/id-queries.ts": "name_key",
    "catalog/image-queries.ts": "image_id",
  },
  recommend_events: {
    "recommend/evaluate/queries.ts": "id user_id product_id type created_at",
  },
  recommend_model_pieces: {
    "recommend/serve/queries.ts": "piece content",
    "recommend/train/queries.ts": "model_id",
  },
  recommend_models: {
    "recommend/train/queries.ts": "id run_id role settings metrics content created_at served_at",
  },
  recommend_runs: {
    "recommend/train/queries.ts":
      "id asked_by state settings data metrics note started_at heard_at finished_at process",
  },
  recommendations_log: {
    "recommend/evaluate/queries.ts": "id user_id context model_id products created_at",
  },
  recovery_codes: {
    "auth/second-factor-queries.ts": "user_id code_hash",
  },
  refresh_tokens: {
    "auth/session-queries.ts": "token_hash session_id salt used_at",
  },
  refund_lines: {
    "invoices/queries.ts": "refund_id order_id line qty",
  },
  refunds: {
    "orders/detail-queries.ts":
      "id order_id amount_minor reason state source is_shipping failure created_at sent_at ended_at resent_as",
    "payments/refund-queries.ts": "payment_id reference gateway_id asked_at",
  },
  return_lines: {
    "returns/queries.ts": "return_id order_id line qty received_qty restocked_qty refund_qty",
  },
  returns: {
    "returns/queries.ts": "id order_id kind status reason note requested_at decided_at received_at",
  },
  sanset_migrations: {
    "storage/migrate.ts": "name checksum applied_at",
  },
  search_followups: {
    "search/followups.ts": "missed found times followed_at",
  },
  search_misses: {
    "search/misses.ts": "words times missed_at",
  },
  search_state: {
    "search/renewal.ts": "id rules",
  },
  shop_currency: {
    "storefront/currency-queries.ts": "id currency",
  },
  search_synonyms: {
    "search/synonyms.ts": "meaning phrase stems is_only_found",
  },
  search_words: {
    "search/queries.ts": "id word",
  },
  second_factors: {
    "auth/second-factor-queries.ts": "user_id secret confirmed_at last_step",
  },
  servers: {
    "jobs/lease-queries.ts": "id host process version started_at heard",
  },
  sessions: {
    "auth/session-queries.ts":
      "id user_id address user_agent created_at last_used_at expires_at ended_at ends_at idle_minutes confirmed_at",
  },
  shipments: {
    "orders/detail-queries.ts": "id order_id tracking_number carrier shipped_at",
  },
  shipping_methods: {
    "shipping/queries.ts":
      "id name description countries states pincodes price_minor price_per_kg_minor free_from_minor min_total_minor max_total_minor max_grams delivery_minutes position is_active created_at",
  },
  sold_out: {
    "catalog/filters.ts": "product_id",
  },
  stock: {
    "stock/queries.ts": "product_id on_hand reserved ordered parent_id is_sum free_when_set low_at",
    "catalog/for-sale.ts": "buyers popularity",
  },
  stock_moves: {
    "catalog/stock-list.ts": "id product_id cause on_hand_change order_id note created_at",
    "doctor/counters.ts": "reserved_change",
  },
  tax_rates: {
    "tax/queries.ts": "id name percent_thousandths tax_class country state state_key created_at",
  },
  tries: {
    "auth/try-queries.ts": "name level counted_at used_up_until forgotten_at refused",
  },
  unit_moves: {
    "orders/unit-queries.ts": "order_id line cause qty restocked refund_id",
    "orders/detail-queries.ts": "shipment_id",
    "doctor/goods-checks.ts": "id",
  },
  users: {
    "accounts/queries.ts":
      "id full_name email email_key phone password_hash is_active is_admin preferences created_at updated_at email_verified_at is_guest",
  },
  webhooks: {
    "webhooks/queries.ts": "id url types state generation rotated_at created_at",
  },
};

/** Written, and read by no statement of ours: who needs it all the same. */
const WITHOUT_STATEMENT: Record<string, Record<string, string>> = {
  audit_pruning: {
    id: "the table's check: there is one row at most",
    before: "the trigger that lets old entries be deleted, and no others",
  },
  categories: { created_at: "a person who looks into the database; an older server still writes it, so it can't go" },
  deliveries: { once_key: "the unique index that keeps a mail from being sent twice" },
  product_attributes: { source_id: "the trigger that takes a variant's attributes off its product" },
  product_images: {
    created_at: "a person who looks into the database; an older server still writes it, so it can't go",
  },
};

/** Read by the export that every person can ask for, where the rows are theirs. */
const IN_A_PERSONS_EXPORT: Record<string, string> = {
  addresses: "created_at",
  cart_items: "added_at",
  coupon_uses: "used_at",
  orders: "metadata",
  second_factors: "created_at",
  unit_moves: "at",
};

/** What the search's engines keep for themselves. */
const OF_AN_ENGINE = /^(search_index|sqlite_)/;

async function columnsOf(shop: TestShop): Promise<Map<string, Set<string>>> {
  const rows = await shop.database.all<{ table: string; name: string }>(
    shop.database.engine === "sqlite"
      ? `SELECT t.name AS "table", c.name AS name FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'`
      : `SELECT table_name AS "table", column_name AS name FROM information_schema.columns WHERE table_schema = current_schema()`,
  );
  const columns = new Map<string, Set<string>>();
  for (const { table, name } of rows) {
    if (!OF_AN_ENGINE.test(table)) columns.set(table, (columns.get(table) ?? new Set()).add(name));
  }
  return columns;
}

const spelled = (columns: Columns) =>
  Object.fromEntries([...columns].map(([table, those]) => [table, [...those].toSorted()]));

const words = (text: string) => text.split(" ");
const textOf = (file: string) => Bun.file(`${import.meta.dir}/../../src/${file}`).text();

describe.each(engines)("what is written on $name", (engine) => {
  test("every column of every table has a reader, or a reason", async () => {
    const named = new Map<string, Set<string>>();
    const name = (table: string, columns: string[]) =>
      named.set(table, new Set([...(named.get(table) ?? []), ...columns]));
    for (const [table, files] of Object.entries(readers)) name(table, Object.values(files).flatMap(words));
    for (const [table, reasons] of Object.entries(WITHOUT_STATEMENT)) name(table, Object.keys(reasons));
    for (const [table, columns] of Object.entries(IN_A_PERSONS_EXPORT)) name(table, words(columns));
    expect(spelled(named)).toEqual(spelled(await columnsOf(await freshShop(engine))));
  });

  test("each reader that is named asks for its columns", async () => {
    const columns = await columnsOf(await freshShop(engine));
    const files = [...new Set(Object.values(readers).flatMap((one) => Object.keys(one)))];
    const texts = new Map(await Promise.all(files.map(async (file) => [file, await textOf(file)] as const)));
    const usual = usualAliases([...texts.values()], columns);
    const missing: string[] = [];
    for (const [table, readersOf] of Object.entries(readers)) {
      for (const [file, names] of Object.entries(readersOf)) {
        const read = columnsRead(texts.get(file) ?? "", columns, usual);
        for (const column of words(names))
          if (!read.has(`${table}.${column}`)) missing.push(`${table}.${column} in ${file}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

describe("who reads what is written", () => {
  test("what only a person's export reads stands in it", () => {
    for (const [table, columns] of Object.entries(IN_A_PERSONS_EXPORT)) {
      const { whose, plain = "", personal = {} } = personalData[table] ?? {};
      const exported = whose === undefined ? [] : [...words(plain), ...Object.keys(personal)];
      expect([table, words(columns).filter((column) => !exported.includes(column))]).toEqual([table, []]);
    }
  });

  test.each([
    ["what is selected", "SELECT qty FROM lines", "lines.qty"],
    ["what is compared", "DELETE FROM lines WHERE qty > $1", "lines.qty"],
    ["what is returned", "UPDATE lines SET price = $1 RETURNING qty", "lines.qty"],
    ["what another column is made from", "UPDATE lines SET price = qty * 2 WHERE 1 = 1", "lines.qty"],
    [
      "what is read under a short name",
      "SELECT l.qty, o.id FROM lines l JOIN orders o ON 1 = 1",
      "lines.qty orders.id",
    ],
    ["nothing of what is inserted", "INSERT INTO lines (qty, price) VALUES ($1, $2)", ""],
    ["nothing of what is set", "UPDATE lines SET qty = $1, price = $2", ""],
    ["nothing of what is only counted up", "UPDATE lines SET qty = lines.qty + $1", ""],
    [
      "nothing of what comes in",
      "INSERT INTO lines (qty) VALUES ($1) ON CONFLICT (qty) DO UPDATE SET price = excluded.price",
      "",
    ],
    ["nothing of another table", "SELECT qty FROM orders", ""],
    ["nothing of a text", "SELECT 'qty' FROM lines", ""],
  ])("a statement reads %s", (_, sql, expected) => {
    const columns: Columns = new Map([
      ["lines", new Set(["qty", "price"])],
      ["orders", new Set(["id"])],
    ]);
    expect([...columnsRead(`run("${sql}");`, columns, new Map())].toSorted().join(" ")).toBe(expected);
  });

  test("constants are read where a statement names them, and lists by their parts", () => {
    const columns: Columns = new Map([["lines", new Set(["qty", "price"])]]);
    const read = (text: string) => [...columnsRead(text, columns, new Map())].toSorted();
    expect(read('const COLUMNS = "qty, price"; all(`SELECT ${COLUMNS} FROM lines`);')).toEqual([
      "lines.price",
      "lines.qty",
    ]);
    expect(read('readList({ columns: "qty", from: "lines" });')).toEqual(["lines.qty"]);
    expect(read('among("qty", "lines");')).toEqual(["lines.qty"]);
    expect(read('insertRows(tx, "lines", [{ qty: 1 }]);')).toEqual([]);
  });
});
