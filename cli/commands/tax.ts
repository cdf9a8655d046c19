import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { createRate, changeRate, listRates, removeRate } from "../../src/tax/rates";
import { NewTaxRate, type StoredTaxRate, TaxRateChange } from "../../src/tax/schema";
import { tryTaxes } from "../../src/orders/tax-trial";
import { amount, percent, wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const taxCommand = (terminal: Terminal) =>
  new Command("tax")
    .description("tax rates, and what they come to")
    .addCommand(listCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(editCommand(terminal))
    .addCommand(removeCommand(terminal))
    .addCommand(tryCommand(terminal));

const rateId = wholeNumber(1, LARGEST_ID);

/** As a percent stands in a law. */
const percentOf = percent(3);

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list the tax rates").action(() =>
    withShop(async (shop) => {
      const rates = await listRates(shop);
      print(rates, rates.length === 0 ? "There is no tax rate: nothing is taxed." : tableOf(rates));
    }),
  );

interface RateOptions {
  percent: number;
  class?: string;
  country?: string;
  state?: string;
}

const createCommand = ({ print, withShop }: Terminal) =>
  new Command("create")
    .description("add a tax rate; it holds from the next order on")
    .argument("<name>", "as it stands on the order: CGST, VAT")
    .requiredOption("--percent <n>", "up to three decimals", percentOf)
    .option("--class <name>", "for goods of this tax class", "standard")
    .option("--country <code>", "only in this country")
    .option("--state <name>", "only in this state of it")
    .addHelpText("after", "\nExample:\n  sanset tax create CGST --percent 9 --country IN --state Maharashtra")
    .action((name: string, { percent, class: tax_class, country, state }: RateOptions) =>
      withShop(async (shop) => {
        const rate = await createRate(shop, validate(NewTaxRate, { name, percent, tax_class, country, state }));
        print(rate, tableOf([rate]));
      }),
    );

const editCommand = ({ print, withShop }: Terminal) =>
  new Command("edit")
    .description("change a tax rate from the next order on")
    .argument("<id>", "its id", rateId)
    .option("--name <name>", "as it stands on the order")
    .option("--percent <n>", "up to three decimals", percentOf)
    .action((id: number, change: { name?: string; percent?: number }) =>
      withShop(async (shop) => {
        const rate = await changeRate(shop, id, validate(TaxRateChange, change));
        print(rate, tableOf([rate]));
      }),
    );

const removeCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("remove")
    .description("remove a tax rate; orders keep what they were taxed with")
    .argument("<id>", "its id", rateId)
    .option(...YES)
    .addHelpText("after", "\nExample:\n  sanset tax remove 3")
    .action((id: number, { yes }: { yes?: boolean }) =>
      withShop(async (shop) => {
        const rate = (await listRates(shop)).find((one) => one.id === id);
        await confirm(`Remove the tax rate ${id}${rate ? `, ${rate.name} of ${rate.percent} %` : ""}?`, yes);
        await removeRate(shop, id);
        print({ id }, `The tax rate ${id} is gone.`);
      }),
    );

interface TryOptions {
  class: string;
  country?: string;
  state?: string;
  shipping?: number;
}

const tryCommand = ({ print, withShop }: Terminal) =>
  new Command("try")
    .description("say what would be taxed, and how much, without an order")
    .argument("<amount>", "what the goods cost", amount)
    .option("--class <name>", "goods of this tax class", "standard")
    .option("--country <code>", "there, if not in the shop's own country")
    .option("--state <name>", "in this state of it")
    .option("--shipping <amount>", "with a delivery that costs so much", amount)
    .addHelpText("after", "\nExample:\n  sanset tax try 1180 --country IN --state Maharashtra")
    .action((amount: number, { class: tax_class, country, state, shipping }: TryOptions) =>
      withShop(async (shop) => {
        const tried = await tryTaxes(shop, { amount, tax_class, country, state, shipping });
        const rows = tried.taxes.map(({ name, percent, base, tax }) => [name, `${percent} %`, base, tax]);
        const sums = `Total ${tried.total} ${tried.currency}: ${tried.tax_included} of it taxes that are included, ${tried.tax} added.`;
        print(
          tried,
          [rows.length > 0 ? table(["NAME", "PERCENT", "ON", "TAX"], rows) : "Nothing is taxed there.", sums].join(
            "\n",
          ),
        );
      }),
    );

function tableOf(rates: readonly StoredTaxRate[]): string {
  const rows = rates.map((rate) => [
    rate.id,
    rate.name,
    `${rate.percent} %`,
    rate.tax_class,
    [rate.state, rate.country].filter(Boolean).join(", ") || "anywhere else",
  ]);
  return table(["ID", "NAME", "PERCENT", "CLASS", "WHERE"], rows, "There are no tax rates.");
}
