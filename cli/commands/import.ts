import { Command } from "commander";
import { fateMeanings } from "../../src/imports/invoices";
import { importOrders, type OrdersReport } from "../../src/imports/orders";
import { MOST_UNITS } from "../../src/stock/schema";
import { wholeNumber } from "../arguments";
import { ALLOW_LEFT_OUT, GO_ON, problemLines, refuseLeftOut } from "../left-out";
import { productImport } from "../product-import";
import type { Terminal } from "../terminal";

export const importCommand = (terminal: Terminal) =>
  new Command("import")
    .description("take in data from elsewhere")
    .addCommand(ordersCommand(terminal))
    .addCommand(productsCommand(terminal));

const ordersCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("orders")
    .description("take in a retailer's invoices (CSV; plain, gzip or zstd): products, customers and orders")
    .argument("<file>")
    .option("--stock <n>", "what each new product has in stock", wholeNumber(0, MOST_UNITS), 1_000)
    .option("--category <name>", "the category of new products", "Imported")
    .option("--allow-left-out", ALLOW_LEFT_OUT, false)
    .action((file: string, { allowLeftOut, ...options }: { stock: number; category: string; allowLeftOut: boolean }) =>
      withShop(
        async (shop) => {
          const bars = { reading: progress("Reading", GO_ON), writing: progress("Writing", GO_ON) };
          const report = await importOrders(shop, file, {
            ...options,
            progress: (step, done, total) => bars[step].update(done, total),
          });
          print(report, ordersText(report));
          if (!allowLeftOut) refuseLeftOut(report.unreadable.length);
        },
        { opening: "make" },
      ),
    );

const productsCommand = (terminal: Terminal) =>
  productImport(terminal, new Command("products")).description(
    "take in products: the shop's own files, exports of other programs, any table",
  );

function ordersText({ rows, products, customers, orders, unreadable }: OrdersReport): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const width = total.toLocaleString("en").length;
  const counts = Object.entries(rows).map(
    ([fate, count]) => `  ${count.toLocaleString("en").padStart(width)}  ${fateMeanings[fate as keyof typeof rows]}`,
  );
  return [
    `${total.toLocaleString("en")} rows:`,
    ...counts,
    `Products:  ${added(products)}`,
    `Customers: ${added(customers)}`,
    `Orders:    ${added(orders)}`,
    ...problemLines(unreadable),
  ].join("\n");
}

const added = (counts: { added: number; already_there: number }) =>
  `${counts.added.toLocaleString("en")} added, ${counts.already_there.toLocaleString("en")} there already`;
