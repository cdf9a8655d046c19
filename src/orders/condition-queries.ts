import { emailKeys } from "../base/email";
import { fold } from "../base/text";
import { turns } from "../base/turns";
import type { Reader, Value } from "../storage/database";
import { countOf } from "../storage/sql";
import { findCoded } from "./sold-queries";
import type { States } from "./states";

/** Which orders are meant; what is absent does not matter. Amounts are in minor units, moments in UTC. */
export interface OrderFilter {
  user_id?: number | undefined;
  status?: States["status"] | undefined;
  payment_status?: States["payment_status"] | undefined;
  /** As the customer's program called it, in any case; `cod` and `cash` are one. */
  payment_method?: string | undefined;
  /** Of the account or of the order. */
  email?: string | undefined;
  /** A part of the customer's or the recipient's name. */
  name?: string | undefined;
  phone?: string | undefined;
  /** Itself or one of its variants. */
  product_id?: number | undefined;
  sku?: string | undefined;
  tag?: string | undefined;
  coupon?: string | undefined;
  /** Whether a payment of it waits for a person. */
  flagged?: boolean | undefined;
  waits_for?: keyof typeof WAITING | undefined;
  since?: string | undefined;
  until?: string | undefined;
  min_total_minor?: number | undefined;
  max_total_minor?: number | undefined;
  /** A number, an e-mail, a name of a person or a product, a phone or a code: whichever it is. */
  q?: string | undefined;
}

/** Binds a value, and gives its placeholder. */
export type Bind = (value: Value) => string;

/** How an order is paid, in one spelling, as its index has it. */
const oneSpelling = (method: string) => `CASE LOWER(${method}) WHEN 'cash' THEN 'cod' ELSE LOWER(${method}) END`;

/** SQL on `orders o`: whether an order is paid in this way. */
export const isPaidBy = (method: string): string =>
  `o.payment_method IS NOT NULL AND (${oneSpelling("o.payment_method")}) = (${oneSpelling(`CAST(${method} AS TEXT)`)})`;

const isUnpaid = `EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.is_current = 1
  AND p.provider <> 'cod' AND p.state <> 'captured')`;

/** What an order can wait for that its status alone does not say. */
export const WAITING = {
  packing: `o.status = 'placed' AND o.payment_status <> 'refunded' AND NOT ${isUnpaid}`,
  payment: `o.status = 'placed' AND ${isUnpaid}`,
  refund: "o.id IN (SELECT order_id FROM refunds WHERE state IN ('owed', 'sent'))",
};

const FLAGGED = "SELECT order_id FROM payments WHERE flag IS NOT NULL AND order_id IS NOT NULL";

/** What few orders have at a time: an index leads to them, whenever they were placed. */
export const few = {
  flagged: () => `o.id IN (${FLAGGED})`,
  waits_for: () => WAITING.refund,
};

/** What an index knows of `orders o`, in the order of their time. */
export const lookUps = {
  user_id: (id: number | string, bind: Bind) => `o.user_id = ${bind(id)}`,
  email: (email: number | string, bind: Bind) => byEmail(String(email), bind),
  status: (status: number | string, bind: Bind) => `o.status = ${bind(status)}`,
  payment_status: (status: number | string, bind: Bind) => `o.payment_status = ${bind(status)}`,
  payment_method: (method: number | string, bind: Bind) => isPaidBy(bind(method)),
};

/** Each of those indexes knows the time besides. */
export const PERIOD = new Map<string, (moment: string, bind: Bind) => string>([
  ["since", (moment, bind) => `o.placed_at >= ${bind(moment)}`],
  ["until", (moment, bind) => `o.placed_at < ${bind(moment)}`],
]);

/** What is tested order by order. */
export const tests = {
  ...lookUps,
  product_id: (id: number, bind: Bind) => {
    const product = bind(id);
    return hasLine(`i.product_id IN (SELECT id FROM products WHERE id = ${product} OR parent_id = ${product})`);
  },
  sku: bySku,
  tag: byTag,
  coupon: (code: string, bind: Bind) =>
    `o.id IN (SELECT order_id FROM coupon_uses WHERE code = ${bind(code)} AND returned_at IS NULL)`,
  flagged: (flagged: boolean) => `o.id ${flagged ? "" : "NOT "}IN (${FLAGGED})`,
  waits_for: (what: keyof typeof WAITING) => `(${WAITING[what]})`,
  min_total_minor: (amount: number, bind: Bind) => `o.total_minor >= ${bind(amount)}`,
  max_total_minor: (amount: number, bind: Bind) => `o.total_minor <= ${bind(amount)}`,
};

/** Something typed that may stand in an order, or be of an account or an order that is known beforehand. */
export interface Term {
  /** SQL: whether it stands in the order. */
  test: (bind: Bind) => string;
  /** Whose orders are meant. */
  users: number[];
  /** What has it for a code. */
  products: number[];
  order?: number | undefined;
}

/** The filter's name, phone and `q`. */
export async function termsOf(reader: Reader, { name, phone, q }: OrderFilter): Promise<Term[]> {
  return [
    ...(name === undefined
      ? []
      : [{ test: byName(name), users: await findUsers(reader, userNamed(name)), products: [] }]),
    ...(phone === undefined
      ? []
      : [{ test: byPhone(phone), users: await findUsers(reader, userCalledAt(phone)), products: [] }]),
    ...(q === undefined ? [] : [await whatever(reader, q)]),
  ];
}

/** A number, an e-mail, a name of a person or a product, a phone or a code: whichever it is. */
async function whatever(reader: Reader, text: string): Promise<Term> {
  const word = text.trim().replace(/^#/, "");
  if (word.includes("@")) return { test: (bind) => byEmail(word, bind), users: [], products: [] };
  const isPhone = /^\+?[\d\s().-]{6,}$/.test(word);
  const isName = /\p{L}/u.test(word);
  const recipients = [...(isPhone ? [byPhone(word)] : []), ...(isName ? [byName(word), byProductName(word)] : [])];
  const users = isPhone
    ? await findUsers(reader, userCalledAt(word))
    : isName
      ? await findUsers(reader, userNamed(word))
      : [];
  return {
    test: (bind) => [bySku(word, bind), ...recipients.map((test) => test(bind))].join(" OR "),
    users,
    products: await findCoded(reader, word),
    order: /^\d{1,9}$/.test(word) ? Number(word) : undefined,
  };
}

/** Whole tags, in small letters or large: SQLite knows these of ASCII only, so the rest is spelled in each way. */
function byTag(tag: string, bind: Bind): string {
  const likes = spellings(tag.trim()).map(
    (one) => `LOWER(CAST(o.tags AS TEXT)) LIKE ${bind(`%${likeText(JSON.stringify(one))}%`)} ESCAPE '!'`,
  );
  return `(${likes.join(" OR ")})`;
}

/** A text in the ways in which an engine may have it that makes small letters of ASCII ones alone. */
const spellings = (text: string): string[] => [
  ...new Set([
    ...[text, text.toLowerCase(), text.toUpperCase(), capitalized(text)].map(asciiLower),
    text.toLowerCase(),
  ]),
];

const capitalized = (text: string) =>
  text.replaceAll(/\S+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
const asciiLower = (word: string) => word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/** However its domain is written. Orders of before may have it in small letters only. */
function byEmail(email: string, bind: Bind): string {
  const keys = emailKeys(email).map(bind).join(", ");
  return `(o.email_key IN (${keys}, ${bind(email.trim().toLowerCase())}) OR o.user_id IN (SELECT id FROM users WHERE email_key IN (${keys})))`;
}

function bySku(sku: string, bind: Bind): string {
  const key = bind(fold(sku).trim());
  return hasLine(`(LOWER(i.sku) = ${bind(asciiLower(sku.trim()))} OR i.product_id IN (
    SELECT id FROM products WHERE sku_key = ${key} AND deleted_at IS NULL
    UNION ALL SELECT id FROM products WHERE barcode_key = ${key} AND deleted_at IS NULL))`);
}

const hasLine = (condition: string) => `EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id AND ${condition})`;

const byName =
  (name: string): Term["test"] =>
  (bind) =>
    called("o.address ->> 'full_name'", name, bind);
const userNamed = (name: string) => (bind: Bind) => called("full_name", name, bind);

/** By what a product was called when it was bought. */
const byProductName =
  (name: string): Term["test"] =>
  (bind) =>
    hasLine(called("i.name", name, bind));

const called = (column: string, name: string, bind: Bind): string =>
  `(${spellings(name.trim().replaceAll(/\s+/g, " "))
    .map((one) => `LOWER(${column}) LIKE ${bind(`%${likeText(one)}%`)} ESCAPE '!'`)
    .join(" OR ")})`;

const byPhone =
  (phone: string): Term["test"] =>
  (bind) =>
    digitsLike("o.address ->> 'phone'", bind(digitsOf(phone)));
const userCalledAt = (phone: string) => (bind: Bind) => digitsLike("phone", bind(digitsOf(phone)));

/** Digits alone: people write the rest of a number as they like. */
const digitsLike = (column: string, placeholder: string) =>
  `REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(${column}, ' ', ''), '-', ''), '(', ''), ')', ''), '.', '') LIKE ${placeholder}`;

function digitsOf(phone: string): string {
  const digits = fold(phone).replaceAll(/\D/g, "");
  return digits === "" ? "no digits" : `%${digits}%`;
}

/** Whose orders are looked up beside the newest ones. */
const USERS_MOST = 256;
const USERS_AT_ONCE = 5_000;

/** The accounts and guests that fit, the newest first: all are looked at, some at a time. */
async function findUsers(reader: Reader, test: (bind: Bind) => string): Promise<number[]> {
  const found: number[] = [];
  const values: Value[] = [];
  const sql = test((value) => `$${values.push(value) + 2}`);
  for (
    let upTo = await countOf(reader, "SELECT COALESCE((SELECT id FROM users ORDER BY id DESC LIMIT 1), 0)");
    upTo > 0;
    await turns.yield()
  ) {
    const from = await countOf(
      reader,
      `SELECT COALESCE(MIN(id), 0) FROM (SELECT id FROM users WHERE id <= $1 ORDER BY id DESC LIMIT ${USERS_AT_ONCE}) AS several`,
      [upTo],
    );
    const rows = await reader.all<{ id: number }>(
      `SELECT id FROM users WHERE id >= $1 AND id <= $2 AND ${sql} ORDER BY id DESC LIMIT ${USERS_MOST}`,
      [from, upTo, ...values],
    );
    found.push(...rows.map(({ id }) => id));
    if (found.length >= USERS_MOST) break;
    upTo = from - 1;
  }
  return found.slice(0, USERS_MOST);
}

/** Text in a LIKE, of which nothing is a wildcard. */
const likeText = (text: string) => text.replaceAll(/[!%_]/g, "!$&");
