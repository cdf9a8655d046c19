import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { Command, Option } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { CSV_HEADING, csvOf } from "../../src/invoices/export";
import { exportInvoices, getInvoice, issueInvoice, listInvoices } from "../../src/invoices/invoices";
import { type Invoice, InvoiceKind } from "../../src/invoices/schema";
import type { Shop } from "../../src/shop/shop";
import { beginning, moment, wholeNumber } from "../arguments";
import { pageOf, type PageOptions, withPages, withPageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const invoiceCommand = (terminal: Terminal) =>
  new Command("invoice")
    .description("look after invoices and credit notes")
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(issueCommand(terminal))
    .addCommand(exportCommand(terminal));

const id = wholeNumber(1, LARGEST_ID);

const listCommand = ({ print, withShop }: Terminal) =>
  withPages(new Command("list").description("list them, newest first"))
    .option("--order <id>", "only those of this order", id)
    .addOption(new Option("--kind <kind>", "only those of this kind").choices(InvoiceKind.options))
    .action(({ order, kind, ...page }: { order?: number; kind?: Invoice["kind"] } & PageOptions) =>
      withShop(async (shop) => {
        const listed = await listInvoices(shop, { order_id: order, kind }, pageOf(page));
        const { items } = listed;
        const rows = items.map((one) => [
          one.id,
          one.label,
          one.kind,
          one.order_id,
          one.issued_at,
          `${one.total} ${one.currency}`,
        ]);
        const shown = table(["ID", "LABEL", "KIND", "ORDER", "ISSUED", "TOTAL"], rows, "There are no invoices.");
        print(items, withPageText(shown, listed, page));
      }),
    );

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show an invoice or credit note")
    .argument("<id>", "its id in the list", id)
    .action((number: number) =>
      withShop(async (shop) => {
        const invoice = await getInvoice(shop, number);
        print(invoice, invoiceText(invoice));
      }),
    );

const issueCommand = ({ print, withShop }: Terminal) =>
  new Command("issue")
    .description("give an order its invoice, and its refunds their credit notes, where they have none")
    .argument("<order>", "the order's id", id)
    .action((order: number) =>
      withShop(async (shop) => {
        const invoice = await issueInvoice(shop, order);
        print(invoice, invoiceText(invoice));
      }),
    );

function invoiceText({ label, issued_at, order_id, document, total, currency }: Invoice): string {
  const rows = document.lines.map(({ qty, name, hsn, total: amount }) => [qty, name, hsn ?? "", amount]);
  const taxes = document.taxes.map(({ name, percent, tax }) => `${name} ${percent} %: ${tax}`);
  return [
    `${label} of ${issued_at}, for order ${order_id}, to ${document.buyer.name}`,
    table(["QTY", "WHAT", "HSN", "AMOUNT"], rows),
    ...taxes,
    `Total: ${total} ${currency}`,
  ].join("\n");
}

interface ExportOptions {
  from?: string;
  to?: string;
  format: "csv" | "jsonl";
  out?: string;
}

const exportCommand = ({ print, withShop }: Terminal) =>
  new Command("export")
    .description("write all documents of a time for the accountant: a row for each line and tax, with HSN codes")
    .option("--from <time>", "issued then or later: a day or a moment", beginning)
    .option("--to <time>", "issued until then: a day means its end", moment)
    .addOption(
      new Option("--format <format>", "csv, or JSON lines with all that they say")
        .choices(["csv", "jsonl"])
        .default("csv"),
    )
    .option("--out <file>", "write it there")
    .addHelpText("after", "\nExample:\n  sanset invoice export --from 2030-04-01 --to 2030-06-30 --out q1.csv")
    .action(({ from, to, format, out }: ExportOptions) =>
      withShop(async (shop) => {
        const span = { from: from ?? "0000", before: to === undefined ? "9999" : justAfter(to) };
        if (out !== undefined) {
          const documents = await writeFile(shop, span, format, out);
          return print({ documents, file: out }, `${documents} documents are in ${out}.`);
        }
        const invoices: Invoice[] = [];
        for await (const invoice of exportInvoices(shop, span)) invoices.push(invoice);
        const heading = format === "csv" ? CSV_HEADING : "";
        print(invoices, (heading + invoices.map((invoice) => written(invoice, format)).join("")).trimEnd());
      }),
    );

const written = (invoice: Invoice, format: "csv" | "jsonl"): string =>
  format === "csv" ? csvOf(invoice) : `${JSON.stringify(invoice)}\n`;

/** One after the other: a year of invoices need not fit into memory. */
async function writeFile(
  shop: Shop,
  span: { from: string; before: string },
  format: "csv" | "jsonl",
  file: string,
): Promise<number> {
  const stream = createWriteStream(file);
  let documents = 0;
  if (format === "csv") stream.write(CSV_HEADING);
  for await (const invoice of exportInvoices(shop, span)) {
    documents++;
    if (!stream.write(written(invoice, format))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return documents;
}

const justAfter = (time: string): string => new Date(Date.parse(time) + 1).toISOString();
