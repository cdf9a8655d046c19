import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import { HIGHEST_PRICE } from "../base/fields";
import { tellOfProducts } from "../catalog/news";
import type { Shop } from "../shop/shop";
import { holdLock } from "../storage/locks";
import {
  findCurrency,
  hasPrices,
  type PricedTable,
  pricedTables,
  renewPriced,
  setPrices,
  walkCatalog,
  walkPrices,
  writeCurrency,
} from "./currency-queries";

/** What the prices are in that this shop has, and what its settings say. */
export async function priceCurrency({ database, settings }: Shop): Promise<{ prices: string; setting: string }> {
  return { prices: (await findCurrency(database)) ?? settings.currency, setting: settings.currency };
}

/**
 * Sees to it that what the settings call the currency is what the prices are in: they say no currency themselves, and would
 * be read as other sums. `isLook` writes nothing down that nobody has said yet. Throws `unusable` for another currency.
 */
export async function checkCurrency(shop: Shop, { isLook }: { isLook: boolean }): Promise<void> {
  const { database, settings } = shop;
  const written = await findCurrency(database);
  if (written === settings.currency) return;
  if (written !== undefined && (await hasPrices(database))) throw otherCurrency(written, settings.currency);
  if (isLook && written === undefined) return;
  await database.transaction((tx) => writeCurrency(tx, settings.currency));
}

function otherCurrency(written: string, wanted: string): ShopError {
  return new ShopError(
    "unusable",
    `The prices of this shop are in ${written}, but CURRENCY says ${wanted}. To go on as before, set CURRENCY=${written}. ` +
      `To sell in ${wanted} from now on, stop the shop and change all prices: sanset currency --rate RATE, which is how many ${wanted} one ${written} is.`,
  );
}

const RATE = /^(\d{1,7})(?:\.(\d{1,9}))?$/;

/** What became of the prices. */
export interface CurrencyChange {
  from: string;
  to: string;
  rate: number;
  /** How many rows of each table have other prices now. */
  changed: Record<PricedTable, number>;
}

/**
 * Makes all prices, of products, coupons and delivery, those of the currency that the settings say: `rate` of it for one of
 * before, rounded half up to its smallest coin. All of it happens or nothing. Orders, payments and invoices keep their own.
 * Throws `conflict` where prices are in that currency already, `invalid` for what is no rate, and for one at which
 * something would cost nothing, or more than a price may be.
 */
export async function changeCurrency(shop: Shop, rate: string): Promise<CurrencyChange> {
  const to = shop.settings.currency;
  const convert = converter(rate);
  return shop.database.transaction(async (tx) => {
    await holdLock(tx, "currency");
    const from = (await findCurrency(tx)) ?? to;
    if (from === to) {
      throw new ShopError("conflict", `The prices are in ${to}, as CURRENCY says. Set CURRENCY to the new one first.`);
    }
    const changed: CurrencyChange["changed"] = { products: 0, coupons: 0, shipping_methods: 0 };
    for (const table of pricedTables) {
      for await (const rows of walkPrices(tx, table)) {
        for (const { key, amounts } of rows) {
          const priced = amounts.map(
            (amount) => amount && convert(amount, { from, to, what: `${THING[table]} ${key}` }),
          );
          await setPrices(tx, table, { key, amounts: table === "products" ? withoutSale(priced) : priced });
        }
        changed[table] += rows.length;
      }
    }
    const now = shop.now().toISOString();
    await renewPriced(tx, now);
    // Whoever keeps prices elsewhere hears of each: an amount of before is another one now.
    for await (const ids of walkCatalog(tx)) await tellOfProducts(tx, "changed", ids, now);
    await writeCurrency(tx, to);
    return { from, to, rate: Number(rate), changed };
  });
}

/** What cost more before its sale does not any more where both are rounded to one. */
function withoutSale([price, highest, before]: (number | null)[]): (number | null)[] {
  const isSale = typeof before === "number" && before > (price ?? 0);
  return [price ?? 0, highest ?? null, isSale ? before : null];
}

const THING: Record<PricedTable, string> = {
  products: "product",
  coupons: "coupon",
  shipping_methods: "way of delivery",
};

type Convert = (minor: number, of: { from: string; to: string; what: string }) => number;

/** Counts in whole numbers: a rate is its digits over a power of ten. */
function converter(rate: string): Convert {
  const [, whole = "", part = ""] = RATE.exec(rate) ?? [];
  const digits = BigInt(`${whole}${part}` || 0);
  if (digits === 0n) throw refused("Give a rate such as 0.0105 or 83.");
  return (minor, { from, to, what }) => {
    const next = currencyOf(to).minorPerMajor;
    const one = BigInt(currencyOf(from).minorPerMajor) * 10n ** BigInt(part.length);
    const converted = Number((2n * BigInt(minor) * digits * BigInt(next) + one) / (2n * one));
    if (converted === 0) throw refused(`At this rate ${what} would cost nothing: give it another price first.`);
    if (converted > HIGHEST_PRICE * next) throw refused(`At this rate ${what} would cost more than a price may be.`);
    return converted;
  };
}

const refused = (message: string) =>
  new ShopError("invalid", message, { errors: [{ path: "rate", message, code: "invalid_rate" }] });
