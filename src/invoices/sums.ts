import { partOf, roundedPartOf, spread } from "../base/money";

/** What an invoice comes to, in minor units. Its lines, its delivery and the taxes that were added make up its total. */
export interface Sums {
  lines: LineSum[];
  shipping_minor: number;
  taxes: TaxSum[];
  total_minor: number;
}

export interface LineSum {
  line: number;
  qty: number;
  /** Without a tax that was added to the price. */
  total_minor: number;
}

export interface TaxSum {
  tax_class: string;
  base_minor: number;
  tax_minor: number;
}

/** What was sold, as documents count from it. */
export interface Sold {
  lines: readonly SoldLine[];
  shipping_minor: number;
  taxes: readonly TaxSum[];
  total_minor: number;
  /** Taken off before it was paid. */
  cancelled_minor: number;
  tax_is_included: boolean;
}

export interface SoldLine {
  line: number;
  qty: number;
  /** Price times quantity less discount. */
  net_minor: number;
  tax_class: string;
  /** Units that came off the order, or were refused at the door, before they were paid. */
  cancelled: number;
}

/** What a credit note is for: units and the delivery where it says so, and an amount whatever it says. */
export interface Credit {
  amount_minor: number;
  units: readonly { line: number; qty: number }[];
  is_shipping: boolean;
  /** Units of each line that were paid back before. */
  before: ReadonlyMap<number, number>;
}

/** What is invoiced: all that was not taken off before it was paid. */
export function invoiceSums(sold: Sold): Sums {
  const off = sold.lines.map((line) => partOf(line.net_minor, line.cancelled, line.qty));
  const lines = sold.lines.flatMap(({ line, qty, net_minor, cancelled }, index) =>
    qty > cancelled ? [{ line, qty: qty - cancelled, total_minor: net_minor - (off[index] ?? 0) }] : [],
  );
  const offTaxes = taxesOn(sold, basesOf(sold, off, 0));
  const taxes = sold.taxes.map((tax, index) => less(tax, offTaxes[index]));
  const total_minor = sold.total_minor - sold.cancelled_minor;
  return settled(sold, { lines, shipping_minor: sold.shipping_minor, taxes, total_minor });
}

/**
 * What is credited. Units have the taxes of their class; what is no unit's, such as an amount that was agreed upon, is
 * spread over all of the invoice. `credited` are the credit notes of before: the last one takes the rest of each tax.
 */
export function creditSums(
  sold: Sold,
  invoice: Sums,
  credit: Credit,
  credited: readonly Sums[],
): Sums & { rest_minor: number } {
  const lines = credit.units.flatMap(({ line, qty }) => {
    const of = sold.lines.find((one) => one.line === line);
    if (!of) return [];
    const before = of.cancelled + (credit.before.get(line) ?? 0);
    const upTo = (units: number) => partOf(of.net_minor, Math.min(units, of.qty), of.qty);
    return [{ line, qty, total_minor: upTo(before + qty) - upTo(before) }];
  });
  const nets = sold.lines.map(({ line }) => lines.find((one) => one.line === line)?.total_minor ?? 0);
  const shipping_minor = credit.is_shipping ? sold.shipping_minor : 0;
  const ofUnits = taxesOn(sold, basesOf(sold, nets, shipping_minor));
  const sums = { lines, shipping_minor, taxes: ofUnits, total_minor: credit.amount_minor };
  const rest = missing(sold, sums);
  const isRounding = Math.abs(rest) <= lines.length + sold.taxes.length;
  const spreadOut = isRounding
    ? undefined
    : ofUnits.map((tax, index) => plusPart(tax, invoice.taxes[index], rest, invoice));
  const so_far = credited.reduce((sum, one) => sum + one.total_minor, 0);
  const isLast = so_far + credit.amount_minor === invoice.total_minor;
  const taxes = isLast ? restOf(invoice, credited) : (spreadOut ?? ofUnits);
  const all = { ...sums, taxes };
  if (isRounding && lines.length > 0) return { ...settled(sold, all), rest_minor: 0 };
  return { ...all, rest_minor: missing(sold, all) };
}

/** What of the total its parts don't come to. */
function missing({ tax_is_included }: Sold, { lines, shipping_minor, taxes, total_minor }: Sums): number {
  const goods = lines.reduce((sum, line) => sum + line.total_minor, 0);
  const added = tax_is_included ? 0 : taxes.reduce((sum, { tax_minor }) => sum + tax_minor, 0);
  return total_minor - goods - shipping_minor - added;
}

/** What rounding has left over goes into the last line, so that the parts come to the total. */
function settled(sold: Sold, sums: Sums): Sums {
  const over = missing(sold, sums);
  const last = sums.lines.length - 1;
  return {
    ...sums,
    lines: sums.lines.map((line, at) => (at === last ? { ...line, total_minor: line.total_minor + over } : line)),
  };
}

/** What some of the goods and of the delivery come to, for each tax of the order: the delivery by the value of the classes. */
function basesOf({ lines, taxes, shipping_minor }: Sold, nets: readonly number[], shipping: number): number[] {
  const classes = [...new Set(lines.map((line) => line.tax_class))].toSorted();
  const goodsOf = (values: readonly number[]) =>
    classes.map((name) => lines.reduce((sum, line, at) => sum + (line.tax_class === name ? (values[at] ?? 0) : 0), 0));
  const delivery = spread(shipping_minor === 0 ? 0 : shipping, goodsOf(lines.map((line) => line.net_minor)));
  const goods = goodsOf(nets);
  return taxes.map(({ tax_class }) => {
    const at = classes.indexOf(tax_class);
    return (goods[at] ?? 0) + (delivery[at] ?? 0);
  });
}

const taxesOn = ({ taxes }: Sold, bases: readonly number[]): TaxSum[] =>
  taxes.map(({ tax_class, base_minor, tax_minor }, index) => {
    const base = Math.min(bases[index] ?? 0, base_minor);
    return {
      tax_class,
      base_minor: base,
      tax_minor: base_minor === 0 ? 0 : roundedPartOf(tax_minor, base, base_minor),
    };
  });

const less = (tax: TaxSum, off: TaxSum | undefined): TaxSum => ({
  ...tax,
  base_minor: tax.base_minor - (off?.base_minor ?? 0),
  tax_minor: tax.tax_minor - (off?.tax_minor ?? 0),
});

/** With its part of an amount that is nobody's in particular; one below zero was credited before. */
function plusPart(tax: TaxSum, whole: TaxSum | undefined, amount: number, invoice: Sums): TaxSum {
  const part = (of: number) =>
    invoice.total_minor === 0 ? 0 : Math.sign(amount) * roundedPartOf(of, Math.abs(amount), invoice.total_minor);
  return {
    ...tax,
    base_minor: tax.base_minor + part(whole?.base_minor ?? 0),
    tax_minor: tax.tax_minor + part(whole?.tax_minor ?? 0),
  };
}

const restOf = ({ taxes }: Sums, credited: readonly Sums[]): TaxSum[] =>
  taxes.map((tax, index) => credited.reduce((rest, { taxes: gone }) => less(rest, gone[index]), tax));
