import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { changeCurrency, priceCurrency } from "../../src/storefront/currency";
import { isInUse } from "../../src/storage/copy";
import { YES } from "../confirm";
import { placeOf } from "../opening";
import type { Terminal } from "../terminal";

export const currencyCommand = (terminal: Terminal) =>
  new Command("currency")
    .description("say what the prices are in, or change all of them to the currency that CURRENCY says")
    .option("--rate <n>", "how many of the new one is one of the old, such as 0.0105")
    .option(...YES)
    .addHelpText(
      "after",
      `
Examples:
  sanset currency
  CURRENCY=EUR sanset currency --rate 0.0105
Orders, payments and invoices stay in the currency that they were in.`,
    )
    .action(({ rate, yes }: { rate?: string; yes?: boolean }) =>
      rate === undefined ? showCurrency(terminal) : convertPrices(terminal, rate, yes),
    );

const showCurrency = ({ print, withShop }: Terminal) =>
  withShop(
    async (shop) => {
      const { prices, setting } = await priceCurrency(shop);
      const same = prices === setting ? "as CURRENCY says" : `but CURRENCY says ${setting}`;
      print({ prices, setting }, `The prices are in ${prices}, ${same}.`);
    },
    { anyCurrency: true },
  );

async function convertPrices({ print, confirm, settings, withShop }: Terminal, rate: string, yes?: boolean) {
  const { databaseUrl, currency } = settings();
  if (await isInUse(databaseUrl)) {
    throw new ShopError(
      "conflict",
      `A program has ${placeOf(databaseUrl)} open. Stop the shop, then change its prices.`,
    );
  }
  await confirm(`Change the price of everything to ${currency}, at ${rate} for each of before?`, yes);
  await withShop(
    async (shop) => {
      const change = await changeCurrency(shop, rate);
      const { products, coupons, shipping_methods } = change.changed;
      print(
        change,
        `The prices are in ${change.to} now: of ${products} products, ${coupons} coupons and ${shipping_methods} ways of delivery. Look at some before you open the shop.`,
      );
    },
    { anyCurrency: true },
  );
}
