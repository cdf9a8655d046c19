import { costOf, type Line, spread } from "../base/money";
import type { Tax, TaxRate } from "../tax/schema";
import { taxesOf } from "../tax/tax";

/** A line as it is to be priced. */
export interface LineToPrice extends Line {
  /** Whether the coupon is for it. */
  is_discounted: boolean;
  tax_class: string;
}

/** What an order is priced from. Nothing else decides what it costs. */
export interface ToPrice {
  lines: readonly LineToPrice[];
  /** What the coupon takes off the lines that it is for, at most what they cost. */
  discount_minor: number;
  shipping_minor: number;
  /** Those that hold where the goods go. */
  rates: readonly TaxRate[];
  prices_include_tax: boolean;
}

/** What an order costs, in minor units: `total = subtotal − discount + shipping + tax`. */
export interface Price {
  subtotal_minor: number;
  discount_minor: number;
  /** The goods after the discount. */
  goods_minor: number;
  shipping_minor: number;
  /** Added to the prices. */
  tax_minor: number;
  /** Part of the prices already. */
  included_tax_minor: number;
  total_minor: number;
  taxes: Tax[];
  /** What of the discount and of the taxes falls on each line; the rest of the taxes falls on the shipping. */
  shares: { discount_minor: number; tax_minor: number }[];
}

/**
 * The one place where an order is priced: quotes, checkouts, orders from elsewhere and refunds all take its numbers. The
 * discount is spread over the lines that it is for, the shipping over the tax classes, and the tax of a class over its
 * lines and its part of the shipping, each by what they cost and each to exactly its sum.
 */
export function priceOf({ lines, discount_minor, shipping_minor, rates, prices_include_tax }: ToPrice): Price {
  const discounts = spread(
    discount_minor,
    lines.map((line) => (line.is_discounted ? line.qty * line.price_minor : 0)),
  );
  const subtotal_minor = costOf(lines);
  const nets = lines.map((line, index) => line.qty * line.price_minor - (discounts[index] ?? 0));
  const taxed = taxOn({ lines, nets, shipping_minor, rates, prices_include_tax });
  const tax = taxed.taxes.reduce((sum, { tax_minor }) => sum + tax_minor, 0);
  const goods_minor = subtotal_minor - discount_minor;
  const tax_minor = prices_include_tax ? 0 : tax;
  return {
    subtotal_minor,
    discount_minor,
    goods_minor,
    shipping_minor,
    tax_minor,
    included_tax_minor: tax - tax_minor,
    total_minor: goods_minor + shipping_minor + tax_minor,
    taxes: taxed.taxes,
    shares: lines.map((_, index) => ({
      discount_minor: discounts[index] ?? 0,
      tax_minor: taxed.shares[index] ?? 0,
    })),
  };
}

/** The taxes of an order, and each line's share of them. */
function taxOn({
  lines,
  nets,
  shipping_minor,
  rates,
  prices_include_tax,
}: Pick<ToPrice, "lines" | "shipping_minor" | "rates" | "prices_include_tax"> & { nets: readonly number[] }): {
  taxes: Tax[];
  shares: number[];
} {
  const shares = lines.map(() => 0);
  if (rates.length === 0) return { taxes: [], shares };
  const classes = [...new Set(lines.map((line) => line.tax_class))].toSorted();
  const indexesOf = (tax_class: string) =>
    lines.flatMap((line, index) => (line.tax_class === tax_class ? [index] : []));
  const goods = classes.map((name) => indexesOf(name).reduce((sum, index) => sum + (nets[index] ?? 0), 0));
  const shipping = spread(shipping_minor, goods);
  const bases = classes.map((tax_class, at) => ({ tax_class, base_minor: (goods[at] ?? 0) + (shipping[at] ?? 0) }));
  const taxes = taxesOf(bases, rates, prices_include_tax);
  for (const [at, tax_class] of classes.entries()) {
    const sum = taxes.reduce((total, tax) => total + (tax.tax_class === tax_class ? tax.tax_minor : 0), 0);
    const indexes = indexesOf(tax_class);
    const parts = spread(sum, [...indexes.map((index) => nets[index] ?? 0), shipping[at] ?? 0]);
    for (const [part, index] of indexes.entries()) shares[index] = parts[part] ?? 0;
  }
  return { taxes, shares };
}

/** The price of an order of which only the lines, and what was taken off them, are known. */
export const priceOfGoods = (lines: readonly Line[], discount_minor = 0): Price =>
  priceOf({
    lines: lines.map((line) => ({ ...line, is_discounted: true, tax_class: "standard" })),
    discount_minor,
    shipping_minor: 0,
    rates: [],
    prices_include_tax: true,
  });
