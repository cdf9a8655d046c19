import { currencyOf } from "../base/currency";
import { toMajor } from "../base/money";
import type { Settings } from "../shop/settings";
import { addressLines, type OrderFacts } from "./order-facts";
import type { StoredInvoice } from "./queries";
import type { InvoiceDocument } from "./schema";
import { type Credit, creditSums, invoiceSums, type Sums } from "./sums";

/** What the invoice of an order says: units that came off it before they were paid are not on it. */
export function invoiceDocument(facts: OrderFacts, settings: Settings): InvoiceDocument {
  const sums = invoiceSums(facts.sold);
  return {
    ...frameOf(facts, settings),
    ...shownSums(facts, sums),
    kind: "invoice",
    corrects: null,
    reason: null,
  };
}

/** A refund that is to be credited, with the units that it was for and those that were paid back before it. */
export type CreditedRefund = Credit & { reason: string | null };

/** What the credit note of a refund says: units, the delivery, and what else was paid back. */
export function creditNoteDocument(
  facts: OrderFacts,
  settings: Settings,
  refund: CreditedRefund,
  { invoice, credited }: { invoice: StoredInvoice; credited: readonly InvoiceDocument[] },
): InvoiceDocument {
  const { rest_minor, ...sums } = creditSums(
    facts.sold,
    sumsOf(facts, invoice.document),
    refund,
    credited.map((document) => sumsOf(facts, document)),
  );
  const shown = shownSums(facts, sums);
  const rest = majorIn(facts)(rest_minor);
  const name = rest_minor > 0 ? "Refund" : "Paid back before";
  const other = { name, sku: null, hsn: null, qty: 1, price: rest, discount: 0, total: rest };
  return {
    ...frameOf(facts, settings),
    ...shown,
    kind: "credit_note",
    lines: rest_minor === 0 ? shown.lines : [...shown.lines, other],
    taxes: shown.taxes.filter(({ base, tax }) => base !== 0 || tax !== 0),
    corrects: invoice.label,
    reason: refund.reason,
  };
}

const majorIn = ({ currency }: OrderFacts) => {
  const digits = currencyOf(currency);
  return (minor: number) => toMajor(minor, digits);
};

function shownSums(facts: OrderFacts, { lines, shipping_minor, taxes, total_minor }: Sums) {
  const major = majorIn(facts);
  return {
    lines: lines.flatMap(({ line, qty, total_minor: sum }) => {
      const of = facts.lines.find((one) => one.line === line);
      return of ? [lineOf(of, qty, major(sum), major)] : [];
    }),
    shipping: shipping_minor > 0 ? { name: facts.shipping_method ?? "Delivery", amount: major(shipping_minor) } : null,
    taxes: facts.taxes.map(({ name, percent }, index) => ({
      name,
      percent,
      base: major(taxes[index]?.base_minor ?? 0),
      tax: major(taxes[index]?.tax_minor ?? 0),
    })),
    total: major(total_minor),
  };
}

/** What a document that was issued came to. Its taxes are those of the order, by name and percent. */
function sumsOf(facts: OrderFacts, document: InvoiceDocument): Sums {
  const { minorPerMajor } = currencyOf(facts.currency);
  const minor = (major: number) => Math.round(major * minorPerMajor);
  const left = [...document.taxes];
  const taxes = facts.taxes.map(({ name, percent }, index) => {
    const at = left.findIndex((tax) => tax.name === name && tax.percent === percent);
    const [tax] = at < 0 ? [] : left.splice(at, 1);
    const tax_class = facts.sold.taxes[index]?.tax_class ?? "";
    return { tax_class, base_minor: minor(tax?.base ?? 0), tax_minor: minor(tax?.tax ?? 0) };
  });
  return {
    lines: [],
    shipping_minor: minor(document.shipping?.amount ?? 0),
    taxes,
    total_minor: minor(document.total),
  };
}

function frameOf(facts: OrderFacts, settings: Settings) {
  const address = facts.billing_address ?? facts.address;
  const [name = "", ...lines] = address ? addressLines({ ...address, phone: null }) : [];
  return {
    seller: {
      name: settings.shopName,
      lines: addressOfShop(settings),
      email: settings.shopEmail ?? null,
      tax_id: settings.shopTaxId ?? null,
    },
    buyer: {
      name,
      lines,
      // Not needed on an invoice, and what is on it stays when a person is erased.
      email: null,
      tax_id: facts.tax_id,
      state: address?.state ?? null,
      country: address?.country ?? null,
    },
    delivered_to: facts.billing_address && facts.address ? addressLines({ ...facts.address, phone: null }) : [],
    order_id: facts.id,
    placed_at: facts.placed_at,
    currency: facts.currency,
    tax_is_included: facts.tax === 0,
  };
}

/** `;` parts the lines of what the setting says. */
export function addressOfShop({ shopAddress }: Pick<Settings, "shopAddress">): string[] {
  return (shopAddress ?? "")
    .split(";")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Some units of a line: what they come to is their price less their part of its discount. */
function lineOf(
  { name, sku, hsn, price }: OrderFacts["lines"][number],
  qty: number,
  total: number,
  major: (minor: number) => number,
): InvoiceDocument["lines"][number] {
  const step = major(1);
  const discount = (Math.round((price * qty) / step) - Math.round(total / step)) * step;
  return { name, sku, hsn, qty, price, discount: Number(discount.toFixed(4)), total };
}
