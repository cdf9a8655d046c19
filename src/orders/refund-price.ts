import { partOf } from "../base/money";
import type { HeldOrder } from "./queries";
import { type Share, unitsToRefund } from "./units";
import type { LineUnits } from "./unit-queries";

/** What an order's prices are reckoned from. */
export type PricedOrder = Pick<HeldOrder, "subtotal_minor" | "shipping_minor" | "tax_minor" | "total_minor">;

/**
 * What units cost with their discount and their tax, in minor units. Units of a line are taken by the running sum, so that
 * in any order and any split they come to exactly what the line was paid with:
 *   paid up to unit n of a line = ⌊ paid for the line · n / units of the line ⌋
 */
export function priceOfUnits(order: PricedOrder, lines: readonly LineUnits[], shares: readonly Share[]): number {
  return lines.some((line) => line.discount_minor === null)
    ? priceOfOldUnits(order, lines, shares)
    : shares.reduce((sum, { line, qty }) => {
        const paid = paidForLine(order, line);
        const before = unitsGone(line);
        return sum + partOf(paid, before + qty, line.qty) - partOf(paid, before, line.qty);
      }, 0);
}

/** What the delivery cost with its tax. */
export function priceOfShipping(order: PricedOrder, lines: readonly LineUnits[]): number {
  const ofLines = lines.reduce((sum, line) => sum + paidForLine(order, line), 0);
  return order.shipping_minor === 0 ? 0 : order.total_minor - ofLines;
}

/** What a line was paid with: its tax counts where it was added to the price. */
function paidForLine({ tax_minor }: PricedOrder, line: LineUnits): number {
  return line.qty * line.price_minor - (line.discount_minor ?? 0) + (tax_minor > 0 ? line.tax_minor : 0);
}

/** Units whose price is settled already: paid back, or taken off before they were paid. */
const unitsGone = (line: LineUnits): number => line.qty - unitsToRefund(line);

/**
 * For orders from before lines knew their discount: it is spread over all lines by price, by the running sum over them all,
 *   paid up to unit n of all = ⌊ price of the first n units · total / subtotal ⌋
 */
function priceOfOldUnits(
  { total_minor, subtotal_minor }: PricedOrder,
  lines: readonly LineUnits[],
  shares: readonly Share[],
): number {
  const paidFor = (price: number) => (subtotal_minor === 0 ? 0 : partOf(total_minor, price, subtotal_minor));
  const wanted = new Map(shares.map(({ line, qty }) => [line.line, qty]));
  let before = 0;
  let sum = 0;
  for (const line of lines) {
    const start = before + unitsGone(line) * line.price_minor;
    sum += paidFor(start + (wanted.get(line.line) ?? 0) * line.price_minor) - paidFor(start);
    before += line.qty * line.price_minor;
  }
  return sum;
}
