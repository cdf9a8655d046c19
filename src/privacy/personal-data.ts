import type { Engine } from "../storage/database";
import { jsonObject } from "../storage/sql";

/** What a column is to the person whose row it is in. */
export interface TableRule {
  /** SQL that finds the rows of one person, whose id is `$1`. Without it no row is anybody's. */
  whose?: string;
  /** The rows go when the person is erased. Otherwise their columns change as they say. */
  goes?: true;
  /** Ids, states, times, amounts and what the shop itself wrote: exported where the row is the person's, and kept. */
  plain: string;
  /** What says who they are, how to reach them, or what they wrote: exported, and erased as it says. */
  personal?: Record<string, Erasure>;
  /** Keys to something, and copies of other columns for the database's own use: never exported, and erased as it says. */
  hidden?: Record<string, Erasure>;
}

/** SQL for what a column becomes, or why it stays. */
type Erasure = string | ((engine: Engine) => string) | { kept: string };

const OF_USER = "user_id = $1";
const OF_ORDER = "order_id IN (SELECT id FROM orders WHERE user_id = $1)";

/** Of an address only the country stays, for which taxes and statistics are counted. Its shape stays as well. */
const countryOf = (column: string) => (engine: Engine) => {
  const blank = "'label', '', 'address_line', '', 'city', '', 'pincode', ''";
  const absent = "'state', NULL, 'full_name', NULL, 'phone', NULL, 'lat', NULL, 'lng', NULL";
  return `CASE WHEN ${column} IS NULL THEN NULL ELSE ${jsonObject(engine)}(${blank}, ${absent}, 'country', ${column} ->> 'country') END`;
};

const BY_LAW = { kept: "An invoice is kept as it was issued, for as long as tax law says." };

/**
 * Every table and column, and what each is to a person: the one list that export, erasure and docs/privacy.md are made of. A
 * test compares it with the database, so a new column has to be thought about here.
 */
export const personalData: Record<string, TableRule> = {
  users: {
    whose: "id = $1",
    plain: "id is_guest created_at updated_at",
    personal: {
      is_active: "0",
      is_admin: "0",
      full_name: "'Erased'",
      email: "'erased-' || id || '@erased.invalid'",
      phone: "'-'",
      preferences: "'{}'",
      email_verified_at: "NULL",
    },
    hidden: { email_key: "'erased-' || id || '@erased.invalid'", password_hash: "NULL" },
  },
  addresses: {
    whose: OF_USER,
    goes: true,
    plain: "id user_id created_at",
    personal: {
      label: "''",
      full_name: "NULL",
      phone: "NULL",
      address_line: "''",
      city: "''",
      state: "NULL",
      pincode: "''",
      country: "NULL",
      lat: "NULL",
      lng: "NULL",
    },
  },
  email_tokens: {
    whose: OF_USER,
    goes: true,
    plain: "user_id purpose expires_at",
    personal: { email: "''" },
    hidden: { token_hash: "token_hash" },
  },
  second_factors: {
    whose: OF_USER,
    goes: true,
    plain: "user_id created_at confirmed_at last_step",
    hidden: { secret: "secret" },
  },
  recovery_codes: { whose: OF_USER, goes: true, plain: "user_id", hidden: { code_hash: "code_hash" } },
  sessions: {
    whose: OF_USER,
    goes: true,
    plain: "user_id created_at last_used_at expires_at ended_at ends_at idle_minutes confirmed_at",
    personal: { address: "NULL", user_agent: "NULL" },
    hidden: { id: "id" },
  },
  refresh_tokens: {
    whose: "session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    goes: true,
    plain: "used_at",
    hidden: { token_hash: "token_hash", session_id: "session_id", salt: "salt" },
  },
  password_resets: { whose: OF_USER, goes: true, plain: "user_id expires_at", hidden: { token_hash: "token_hash" } },
  known_places: { whose: OF_USER, goes: true, plain: "user_id last_seen_at", personal: { client: "''" } },
  idempotency_keys: {
    whose: OF_USER,
    goes: true,
    plain: "user_id created_at",
    hidden: { key: "key", fingerprint: "fingerprint", answer: "answer" },
  },
  carts: { whose: OF_USER, goes: true, plain: "user_id" },
  cart_items: { whose: OF_USER, goes: true, plain: "user_id product_id qty added_at shown_minor" },
  orders: {
    whose: OF_USER,
    plain:
      "id user_id status payment_status payment_method subtotal_minor discount_minor goods_minor shipping_minor tax_minor included_tax_minor total_minor cancelled_minor taxes shipping_method currency source placed_at delivery_eta hold_until coupon_code tags",
    personal: {
      address: countryOf("address"),
      billing_address: countryOf("billing_address"),
      email: "NULL",
      tax_id: "NULL",
      customer_note: "NULL",
      metadata: "'{}'",
    },
    hidden: { email_key: "NULL" },
  },
  order_links: { whose: OF_ORDER, goes: true, plain: "order_id expires_at", hidden: { token_hash: "token_hash" } },
  order_items: {
    whose: OF_ORDER,
    plain:
      "order_id line product_id qty price_minor name sku slug category options image_url tax_class discount_minor tax_minor",
  },
  // What the shop wrote down for itself, about the customer as well.
  order_notes: {
    whose: OF_ORDER,
    goes: true,
    plain: "id order_id created_at",
    personal: { note: "''" },
    // Who of the shop wrote it is that person's own.
    hidden: { user_id: "user_id" },
  },
  shipments: { whose: OF_ORDER, plain: "id order_id carrier shipped_at", personal: { tracking_number: "NULL" } },
  unit_moves: { whose: OF_ORDER, plain: "id order_id line cause qty restocked shipment_id refund_id at" },
  order_history: { whose: OF_ORDER, plain: "order_id step status payment_status cause at" },
  coupon_uses: { whose: OF_ORDER, plain: "order_id code user_id used_at returned_at" },
  payments: {
    // Two indexes know them: of the payments that count, and of those before.
    whose: `(is_current = 1 AND ${OF_ORDER} OR is_current = 0 AND ${OF_ORDER})`,
    plain:
      "id order_id is_current provider reference gateway_id gateway_money state amount_minor captured_minor refunded_minor currency flag disputed_at created_at asked_at captured_at",
    hidden: { payment_url: "NULL" },
  },
  refunds: {
    whose: OF_ORDER,
    plain:
      "id order_id payment_id reference amount_minor state source is_shipping gateway_id failure created_at sent_at asked_at ended_at resent_as",
    personal: { reason: "NULL" },
  },
  disputes: {
    whose: `payment_id IN (SELECT id FROM payments WHERE is_current = 1 AND ${OF_ORDER}
      UNION ALL SELECT id FROM payments WHERE is_current = 0 AND ${OF_ORDER})`,
    plain: "payment_id gateway_id state told_at",
  },
  refund_lines: { whose: OF_ORDER, plain: "refund_id order_id line qty" },
  invoices: {
    whose: OF_ORDER,
    plain: "id series number label kind order_id refund_id total_minor currency issued_at",
    personal: { document: BY_LAW },
  },
  returns: {
    whose: OF_ORDER,
    plain: "id order_id kind status note requested_at decided_at received_at",
    personal: { reason: "NULL" },
  },
  return_lines: {
    whose: `return_id IN (SELECT id FROM returns WHERE ${OF_ORDER})`,
    plain: "return_id order_id line qty received_qty restocked_qty refund_qty",
  },
  recommendations_log: { whose: OF_USER, goes: true, plain: "id user_id context model_id products created_at" },
  recommend_events: { whose: OF_USER, goes: true, plain: "id user_id product_id type created_at" },
  // Entries by the person or about them; which those are is found by more than SQL, see erasure.ts.
  audit: {
    whose: OF_USER,
    plain: "id at user_id action request_id",
    personal: { subject: "NULL", address: "NULL" },
    hidden: { details: `'{"erased":true}'` },
  },

  // What is nobody's.
  audit_pruning: { plain: "id before" },
  category_counts: { plain: "category products" },
  former_codes: { plain: "sku product_id" },
  noted_orders: { plain: "id last_id" },
  product_orders: { plain: "product_id order_id" },
  product_attributes: { plain: "name value product_id source_id" },
  sold_out: { plain: "product_id" },
  shipping_methods: {
    plain:
      "id name description countries states pincodes price_minor price_per_kg_minor free_from_minor min_total_minor max_total_minor max_grams delivery_minutes position is_active created_at",
  },
  tax_rates: { plain: "id name percent_thousandths tax_class country state state_key created_at" },
  product_images: { plain: "id product_id position hash width height alt created_at" },
  categories: { plain: "key name slug parent_key description position created_at" },
  coupons: {
    plain:
      "code percent percent_hundredths amount_minor min_total_minor starts_at ends_at max_uses max_uses_per_customer categories is_active uses created_at",
  },
  deliveries: { plain: "id outbox_id channel target once_key state tries next_at ended_at" },
  delivery_attempts: { plain: "delivery_id attempt at took_ms status failure" },
  invoice_series: { plain: "series last_number" },
  job_leases: { plain: "job server_id taken until" },
  servers: { plain: "heard host id process started_at version" },
  // Named by hashes of accounts and addresses together with what was tried.
  tries: { plain: "name level counted_at used_up_until forgotten_at refused" },
  job_runs: { plain: "job started_at duration_ms failure last_failure_at runs failures" },
  mock_payments: { plain: "reference amount_minor refunded_minor currency state is_under_way" },
  mock_refunds: { plain: "reference payment_reference amount_minor" },
  outbox: { plain: "id event_id type order_id data created_at position" },
  outbox_places: { plain: "id last_position" },
  payment_events: { plain: "provider event_id kind order_id outcome received_at" },
  products: {
    plain:
      "id slug name name_key category description price_minor image_url attributes version created_at updated_at deleted_at parent_id option_names options options_key highest_minor sku sku_key barcode barcode_key tax_class weight_grams image_id compare_at_minor",
  },
  recommend_model_pieces: { plain: "model_id piece content" },
  recommend_models: { plain: "id run_id role settings metrics content created_at served_at" },
  recommend_runs: { plain: "id asked_by state settings data metrics note started_at heard_at finished_at process" },
  sanset_migrations: { plain: "name checksum applied_at" },
  search_followups: { plain: "missed found times followed_at" },
  search_misses: { plain: "words times missed_at" },
  search_state: { plain: "id rules" },
  shop_currency: { plain: "id currency" },
  search_synonyms: { plain: "meaning phrase stems is_only_found" },
  search_words: { plain: "id word" },
  stock: { plain: "product_id on_hand reserved ordered buyers parent_id is_sum free_when_set low_at" },
  stock_moves: { plain: "id product_id cause on_hand_change reserved_change order_id note created_at" },
  // Of the shop; a key of an admin who is erased opens nothing any more.
  api_keys: {
    whose: "made_by = $1",
    plain: "id name prefix scopes made_by created_at expires_at last_used_at revoked_at",
    hidden: { key_hash: "'erased-' || id" },
  },
  webhooks: { plain: "id url types state generation rotated_at created_at" },
};

/** Columns of a table in the order in which they are exported. */
export const exportedColumns = ({ plain, personal }: TableRule): string[] => [
  ...plain.split(" ").filter(Boolean),
  ...Object.keys(personal ?? {}),
];

/** All columns that a rule knows. */
export const knownColumns = (rule: TableRule): string[] => [
  ...exportedColumns(rule),
  ...Object.keys(rule.hidden ?? {}),
];

/** SQL for each column that erasure changes. */
export function erasedColumns({ personal, hidden }: TableRule, engine: Engine): { column: string; becomes: string }[] {
  return Object.entries({ ...personal, ...hidden }).flatMap(([column, erasure]) => {
    if (typeof erasure === "object") return [];
    return [{ column, becomes: typeof erasure === "string" ? erasure : erasure(engine) }];
  });
}
