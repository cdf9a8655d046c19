import { Command } from "commander";
import { exportCustomers } from "../../src/exports/customers";
import { exportOrders } from "../../src/exports/orders";
import { exportProducts } from "../../src/exports/products";
import { beginning, moment } from "../arguments";
import { type ExportOptions, withExportOptions, writeExport } from "../export-file";
import type { Terminal } from "../terminal";

export const exportCommand = (terminal: Terminal) =>
  new Command("export")
    .description("write what the shop has to files that can be edited and imported again")
    .addCommand(productsCommand(terminal))
    .addCommand(exportOrdersCommand(terminal, "orders"))
    .addCommand(customersCommand(terminal));

const productsCommand = (terminal: Terminal) =>
  withExportOptions(new Command("products"))
    .description("the whole catalog, as sanset product export writes it")
    .addHelpText("after", "\nExample:\n  sanset export products --out catalog.csv")
    .action((options: ExportOptions) =>
      terminal.withShop((shop) => writeExport(terminal, exportProducts(shop, options.format), options)),
    );

/** `export orders` and `order export` are one command. */
export const exportOrdersCommand = (terminal: Terminal, name: string) =>
  withExportOptions(new Command(name))
    .description("orders with a row for each of their lines")
    .option("--from <time>", "placed then or later: a day or a moment", beginning)
    .option("--to <time>", "placed until then: a day means its end", moment)
    .option("--paid-by <way>", "only those that are paid in this way: cod, card, stripe …")
    .addHelpText("after", "\nExample:\n  sanset export orders --from 2030-01-01 --to 2030-03-31 --out quarter.csv")
    .action(({ from, to, paidBy, ...options }: ExportOptions & { from?: string; to?: string; paidBy?: string }) =>
      terminal.withShop((shop) => {
        const before = to === undefined ? undefined : new Date(Date.parse(to) + 1).toISOString();
        return writeExport(terminal, exportOrders(shop, options.format, { from, before, method: paidBy }), options);
      }),
    );

const customersCommand = (terminal: Terminal) =>
  withExportOptions(new Command("customers"))
    .description("customers with their contacts and first address, without passwords")
    .addHelpText("after", "\nExample:\n  sanset export customers --out customers.csv --excel")
    .action((options: ExportOptions) =>
      terminal.withShop((shop) => writeExport(terminal, exportCustomers(shop, options.format), options)),
    );
