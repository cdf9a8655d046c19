import { currencyOf } from "../base/currency";
import { minorOf, toMajor } from "../base/money";
import type { Shop } from "../shop/shop";
import { findRates } from "../tax/queries";
import { ratesFor } from "../tax/rates";
import type { TaxLine } from "../tax/schema";
import { presentTaxes } from "./present";
import { priceOf } from "./pricing";

/** What goods of one class, and a delivery, would be taxed with at a place. */
export async function tryTaxes(
  shop: Shop,
  asked: {
    amount: number;
    tax_class: string;
    country?: string | undefined;
    state?: string | undefined;
    shipping?: number | undefined;
  },
): Promise<{ taxes: TaxLine[]; tax: number; tax_included: number; total: number; currency: string }> {
  const { settings } = shop;
  const place = { country: (asked.country ?? settings.country).toUpperCase(), state: asked.state };
  const price_minor = minorOf(asked.amount, settings, "amount");
  const price = priceOf({
    lines: [{ product_id: 0, qty: 1, price_minor, is_discounted: true, tax_class: asked.tax_class }],
    discount_minor: 0,
    shipping_minor: minorOf(asked.shipping ?? 0, settings, "shipping"),
    rates: ratesFor(await findRates(shop.database), [asked.tax_class], place),
    prices_include_tax: settings.pricesIncludeTax,
  });
  const major = (minor: number) => toMajor(minor, currencyOf(settings.currency));
  return {
    taxes: presentTaxes(price.taxes, major),
    tax: major(price.tax_minor),
    tax_included: major(price.included_tax_minor),
    total: major(price.total_minor),
    currency: settings.currency,
  };
}
