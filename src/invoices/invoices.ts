import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import { toMajor, toMinor } from "../base/money";
import type { Listed, Page } from "../base/page";
import { recordEvent } from "../events/events";
import { holdOrder } from "../orders/queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { creditNoteDocument, invoiceDocument } from "./documents";
import { labelOf, seriesOf } from "./labels";
import { getOrderFacts, type OrderFacts } from "./order-facts";
import {
  findInvoice,
  findInvoiceOf,
  findInvoices,
  findInvoicesAfter,
  findCreditNotesOf,
  findRefundsToCredit,
  findRefundUnits,
  insertInvoice,
  type RefundToCredit,
  type StoredInvoice,
  takeNumber,
} from "./queries";
import { creditOf } from "./refund-sums";
import type { Invoice, InvoiceDocument, InvoiceEntry, InvoiceFilter } from "./schema";
import { unpaidCredit } from "./unpaid-credit";

/**
 * Gives an order its invoice, and each of its refunds and what came off it unpaid a credit note, where they have none. Any number of times and at once
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
    return shown(invoice);
  });
}

/** Gives the refunds of an order that has an invoice, and what came off it unpaid, their credit notes. */
export function creditRefunds(shop: Shop, orderId: number): Promise<void> {
  return shop.database.transaction(async (tx) => {
    await holdOrder(tx, orderId);
    const invoice = await findInvoiceOf(tx, orderId);
    if (invoice) await issueCreditNotes(shop, tx, invoice);
  });
}

async function issueCreditNotes(shop: Shop, tx: Transaction, invoice: StoredInvoice): Promise<void> {
  const { order_id } = invoice;
  const refunds = await findRefundsToCredit(tx, order_id);
  const uncredited = uncreditedOf(refunds);
  const facts = await getOrderFacts(tx, order_id);
  const notes = await findCreditNotesOf(tx, order_id);
  await issueUnpaidNote(shop, tx, invoice, facts, notes);
  if (uncredited.length === 0) return;
  const units = await findRefundUnits(tx, order_id);
  const credited = notes.map(({ document }) => document);
  let left_minor = invoice.total_minor - notes.reduce((sum, { total_minor }) => sum + total_minor, 0);
  for (const refund of uncredited) {
    // Paid after all that was invoiced had come to nothing: the note is there.
    if (refund.amount_minor > left_minor) continue;
    left_minor -= refund.amount_minor;
    const credit = { ...creditOf(refund, refunds, units), reason: refund.reason };
    const document = creditNoteDocument(facts, shop.settings, credit, { invoice, credited });
    await issueDocument(shop, tx, document, refund.id);
    credited.push(document);
  }
}

/** Credits what came off an invoiced order before it was paid: units, or all of it where it is never paid at all. */
async function issueUnpaidNote(
  shop: Shop,
  tx: Transaction,
  invoice: StoredInvoice,
  facts: OrderFacts,
  notes: StoredInvoice[],
): Promise<void> {
  const unpaid = notes.filter(({ refund_id }) => refund_id === null);
  const credit = unpaidCredit(facts, invoice, unpaid);
  if (!credit) return;
  const credited = notes.map(({ document }) => document);
  const document = creditNoteDocument(facts, shop.settings, credit, { invoice, credited });
  notes.push(await issueDocument(shop, tx, document, null));
}

/**
 * The refunds that want a credit note: those that have none and were not refused. One that was credited and failed at the
 * gateway is sent again as another of the same amount, which its note is for as well.
 */
function uncreditedOf(refunds: readonly RefundToCredit[]): RefundToCredit[] {
  const spare = refunds.filter(({ state, invoice_id }) => state === "failed" && invoice_id !== null);
  return refunds.filter((refund) => {
    if (refund.state === "failed" || refund.invoice_id !== null) return false;
    const at = spare.findIndex(({ id, amount_minor }) => id < refund.id && amount_minor === refund.amount_minor);
    if (at < 0) return true;
    spare.splice(at, 1);
    return false;
  });
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
  const [label, total_minor] = [labelOf(series, number), toMinor(document.total, currencyOf(currency))];
  const invoice = { series, number, label, kind, order_id, refund_id, total_minor, currency, document, issued_at };
  const id = await insertInvoice(tx, invoice);
  await recordEvent(tx, "invoice.issued", { order_id, invoice_id: id, kind, label: invoice.label }, issued_at);
  return { id, ...invoice };
}

/** Newest first. */
export async function listInvoices(shop: Shop, filter: InvoiceFilter, page: Page): Promise<Listed<InvoiceEntry>> {
  const { items, ...listed } = await findInvoices(shop.database, filter, page);
  return { ...listed, items: items.map((invoice) => entryOf(invoice)) };
}

/** Throws `not_found`. */
export async function getInvoice(shop: Shop, id: number): Promise<Invoice> {
  return shown(known(await findInvoice(shop.database, id)));
}

/** The invoice of an order. Throws `not_found` where it has none. */
export async function getInvoiceOf(shop: Shop, orderId: number): Promise<Invoice> {
  return shown(known(await findInvoiceOf(shop.database, orderId)));
}

const INVOICES_A_ROUND = 500;

/** All documents that were issued from one moment on and before another, in their order, for the accountant. */
export async function* exportInvoices(
  shop: Shop,
  { from, before }: { from: string; before: string },
): AsyncGenerator<Invoice> {
  let last = { issued_at: from, id: 0 };
  for (;;) {
    const invoices = await findInvoicesAfter(shop.database, last, before, INVOICES_A_ROUND);
    for (const invoice of invoices) yield shown(invoice);
    last = invoices.at(-1) ?? last;
    if (invoices.length < INVOICES_A_ROUND) return;
  }
}

/** In its own currency, whatever the shop sells in by now. */
function entryOf({ document: _, refund_id: __, total_minor, ...invoice }: StoredInvoice): InvoiceEntry {
  return { ...invoice, total: toMajor(total_minor, currencyOf(invoice.currency)) };
}

const shown = (invoice: StoredInvoice): Invoice => ({
  ...entryOf(invoice),
  document: invoice.document,
});

function known(invoice: StoredInvoice | undefined): StoredInvoice {
  if (!invoice) throw new ShopError("not_found", "There is no such invoice.");
  return invoice;
}
