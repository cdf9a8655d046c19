import { ShopError } from "../base/errors";

/** What is known of a write that sets a product's stock. */
export interface StockWrite {
  given: number;
  /** What is free now. */
  current: number;
  /** What was free when the writer read the product, where If-Match says so. */
  seen: number | undefined;
  /** What was free when a person last said so. */
  whenSet: number | null;
  /** Whether nothing but the stock is written: then it is what the write is about. */
  alone: boolean;
}

/**
 * How many units are to be free. A form that gives back the stock that it read, beside what its user has changed, wishes no
 * stock: what sold meanwhile stays sold. Throws `conflict` where it can't be told whether it is a wish.
 */
export function wantedStock({ given, current, seen, whenSet, alone }: StockWrite): number {
  if (seen !== undefined) {
    const wanted = current + given - seen;
    if (wanted >= 0) return wanted;
    throw new ShopError("conflict", `${current} are left by now: that many can't be taken away.`);
  }
  const soldSince = whenSet !== null && current < given && given <= whenSet;
  if (alone || !soldSince) return given;
  throw new ShopError(
    "conflict",
    `Some were sold since the stock was ${whenSet}, and ${current} are left: leave stock out, send it alone to set it, ` +
      "or say with If-Match what you read.",
  );
}
