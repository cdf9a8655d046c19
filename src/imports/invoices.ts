import { ShopError } from "../errors";
import { HIGHEST_PRICE, isStorable } from "../shapes";
import { byLine, type FileProgress, readCsv } from "./files";

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
  /** As last sold. */
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
  lines: { code: string; qty: number; price: number }[];
}

const fates = {
  sold: "a line of an order",
  cancelled: "left out: a cancellation (invoice starting with C)",
  no_customer: "left out: no customer",
  no_quantity: "left out: quantity of zero or less without being a cancellation",
  no_price: "left out: price of zero or less",
  no_product: "left out: not a product (postage, fees, samples and other odd codes)",
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

/** Five digits and perhaps letters; everything else in the data is postage, a fee, a sample or a correction. */
const PRODUCT_CODE = /^\d{5}[A-Z]*$/;

/** Reads a whole file and changes nothing. Throws ShopError `invalid` for what is no such file. */
export async function readInvoices(path: string, minorPerMajor: number, progress?: FileProgress): Promise<Invoices> {
  const invoices: Invoices = {
    products: new Map(),
    customers: new Map(),
    orders: new Map(),
    rows: { sold: 0, cancelled: 0, no_customer: 0, no_quantity: 0, no_price: 0, no_product: 0, unreadable: 0 },
    unreadable: [],
  };
  const names = new Map<string, Map<string, number>>();
  for await (const row of readCsv(path, recognised, progress)) {
    const sale = "problem" in row ? row : readSale(row.fields as Fields, minorPerMajor);
    const fate = "problem" in sale ? "unreadable" : "fate" in sale ? sale.fate : "sold";
    invoices.rows[fate]++;
    if ("problem" in sale) invoices.unreadable.push({ line: row.line, problem: sale.problem });
    if ("lines" in sale) add(invoices, names, sale);
  }
  invoices.unreadable.sort(byLine);
  for (const product of invoices.products.values())
    product.name = mostFrequent(names.get(product.code)) ?? product.code;
  return invoices;
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
function readSale(row: Fields, minorPerMajor: number): Sale | { fate: RowFate } | { problem: string } {
  const code = row.code.trim().toUpperCase();
  const qty = Number(row.qty);
  const price = Math.round(Number(row.price) * minorPerMajor) / minorPerMajor;
  const placedAt = readTime(row.date);
  if (!Object.values(row).every(isStorable)) return { problem: "There is a character that can't be stored." };
  if (row.invoice.trim() === "") return { problem: "There is no invoice number." };
  if (!Number.isInteger(qty) || row.qty.trim() === "") return { problem: "The quantity is not a whole number." };
  if (!Number.isFinite(price) || row.price.trim() === "") return { problem: "The price is not a number." };
  if (placedAt === undefined) return { problem: "The date is not a date." };
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
    name: row.description.trim(),
    placedAt,
    lines: [{ code, qty, price }],
  };
}

interface Sale extends InvoicedOrder {
  name: string;
}

function add({ products, customers, orders }: Invoices, names: Map<string, Map<string, number>>, sale: Sale): void {
  const { invoice, customer, country, placedAt } = sale;
  for (const line of sale.lines) {
    const product = products.get(line.code) ?? { code: line.code, name: "", price: line.price, firstSoldAt: placedAt };
    product.price = line.price;
    if (placedAt < product.firstSoldAt) product.firstSoldAt = placedAt;
    products.set(line.code, product);
    if (sale.name !== "") {
      const counts = names.get(line.code) ?? new Map<string, number>();
      names.set(line.code, counts.set(sale.name, (counts.get(sale.name) ?? 0) + 1));
    }
  }
  const known = customers.get(customer);
  if (!known || placedAt < known.firstOrderAt)
    customers.set(customer, { id: customer, country, firstOrderAt: placedAt });
  const order = orders.get(invoice);
  if (order) order.lines.push(...sale.lines);
  else orders.set(invoice, { invoice, customer, placedAt, country, lines: sale.lines });
}

/** `2010-12-01 08:26:00` or ISO 8601, taken as UTC. */
function readTime(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?Z?$/.exec(text.trim());
  const time = match ? new Date(`${match[1]}T${match[2]}Z`) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

function mostFrequent(counts: Map<string, number> = new Map()): string | undefined {
  return [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}
