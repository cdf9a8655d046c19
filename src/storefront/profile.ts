import { version } from "../../package.json";
import { listMethods } from "../shipping/methods";
import type { Shop } from "../shop/shop";
import type { ShopProfile } from "./schema";

/** What the shop is, for developers who build pages for it. */
export async function shopProfile(shop: Shop): Promise<ShopProfile> {
  const { settings } = shop;
  const methods = await listMethods(shop);
  return {
    name: settings.shopName,
    currency: settings.currency,
    currency_digits: Math.round(Math.log10(settings.minorPerMajor)),
    locale: settings.shopLocale,
    time_zone: settings.timeZone,
    country: settings.country,
    prices_include_tax: settings.pricesIncludeTax,
    payment_methods: [...settings.paymentProviders],
    delivery: { minutes: settings.deliveryMinutes, methods: methods.map(({ name }) => name) },
    features: {
      guest_checkout: settings.guestCheckout,
      mail: settings.smtpUrl !== undefined,
      invoices: settings.invoices !== "off",
      return_days: settings.returnDays,
    },
    version,
  };
}
