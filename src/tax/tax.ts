import { roundedPartOf } from "../base/money";

/** A share of what goods cost, as it holds at one place. Percents are counted in thousandths: 19 % is 19,000. */
export interface TaxRate {
  name: string;
  percent_thousandths: number;
  tax_class: string;
}

/** What is taxed at the rates of one class, in minor units. */
export interface TaxBase {
  tax_class: string;
  base_minor: number;
}

/** One rate on one base. */
export interface Tax extends TaxRate, TaxBase {
  tax_minor: number;
}

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

/** Where goods go. What is absent is not known. */
export interface Place {
  country: string;
  state?: string | null | undefined;
  pincode?: string | null | undefined;
}
