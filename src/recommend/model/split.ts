import type { Question } from "./metrics";
import { type Pairs, pairsOf } from "./purchases";

/** Purchases one by one, as they happened. */
export interface Purchases {
  readonly customerCount: number;
  readonly productCount: number;
  readonly customers: ArrayLike<number>;
  readonly products: ArrayLike<number>;
  /** Days since 1970, with fractions. */
  readonly days: ArrayLike<number>;
}

/** What was known on a day, and what came after it. */
export interface Split {
  readonly train: Pairs;
  /** The purchases of the training, one by one. */
  readonly purchases: Purchases;
  readonly questions: readonly Question[];
  /** Products that nobody had bought by then, which no list may hold. */
  readonly hidden: ReadonlySet<number>;
}

/**
 * Cuts at a day: trains on what was bought before, and asks each customer who had a history what they bought for the first
 * time from then until `endDay`, of what had been bought by any customer before.
 */
export function splitByTime(all: Purchases, cutDay: number, endDay = Infinity): Split {
  const isLater = (at: number) => all.days[at]! >= cutDay && all.days[at]! < endDay;
  return splitInto(all, purchasesBefore(all, cutDay), isLater);
}

/** Hides some purchases, wherever in time they stand, and asks their customers for the products of these. */
export function splitAfter(all: Purchases, isHeldOut: (at: number) => boolean): Split {
  const heldOut = Uint8Array.from({ length: all.days.length }, (_, at) => Number(isHeldOut(at)));
  return splitInto(
    all,
    purchasesWhere(all, (at) => heldOut[at] === 0),
    (at) => heldOut[at] === 1,
  );
}

function splitInto(all: Purchases, purchases: Purchases, isLater: (at: number) => boolean): Split {
  const train = pairsFrom(purchases);
  const hidden = new Set(Array.from({ length: all.productCount }, (_, product) => product));
  for (const product of train.products) hidden.delete(product);
  const later: Set<number>[] = Array.from({ length: all.customerCount }, () => new Set());
  for (let at = 0; at < all.days.length; at++) {
    const product = all.products[at]!;
    if (isLater(at) && !hidden.has(product)) later[all.customers[at]!]!.add(product);
  }
  const questions = later.flatMap((taken, customer) => {
    const history = [...train.products.subarray(train.starts[customer], train.starts[customer + 1])];
    const heldOut = taken.difference(new Set(history));
    return history.length > 0 && heldOut.size > 0 ? [{ customer, history, heldOut }] : [];
  });
  return { train, purchases, questions, hidden };
}

export function purchasesBefore(all: Purchases, cutDay: number): Purchases {
  return purchasesWhere(all, (at) => all.days[at]! < cutDay);
}

/** In typed arrays only: there may be millions. */
function purchasesWhere(all: Purchases, wanted: (at: number) => boolean): Purchases {
  let count = 0;
  for (let at = 0; at < all.days.length; at++) if (wanted(at)) count++;
  const customers = new Uint32Array(count);
  const products = new Uint32Array(count);
  const days = new Float64Array(count);
  let next = 0;
  for (let at = 0; at < all.days.length; at++) {
    if (!wanted(at)) continue;
    customers[next] = all.customers[at]!;
    products[next] = all.products[at]!;
    days[next++] = all.days[at]!;
  }
  return { ...all, customers, products, days };
}

export function pairsFrom({ customerCount, productCount, customers, products, days }: Purchases): Pairs {
  return pairsOf(customerCount, productCount, customers, products, days);
}
