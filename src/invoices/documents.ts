import type { Settings } from "../shop/settings";
import { addressLines, type OrderFacts } from "./order-facts";
import type { UncreditedRefund } from "./queries";
import type { InvoiceDocument } from "./schema";

/** What the invoice of an order says. */
export function invoiceDocument(facts: OrderFacts, settings: Settings): InvoiceDocument {
  return {
    ...frameOf(facts, settings),
    kind: "invoice",
    lines: facts.lines.map((line) => lineOf(line, line.qty, facts)),
    shipping: facts.shipping > 0 ? { name: facts.shipping_method ?? "Delivery", amount: facts.shipping } : null,
    taxes: facts.taxes,
    total: facts.total,
    corrects: null,
    reason: null,
  };
}

/** What the credit note of a refund says: the units that it was for where it was for units, else the amount alone. */
export function creditNoteDocument(
  facts: OrderFacts,
  settings: Settings,
  refund: UncreditedRefund & { units: readonly { line: number; qty: number }[]; corrects: string },
): InvoiceDocument {
  const { minorPerMajor } = settings;
  const total = refund.amount_minor / minorPerMajor;
  const totalMinor = Math.round(facts.total * minorPerMajor);
  // As the running sum has it, so that the credit notes of a whole order come to the taxes of its invoice.
  const share = (major: number) => {
    const minor = BigInt(Math.round(major * minorPerMajor));
    const upTo = (paid: number) => (totalMinor === 0 ? 0n : (minor * BigInt(paid)) / BigInt(totalMinor));
    return Number(upTo(refund.before_minor + refund.amount_minor) - upTo(refund.before_minor)) / minorPerMajor;
  };
  const units = refund.units.flatMap(({ line, qty }) => {
    const sold = facts.lines.find((one) => one.line === line);
    return sold ? [lineOf(sold, qty, facts)] : [];
  });
  const amount = { name: "Refund", sku: null, hsn: null, qty: 1, price: total, discount: 0, total };
  return {
    ...frameOf(facts, settings),
    kind: "credit_note",
    lines: units.length > 0 ? units : [amount],
    shipping: null,
    taxes: facts.taxes.map(({ base, tax, ...rate }) => ({ ...rate, base: share(base), tax: share(tax) })),
    total,
    corrects: refund.corrects,
    reason: refund.reason,
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

/** Some units of a line, with their part of its discount. */
function lineOf(
  { name, sku, hsn, qty: sold, price, discount }: OrderFacts["lines"][number],
  qty: number,
  { currency }: OrderFacts,
): InvoiceDocument["lines"][number] {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const rounded = (amount: number) => Number(amount.toFixed(maximumFractionDigits));
  const part = qty === sold ? discount : rounded((discount * qty) / sold);
  return { name, sku, hsn, qty, price, discount: part, total: rounded(price * qty - part) };
}
