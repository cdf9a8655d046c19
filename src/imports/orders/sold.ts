import type { OrderField } from "./fields";

/** A line of an order from elsewhere. */
export interface SoldLine {
  /** What its product is called by; undefined where it has a name alone. */
  code: string | undefined;
  name: string;
  qty: number;
  price: number;
  /** What was taken off it, beside its price: that of so many units can't always be said in whole coins. */
  less: number;
}

/** An order from elsewhere, as a file tells of it. */
export interface SoldOrder {
  order: string;
  /** An e-mail, or what the customer is called there. */
  customer: string;
  placedAt: string;
  lines: SoldLine[];
  /** What its first row says of the whole. */
  about: Partial<Record<OrderField, string>>;
  firstLine: number;
}
