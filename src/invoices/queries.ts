import type { Listed, Page } from "../base/page";
import { Json, objectFrom, type Reader, type Transaction } from "../storage/database";
import { readList } from "../storage/lists";
import { one } from "../storage/sql";
import type { InvoiceDocument, InvoiceFilter } from "./schema";

/** An invoice or credit note as it lies there. Its document was checked when it was written. */
export interface StoredInvoice {
  id: number;
  series: string;
  number: number;
  label: string;
  kind: "invoice" | "credit_note";
  order_id: number;
  refund_id: number | null;
  total_minor: number;
  currency: string;
  document: InvoiceDocument;
  issued_at: string;
}

type InvoiceRow = Omit<StoredInvoice, "document"> & { document: unknown };

const COLUMNS = "id, series, number, label, kind, order_id, refund_id, total_minor, currency, document, issued_at";

const toInvoice = (row: InvoiceRow): StoredInvoice => ({
  ...row,
  document: objectFrom(row.document) as unknown as InvoiceDocument,
});

/** The next number of a series. Nobody else gets one of it before this transaction ends, and one that fails gives its back. */
export async function takeNumber(tx: Transaction, series: string): Promise<number> {
  await tx.run("INSERT INTO invoice_series (series, last_number) VALUES ($1, 0) ON CONFLICT (series) DO NOTHING", [
    series,
  ]);
  const row = await tx.first<{ last_number: number }>(
    "UPDATE invoice_series SET last_number = last_number + 1 WHERE series = $1 RETURNING last_number",
    [series],
  );
  return one(row).last_number;
}

export async function insertInvoice(tx: Transaction, invoice: Omit<StoredInvoice, "id">): Promise<number> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO invoices (series, number, label, kind, order_id, refund_id, total_minor, currency, document, issued_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
    [
      invoice.series,
      invoice.number,
      invoice.label,
      invoice.kind,
      invoice.order_id,
      invoice.refund_id,
      invoice.total_minor,
      invoice.currency,
      new Json(invoice.document),
      invoice.issued_at,
    ],
  );
  return one(row).id;
}

export async function findInvoice(reader: Reader, id: number): Promise<StoredInvoice | undefined> {
  const row = await reader.first<InvoiceRow>(`SELECT ${COLUMNS} FROM invoices WHERE id = $1`, [id]);
  return row && toInvoice(row);
}

export async function findInvoiceOf(reader: Reader, orderId: number): Promise<StoredInvoice | undefined> {
  const row = await reader.first<InvoiceRow>(
    `SELECT ${COLUMNS} FROM invoices WHERE order_id = $1 AND kind = 'invoice'`,
    [orderId],
  );
  return row && toInvoice(row);
}

/** Newest first, with how many there are in all. */
export async function findInvoices(
  reader: Reader,
  { order_id, kind, from, before }: InvoiceFilter,
  page: Page,
): Promise<Listed<StoredInvoice>> {
  const given = Object.entries({
    "order_id =": order_id,
    "kind =": kind,
    "issued_at >=": from,
    "issued_at <": before,
  }).flatMap(([test, value]) => (value === undefined ? [] : [{ test, value }]));
  const { items, ...listed } = await readList<InvoiceRow>(
    reader,
    {
      sql: given.map(({ test }, index) => `${test} $${index + 1}`).join(" AND "),
      values: given.map(({ value }) => value),
      columns: COLUMNS,
      from: "invoices",
      order: [{ column: "id", part: "id" }],
      descending: true,
    },
    page,
  );
  return { ...listed, items: items.map(toInvoice) };
}

/** Invoices in the order in which they were issued, the next after this one, before a moment. */
export async function findInvoicesAfter(
  reader: Reader,
  { issued_at, id }: { issued_at: string; id: number },
  before: string,
  most: number,
): Promise<StoredInvoice[]> {
  const rows = await reader.all<InvoiceRow>(
    `SELECT ${COLUMNS} FROM invoices WHERE (issued_at, id) > ($1, $2) AND issued_at < $3 ORDER BY issued_at, id LIMIT $4`,
    [issued_at, id, before, most],
  );
  return rows.map(toInvoice);
}

/** A refund of an order, with the credit note that it has. */
export interface RefundToCredit {
  id: number;
  amount_minor: number;
  reason: string | null;
  state: "owed" | "sent" | "done" | "failed";
  is_shipping: number;
  invoice_id: number | null;
}

/** The refunds of an order, the first first. What was paid beside its payment was never invoiced. */
export function findRefundsToCredit(reader: Reader, orderId: number): Promise<RefundToCredit[]> {
  return reader.all<RefundToCredit>(
    `SELECT r.id, r.amount_minor, r.reason, r.state, r.is_shipping, i.id AS invoice_id
     FROM refunds r JOIN payments p ON p.id = r.payment_id LEFT JOIN invoices i ON i.refund_id = r.id
     WHERE r.order_id = $1 AND p.state <> 'surplus' ORDER BY r.id`,
    [orderId],
  );
}

/** The units that refunds of an order were for. */
export function findRefundUnits(
  reader: Reader,
  orderId: number,
): Promise<{ refund_id: number; line: number; qty: number }[]> {
  return reader.all("SELECT refund_id, line, qty FROM refund_lines WHERE order_id = $1 ORDER BY refund_id, line", [
    orderId,
  ]);
}

/** The credit notes of an order, the first first. */
export async function findCreditNotesOf(reader: Reader, orderId: number): Promise<StoredInvoice[]> {
  const rows = await reader.all<InvoiceRow>(
    `SELECT ${COLUMNS} FROM invoices WHERE order_id = $1 AND kind = 'credit_note' ORDER BY id`,
    [orderId],
  );
  return rows.map(toInvoice);
}
