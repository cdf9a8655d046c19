import { ShopError } from "../base/errors";
import { toMajor, toMinor } from "../base/money";
import type { Listed, Page } from "../base/page";
import { recordEvent } from "../events/events";
import { holdOrder } from "../orders/queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { creditNoteDocument, invoiceDocument } from "./documents";
import { labelOf, seriesOf } from "./labels";
import { getOrderFacts } from "./order-facts";
import {
  findInvoice,
  findInvoiceOf,
  findInvoices,
  findInvoicesAfter,
  findRefundUnits,
  findUncredited,
  insertInvoice,
  type StoredInvoice,
  takeNumber,
} from "./queries";
import type { Invoice, InvoiceDocument, InvoiceEntry, InvoiceFilter } from "./schema";

/**
 * Gives an order its invoice, and each of its refunds a credit note, where they have none. Any number of times and at once
 * from anywhere: what is there stays. Throws `not_found`.
 */
export function issueInvoice(shop: Shop, orderId: number): Promise<Invoice> {
  return shop.database.transaction(async (tx) => {
    // Held, so that nobody else issues for it, or pays any of it back, meanwhile.
    if (!(await holdOrder(tx, orderId))) throw new ShopError("not_found", "There is no such order.");
    const there = await findInvoiceOf(tx, orderId);
    const invoice =
      there ?? (await issueDocument(shop, tx, invoiceDocument(await getOrderFacts(tx, orderId), shop.settings), null));
    await issueCreditNotes(shop, tx, invoice);
    return shown(shop, invoice);
  });
}

/** Gives the refunds of an order that has an invoice their credit notes. */
export function creditRefunds(shop: Shop, orderId: number): Promise<void> {
  return shop.database.transaction(async (tx) => {
    await holdOrder(tx, orderId);
    const invoice = await findInvoiceOf(tx, orderId);
    if (invoice) await issueCreditNotes(shop, tx, invoice);
  });
}

async function issueCreditNotes(shop: Shop, tx: Transaction, { order_id, label }: StoredInvoice): Promise<void> {
  const refunds = await findUncredited(tx, order_id);
  if (refunds.length === 0) return;
  const facts = await getOrderFacts(tx, order_id);
  for (const refund of refunds) {
    const units = await findRefundUnits(tx, refund.id);
    const document = creditNoteDocument(facts, shop.settings, { ...refund, units, corrects: label });
    await issueDocument(shop, tx, document, refund.id);
  }
}

async function issueDocument(
  shop: Shop,
  tx: Transaction,
  document: InvoiceDocument,
  refund_id: number | null,
): Promise<StoredInvoice> {
  const now = shop.now();
  const issued_at = now.toISOString();
  const { kind, order_id, currency } = document;
  const series = seriesOf(shop.settings, kind, now);
  const number = await takeNumber(tx, series);
  const [label, total_minor] = [labelOf(series, number), toMinor(document.total, shop.settings)];
  const invoice = { series, number, label, kind, order_id, refund_id, total_minor, currency, document, issued_at };
  const id = await insertInvoice(tx, invoice);
  await recordEvent(tx, "invoice.issued", { order_id, invoice_id: id, kind, label: invoice.label }, issued_at);
  return { id, ...invoice };
}

/** Newest first. */
export async function listInvoices(shop: Shop, filter: InvoiceFilter, page: Page): Promise<Listed<InvoiceEntry>> {
  const { items, ...listed } = await findInvoices(shop.database, filter, page);
  return { ...listed, items: items.map((invoice) => entryOf(shop, invoice)) };
}

/** Throws `not_found`. */
export async function getInvoice(shop: Shop, id: number): Promise<Invoice> {
  return shown(shop, known(await findInvoice(shop.database, id)));
}

/** The invoice of an order. Throws `not_found` where it has none. */
export async function getInvoiceOf(shop: Shop, orderId: number): Promise<Invoice> {
  return shown(shop, known(await findInvoiceOf(shop.database, orderId)));
}

const INVOICES_A_ROUND = 500;

/** All documents that were issued from one moment on and before another, in their order, for the accountant. */
export async function* exportInvoices(shop: Shop, span: { from: string; before: string }): AsyncGenerator<Invoice> {
  let last = 0;
  for (;;) {
    const invoices = await findInvoicesAfter(shop.database, last, span, INVOICES_A_ROUND);
    for (const invoice of invoices) yield shown(shop, invoice);
    last = invoices.at(-1)?.id ?? last;
    if (invoices.length < INVOICES_A_ROUND) return;
  }
}

function entryOf(
  { settings }: Shop,
  { document: _, refund_id: __, total_minor, ...invoice }: StoredInvoice,
): InvoiceEntry {
  return { ...invoice, total: toMajor(total_minor, settings) };
}

const shown = (shop: Shop, invoice: StoredInvoice): Invoice => ({
  ...entryOf(shop, invoice),
  document: invoice.document,
});

function known(invoice: StoredInvoice | undefined): StoredInvoice {
  if (!invoice) throw new ShopError("not_found", "There is no such invoice.");
  return invoice;
}
