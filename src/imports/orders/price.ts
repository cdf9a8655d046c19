import { costOf } from "../../base/money";
import { numberIn } from "../numbers";
import type { SoldOrder } from "./sold";

/** What an order cost beside its goods, in minor units. */
export interface Extras {
  discount_minor: number;
  shipping_minor: number;
  /** Added to the prices. */
  tax_minor: number;
  included_tax_minor: number;
}

/**
 * What was taken off an order and added to it, so that it comes to what the file says that it cost. Whether taxes were added,
 * and a discount that stands nowhere, follow from the total.
 */
export function extrasOf({ about, lines }: SoldOrder, minorPerMajor: number): Extras {
  const minor = (cell: string | undefined) => {
    const amount = cell === undefined ? Number.NaN : numberIn(cell);
    return Number.isFinite(amount) ? Math.round(Math.abs(amount) * minorPerMajor) : undefined;
  };
  const goods = costOf(lines.map(({ qty, price }) => ({ qty, price_minor: Math.round(price * minorPerMajor) })));
  const less = Math.round(lines.reduce((sum, line) => sum + line.less, 0) * minorPerMajor);
  const shipping_minor = minor(about.shipping) ?? 0;
  const tax = minor(about.tax) ?? 0;
  const total = minor(about.total);
  // A discount of the order may be what its lines say already.
  const discount = Math.min(goods, Math.max(minor(about.discount) ?? 0, less));
  const without = goods - discount + shipping_minor;
  const added = total === without + tax ? tax : 0;
  const extras = {
    discount_minor: discount,
    shipping_minor,
    tax_minor: added,
    included_tax_minor: added > 0 ? 0 : tax,
  };
  if (total === undefined || total === without + added) return extras;
  const other = goods + shipping_minor - total;
  return other >= 0 && other <= goods ? { ...extras, discount_minor: other } : extras;
}
