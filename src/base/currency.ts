/** What currencies are: how many digits they have, and how Stripe counts them. The settings ask here too. */

const digits = new Map<string, { currency: string; minorPerMajor: number }>();

/** A currency by its ISO 4217 code. What was written in another currency than the shop's is read in its own. */
export function currencyOf(code: string): { currency: string; minorPerMajor: number } {
  const known = digits.get(code);
  if (known) return known;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: code,
  }).resolvedOptions();
  const currency = { currency: code, minorPerMajor: 10 ** maximumFractionDigits };
  digits.set(code, currency);
  return currency;
}

/** What Stripe counts in hundredths although the currency has none (https://docs.stripe.com/currencies#special-cases). */
const IN_HUNDREDTHS = new Set(["ISK", "UGX"]);

/**
 * Where Stripe takes fewer digits than the currency has: ariary only whole, and of three digits only those that end in 0
 * (https://docs.stripe.com/currencies#three-decimal).
 */
const TOO_FINE = new Set(["BHD", "IQD", "JOD", "KWD", "LYD", "MGA", "OMR", "TND"]);

/** Whether Stripe takes every amount that can be written in a currency. */
export const isTakenByStripe = (currency: string): boolean => !TOO_FINE.has(currency);

/** Minor units as Stripe counts them. */
export const toStripe = (minor: number, currency: string): number => minor * factorOf(currency);

/** The reverse. What Stripe should never have taken, part of a króna, is no whole number then. */
export const fromStripe = (amount: number, currency: string): number => amount / factorOf(currency);

const factorOf = (currency: string): number => (IN_HUNDREDTHS.has(currency) ? 100 : 1);
