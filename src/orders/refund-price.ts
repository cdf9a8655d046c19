/** Units of an order that are to be paid back: what was ordered, what was paid back before, and how many now. */
export interface OrderUnits {
  total_minor: number;
  subtotal_minor: number;
  lines: readonly { line: number; ordered: number; price_minor: number; refunded: number; qty: number }[];
}

/**
 * What the units cost after the discount, in minor units. The discount is spread by price, and what rounding leaves over
 * goes where the running sum says, so that all units of an order together cost exactly its total:
 *   paid up to unit n of all = ⌊ price of the first n units · total / subtotal ⌋
 */
export function priceOfUnits({ total_minor, subtotal_minor, lines }: OrderUnits): number {
  // A sum times a total may pass 2^53.
  const paidFor = (price: number) =>
    subtotal_minor === 0 ? 0 : Number((BigInt(price) * BigInt(total_minor)) / BigInt(subtotal_minor));
  let before = 0;
  let sum = 0;
  for (const { ordered, price_minor, refunded, qty } of lines) {
    const start = before + refunded * price_minor;
    sum += paidFor(start + qty * price_minor) - paidFor(start);
    before += ordered * price_minor;
  }
  return sum;
}
