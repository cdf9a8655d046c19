import { ShopError } from "../base/errors";
import { HIGHEST_PRICE, isStorable } from "../base/fields";
import { openTable, type TableRow } from "./csv";
import type { FileProgress } from "./files";
import { numberIn } from "./numbers";
import { fileSource } from "./source";
import { noneReadable } from "./unreadable";

type CsvRow =
  { line: number; fields: Record<string, string>; missing: number } | { line: number; text: string; problem: string };

/**
 * A retailer's invoices, one line a row, as in the UCI Online Retail files (Chen, Sain & Guo 2012). What becomes of each
 * row is decided here, and written down for people in docs/importing.md.
 */
export interface Invoices {
  products: Map<string, InvoicedProduct>;
  customers: Map<string, InvoicedCustomer>;
  orders: Map<string, InvoicedOrder>;
  /** What became of every row of the file. */
  rows: Record<RowFate, number>;
  unreadable: { line: number; problem: string }[];
}

export interface InvoicedProduct {
  code: string;
  name: string;
  /** In its last invoice. */
  price: number;
  firstSoldAt: string;
}

export interface InvoicedCustomer {
  id: string;
  country: string;
  firstOrderAt: string;
}

export interface InvoicedOrder {
  invoice: string;
  customer: string;
  placedAt: string;
  country: string;
  lines: { code: string; name: string; qty: number; price: number }[];
}

const fates = {
  sold: "a line of an order",
  cancelled: "left out: a cancellation (invoice starting with C)",
  no_customer: "left out: no customer",
  no_quantity: "left out: quantity of zero or less without being a cancellation",
  no_price: "left out: price of zero or less",
  no_product: "left out: not a product (postage, fees, samples and other odd codes)",
  incomplete: "left out: another line of the invoice can't be read",
  unreadable: "left out: can't be read",
} as const;

export type RowFate = keyof typeof fates;

/** What each count of the report means. */
export const fateMeanings: Record<RowFate, string> = fates;

/** The columns that are needed, and what they may be called: letters only, in lower case. */
const COLUMNS = {
  invoice: ["invoiceno", "invoice"],
  code: ["stockcode"],
  description: ["description"],
  qty: ["quantity"],
  date: ["invoicedate"],
  price: ["unitprice", "price"],
  customer: ["customerid"],
  country: ["country"],
} as const;

type Fields = Record<keyof typeof COLUMNS, string>;

/** No shop has invoices of before: the year is mistyped. */
const EARLIEST = "1970-01-01";
const DAY_MS = 86_400_000;

/** Five digits and perhaps letters; everything else in the data is postage, a fee, a sample or a correction. */
const PRODUCT_CODE = /^\d{5}[A-Z]*$/;

/** How a file is read. */
export interface Reading {
  minorPerMajor: number;
  /** Nothing was sold later than this. */
  now: Date;
  progress?: FileProgress;
}

/** Reads a whole file and changes nothing. Throws ShopError `invalid` for what is no such file. */
export async function readInvoices(path: string, { minorPerMajor, now, progress }: Reading): Promise<Invoices> {
  // Invoices may be written by the clock of another time zone.
  const latest = new Date(now.getTime() + DAY_MS).toISOString();
  const orders = new Map<string, InvoicedOrder>();
  const rows = {
    sold: 0,
    cancelled: 0,
    no_customer: 0,
    no_quantity: 0,
    no_price: 0,
    no_product: 0,
    incomplete: 0,
    unreadable: 0,
  };
  const unreadable: Invoices["unreadable"] = [];
  const incomplete = new Set<string>();
  const illegible: { words: string[]; before: string }[] = [];
  let before = "";
  const numeric = (headings: string[]) => recognised(headings).flatMap((name, at) => (NUMBERS.has(name) ? [at] : []));
  const table = await openTable(await fileSource(path), { numeric, ...(progress && { progress }) });
  const names = recognised(table.headings);
  for await (const cells of table.rows) {
    const row = byName(cells, names);
    const sale = "problem" in row ? row : readSale(row.fields as Fields, minorPerMajor, latest);
    const invoice = numberOf(row);
    if ("problem" in sale) {
      rows.unreadable++;
      unreadable.push({ line: row.line, problem: sale.problem });
      if (invoice === undefined) illegible.push({ words: wordsOf(row), before });
      else incomplete.add(invoice);
    } else if ("fate" in sale) {
      rows[sale.fate]++;
    } else {
      rows.sold++;
      const order = orders.get(sale.invoice);
      if (order) order.lines.push(...sale.lines);
      else orders.set(sale.invoice, sale);
    }
    before = invoice ?? before;
  }
  if (Object.entries(rows).every(([fate, count]) => fate === "unreadable" || count === 0))
    throw noneReadable(path, unreadable);
  for (const { words, before: previous } of illegible) {
    const named = words.filter((word) => orders.has(word));
    // A line that was cut off names none, and most likely belongs to the invoice above it.
    for (const invoice of named.length > 0 ? named : [previous]) incomplete.add(invoice);
  }
  for (const invoice of incomplete) {
    const lines = orders.get(invoice)?.lines.length ?? 0;
    rows.sold -= lines;
    rows.incomplete += lines;
    orders.delete(invoice);
  }
  return { products: productsOf(orders), customers: customersOf(orders), orders, rows, unreadable };
}

const NUMBERS = new Set<string | false>(["qty", "price"]);

function byName(row: TableRow, names: readonly (string | false)[]): CsvRow {
  if ("problem" in row) return row;
  const fields: Record<string, string> = {};
  for (const [at, name] of names.entries()) if (name !== false) fields[name] = row.cells[at] ?? "";
  return { line: row.line, fields, missing: row.missing };
}

function numberOf(row: CsvRow): string | undefined {
  const number = "fields" in row && row.missing === 0 ? row.fields["invoice"]?.trim() : undefined;
  return number === "" ? undefined : number;
}

/** What stands in a line that makes no sense: its invoice's number may be among it. */
function wordsOf(row: CsvRow): string[] {
  const words = "text" in row ? row.text.split(",") : Object.values(row.fields);
  return words.map((word) => word.replaceAll('"', "").trim());
}

function recognised(headings: string[]): (string | false)[] {
  const letters = headings.map((heading) => heading.toLowerCase().replaceAll(/[^a-z]/g, ""));
  const missing = Object.values(COLUMNS).filter(
    (spellings) => !spellings.some((spelling) => letters.includes(spelling)),
  );
  if (missing.length > 0) {
    const wanted = missing.map(([first]) => first).join(", ");
    throw new ShopError("invalid", `This is no file of invoices: it has no column ${wanted}. Nothing was changed.`);
  }
  return letters.map(
    (name) =>
      Object.entries(COLUMNS).find(([, spellings]) => spellings.some((spelling) => spelling === name))?.[0] ?? false,
  );
}

/** One row's sale, or why it is none. The order of the questions decides what a row with several faults counts as. */
function readSale(
  row: Fields,
  minorPerMajor: number,
  latest: string,
): InvoicedOrder | { fate: RowFate } | { problem: string } {
  const code = row.code.trim().toUpperCase();
  const qty = numberIn(row.qty);
  const price = Math.round(numberIn(row.price) * minorPerMajor) / minorPerMajor;
  const placedAt = readTime(row.date);
  if (!Object.values(row).every(isStorable)) return { problem: "There is a character that can't be stored." };
  if (row.invoice.trim() === "") return { problem: "There is no invoice number." };
  if (!Number.isInteger(qty)) return { problem: "The quantity is not a whole number." };
  if (!Number.isFinite(price)) return { problem: "The price is not a number." };
  if (placedAt === undefined) return { problem: "The date is not a date." };
  if (placedAt > latest) return { problem: "The date is in the future." };
  if (placedAt < EARLIEST) return { problem: "The date is too long ago." };
  if (/^C/i.test(row.invoice)) return { fate: "cancelled" };
  if (qty <= 0) return { fate: "no_quantity" };
  if (price <= 0) return { fate: "no_price" };
  if (row.customer.trim() === "") return { fate: "no_customer" };
  if (!PRODUCT_CODE.test(code)) return { fate: "no_product" };
  if (qty > 1_000_000) return { problem: "The quantity is too large." };
  if (price > HIGHEST_PRICE) return { problem: "The price is too large." };
  return {
    invoice: row.invoice.trim(),
    // Some tools write 17850 as 17850.0.
    customer: row.customer.trim().replace(/\.0$/, ""),
    country: row.country.trim(),
    placedAt,
    lines: [{ code, name: row.description.trim(), qty, price }],
  };
}

function productsOf(orders: Invoices["orders"]): Invoices["products"] {
  const products: Invoices["products"] = new Map();
  const names = new Map<string, Map<string, number>>();
  for (const { placedAt, lines } of orders.values()) {
    for (const { code, name, price } of lines) {
      const { firstSoldAt } = products.get(code) ?? { firstSoldAt: placedAt };
      products.set(code, { code, name: code, price, firstSoldAt: placedAt < firstSoldAt ? placedAt : firstSoldAt });
      if (name === "") continue;
      const counts = names.get(code) ?? new Map<string, number>();
      names.set(code, counts.set(name, (counts.get(name) ?? 0) + 1));
    }
  }
  for (const product of products.values()) product.name = mostFrequent(names.get(product.code)) ?? product.code;
  return products;
}

function customersOf(orders: Invoices["orders"]): Invoices["customers"] {
  const customers: Invoices["customers"] = new Map();
  for (const { customer, country, placedAt } of orders.values()) {
    const known = customers.get(customer);
    if (!known || placedAt < known.firstOrderAt)
      customers.set(customer, { id: customer, country, firstOrderAt: placedAt });
  }
  return customers;
}

/** `2010-12-01 08:26:00` or ISO 8601, taken as UTC. */
function readTime(text: string): string | undefined {
  const [, day = "", time] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?Z?$/.exec(text.trim()) ?? [];
  const moment = new Date(`${day}T${time}Z`);
  if (Number.isNaN(moment.getTime())) return undefined;
  // A day that there is not, such as February 31st, is taken for one in March.
  return moment.toISOString().startsWith(day) ? moment.toISOString() : undefined;
}

function mostFrequent(counts: Map<string, number> = new Map()): string | undefined {
  return [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}
