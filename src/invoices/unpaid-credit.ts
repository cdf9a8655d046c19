import type { CreditedRefund } from "./documents";
import type { OrderFacts } from "./order-facts";
import type { StoredInvoice } from "./queries";
import type { InvoiceDocument } from "./schema";
import { invoiceSums } from "./sums";

/**
 * What of an invoice is nobody's to pay any more although nothing was paid back: units that came off the order since, or all
 * of it where it was cancelled or came back before it was paid. Undefined where that is credited already. `notes` are the
 * credit notes of such before.
 */
export function unpaidCredit(
  facts: OrderFacts,
  invoice: StoredInvoice,
  notes: readonly StoredInvoice[],
): CreditedRefund | undefined {
  const isLost = facts.payment_status === "failed";
  const due = isLost ? 0 : invoiceSums(facts.sold).total_minor;
  const amount_minor = notes.reduce((left, { total_minor }) => left - total_minor, invoice.total_minor - due);
  if (amount_minor <= 0) return undefined;
  const invoiced = unitsOn(invoice.document, facts);
  const credited = notes.map(({ document }) => unitsOn(document, facts));
  const units = facts.sold.lines.flatMap(({ line, qty, cancelled }) => {
    const on = invoiced.get(line) ?? 0;
    const gone = isLost ? on : cancelled - (qty - on);
    const left = credited.reduce((sum, lines) => sum - (lines.get(line) ?? 0), gone);
    return left > 0 ? [{ line, qty: left }] : [];
  });
  const off = new Map(units.map(({ line, qty }) => [line, qty]));
  const isDeliveryLeft =
    invoice.document.shipping !== null && !notes.some(({ document }) => document.shipping !== null);
  return {
    amount_minor,
    reason:
      facts.status === "placed" || facts.status === "packed" || facts.status === "cancelled"
        ? "Cancelled before it was paid."
        : "The goods came back unpaid.",
    units,
    is_shipping: isLost && isDeliveryLeft,
    // The units of a line are priced in their order, and those that come off now are the last of what came off so far.
    before: new Map(isLost ? [] : [...off].map(([line, qty]) => [line, -qty])),
  };
}

/** How many units of each line a document has. Its lines are those of the order, in their order, by what they say. */
function unitsOn({ lines }: InvoiceDocument, facts: OrderFacts): Map<number, number> {
  const left = [...facts.lines];
  const units = new Map<number, number>();
  for (const { name, sku, price, qty } of lines) {
    const at = left.findIndex((one) => one.name === name && one.sku === sku && one.price === price && one.qty >= qty);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found) units.set(found.line, qty);
  }
  return units;
}
