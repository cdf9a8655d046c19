import { fold } from "../base/text";
import type { Listed, Page } from "../base/page";
import type { Reader, Value } from "../storage/database";
import { readList } from "../storage/lists";
import type { Condition } from "../storage/sql";
import { ORDER_COLUMNS, type OrderDetails, type OrderRow, withDetails } from "./detail-queries";
import type { States } from "./states";

/** Any customer's order. */
export async function findOrder(reader: Reader, id: number): Promise<OrderDetails | undefined> {
  const rows = await reader.all<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = $1`,
    [id],
  );
  return (await withDetails(reader, rows))[0];
}

/** Which orders are meant; what is absent does not matter. Amounts are in minor units, moments in UTC. */
export interface OrderFilter {
  user_id?: number | undefined;
  status?: States["status"] | undefined;
  payment_status?: States["payment_status"] | undefined;
  /** Of the account or of the order. */
  email?: string | undefined;
  /** A part of the customer's or the recipient's name. */
  name?: string | undefined;
  phone?: string | undefined;
  product_id?: number | undefined;
  sku?: string | undefined;
  tag?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  min_total_minor?: number | undefined;
  max_total_minor?: number | undefined;
  /** A number, an e-mail, a name, a phone or a code: whichever it is. */
  q?: string | undefined;
}

/**
 * Names and phones of recipients stand in the orders themselves: they are looked for in the newest ones, so that a search
 * reads no more than these. Those of accounts are found among all.
 */
const RECIPIENTS_SEARCHED = 20_000;

/** Orders, newest first, and how many there are in all. */
export async function findOrders(reader: Reader, filter: OrderFilter, page: Page): Promise<Listed<OrderDetails>> {
  const { items, ...listed } = await readList<OrderRow>(
    reader,
    {
      ...conditionOf(filter),
      columns: ORDER_COLUMNS,
      from: "orders o",
      joined: { tables: "users u", on: "u.id = o.user_id" },
      order: [
        { column: "o.placed_at", part: "text" },
        { column: "o.id", part: "id" },
      ],
      descending: true,
    },
    page,
  );
  return { ...listed, items: await withDetails(reader, items) };
}

function conditionOf(filter: OrderFilter): Condition {
  const values: Value[] = [];
  const bind = (value: Value) => `$${values.push(value)}`;
  const conditions = Object.entries(filter).flatMap(([field, value]) => {
    const make = CONDITIONS[field as keyof OrderFilter];
    return value === undefined || value === "" ? [] : [make(value as never, bind)];
  });
  return { sql: conditions.join(" AND "), values };
}

type Bind = (value: Value) => string;

const CONDITIONS: { [Field in keyof OrderFilter]-?: (value: NonNullable<OrderFilter[Field]>, bind: Bind) => string } = {
  user_id: (id, bind) => `o.user_id = ${bind(id)}`,
  status: (status, bind) => `o.status = ${bind(status)}`,
  payment_status: (status, bind) => `o.payment_status = ${bind(status)}`,
  email: byEmail,
  name: byName,
  phone: byPhone,
  product_id: (id, bind) => `o.id IN (SELECT order_id FROM order_items WHERE product_id = ${bind(id)})`,
  sku: bySku,
  tag: (tag, bind) =>
    `LOWER(CAST(o.tags AS TEXT)) LIKE ${bind(`%${likeText(JSON.stringify(tag).toLowerCase())}%`)} ESCAPE '!'`,
  since: (moment, bind) => `o.placed_at >= ${bind(moment)}`,
  until: (moment, bind) => `o.placed_at < ${bind(moment)}`,
  min_total_minor: (amount, bind) => `o.total_minor >= ${bind(amount)}`,
  max_total_minor: (amount, bind) => `o.total_minor <= ${bind(amount)}`,
  q: byWhatever,
};

/** The address in small letters, as accounts keep it. */
function byEmail(email: string, bind: Bind): string {
  const key = bind(email.trim().toLowerCase());
  return `(o.email_key = ${key} OR o.user_id IN (SELECT id FROM users WHERE email_key = ${key}))`;
}

function byName(name: string, bind: Bind): string {
  const part = bind(`%${likeText(name.trim().toLowerCase())}%`);
  return `(o.user_id IN (SELECT id FROM users WHERE LOWER(full_name) LIKE ${part} ESCAPE '!')
    OR o.id IN (${newest(`LOWER(address ->> 'full_name') LIKE ${part} ESCAPE '!'`)}))`;
}

/** Digits alone: people write the rest of a number as they like. */
function byPhone(phone: string, bind: Bind): string {
  const digits = phone.replaceAll(/\D/g, "");
  const part = bind(digits === "" ? "no digits" : `%${digits}%`);
  const plain = (column: string) =>
    `REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(${column}, ' ', ''), '-', ''), '(', ''), ')', ''), '.', '') LIKE ${part}`;
  return `(o.user_id IN (SELECT id FROM users WHERE ${plain("phone")}) OR o.id IN (${newest(plain("address ->> 'phone'"))}))`;
}

function bySku(sku: string, bind: Bind): string {
  const written = bind(sku.trim());
  const key = bind(fold(sku).trim());
  return `o.id IN (SELECT order_id FROM order_items WHERE sku = ${written}
    OR product_id IN (SELECT id FROM products WHERE sku_key = ${key} OR barcode_key = ${key}))`;
}

function byWhatever(text: string, bind: Bind): string {
  const word = text.trim().replace(/^#/, "");
  if (word.includes("@")) return byEmail(word, bind);
  const isPhone = /^\+?[\d\s().-]{6,}$/.test(word);
  const either = [
    bySku(word, bind),
    ...(/^\d{1,9}$/.test(word) ? [`o.id = ${bind(Number(word))}`] : []),
    ...(isPhone ? [byPhone(word, bind)] : []),
    ...(/\p{L}/u.test(word) ? [byName(word, bind)] : []),
  ];
  return `(${either.join(" OR ")})`;
}

const newest = (condition: string) =>
  `SELECT id FROM (SELECT id, address FROM orders ORDER BY id DESC LIMIT ${RECIPIENTS_SEARCHED}) AS newest WHERE ${condition}`;

/** Text in a LIKE, of which nothing is a wildcard. */
const likeText = (text: string) => text.replaceAll(/[!%_]/g, "!$&");
