import { roundedPartOf } from "../base/money";
import type { Tax, TaxBase, TaxRate } from "./schema";

/** A whole, as rates count it. */
const WHOLE = 100_000;

/**
 * The tax of each rate on what its class comes to, each by itself and once, rounded half up (EN 16931 sums by rate and
 * document, and two halves of one tax come out equal):
 *   prices include tax:  tax = base · r / (1 + Σr)     prices are before tax:  tax = base · r
 * where Σr are all rates of the class.
 */
export function taxesOf(bases: readonly TaxBase[], rates: readonly TaxRate[], included: boolean): Tax[] {
  return bases.flatMap(({ tax_class, base_minor }) => {
    const own = rates.filter((rate) => rate.tax_class === tax_class);
    const sum = own.reduce((total, rate) => total + rate.percent_thousandths, 0);
    const whole = included ? WHOLE + sum : WHOLE;
    return own.map(({ name, percent_thousandths }) => ({
      name,
      percent_thousandths,
      tax_class,
      base_minor,
      tax_minor: roundedPartOf(base_minor, percent_thousandths, whole),
    }));
  });
}
