import { type Command, InvalidArgumentError, Option } from "commander";
import { importProducts, type ProductsReport } from "../src/imports/products/import";
import type { ProductsOptions } from "../src/imports/products/options";
import type { Outcome } from "../src/imports/products/outcome";
import { withSource } from "../src/imports/source";
import { MOST_UNITS } from "../src/stock/schema";
import { wholeNumber } from "./arguments";
import { ALLOW_LEFT_OUT, GO_ON, problemLines, refuseLeftOut } from "./left-out";
import { cellOf } from "../src/base/csv-cell";
import { openOutput } from "./output-file";
import { table } from "./table";
import type { Terminal } from "./terminal";
import { visible } from "./visible";
import { many } from "../src/base/many";

const EXAMPLES = `
Examples:
  sanset import products products_export.csv --dry-run
  sanset import products products_export.csv --report report.csv
  sanset import products prices.csv --update
  sanset import products goods.csv --map Artikel=sku --map Preis=price
  curl -s https://shop.example/products.csv | sanset import products -

Exports of Shopify, WooCommerce, PrestaShop, Magento, BigCommerce, Medusa, Spree
and Vendure are known by their headings. What becomes of each: docs/importing.md`;

/** \`import products\` and \`product import\` are one command. */
export const productImport = ({ print, progress, withShop }: Terminal, command: Command): Command =>
  command
    .argument("<file>", "CSV or JSON lines, plain, gzip or zstd; - reads what is piped in")
    .option("--dry-run", "show the first rows as they will be, count, and change nothing")
    .option("--update", "change what is there, found by slug or code, to what the file says")
    .option("--map <heading=field>", "what a column is; may be said often; heading= passes it over", mapEntry)
    .option("--guess", "take columns for what they seem to be")
    .option("--report <file>", "write what became of each product, by line, to a CSV file")
    .option("--category <name>", "for products that have none", "Imported")
    .option("--stock <n>", "what is sold there without being counted has so many", wholeNumber(0, MOST_UNITS), 1_000)
    .addOption(new Option("--decimal <sign>", "what stands before decimals").choices(["point", "comma"]))
    .addOption(new Option("--weight-unit <unit>", "what weights are in").choices(["g", "kg", "lb", "oz"]))
    .option("--encoding <name>", "such as windows-1252; UTF-8 and UTF-16 are seen by themselves")
    .option("--keep-html", "keep descriptions of other programs as they are, tags and all")
    .option("--skip-drafts", "leave out what is not published there")
    .option("--allow-left-out", ALLOW_LEFT_OUT)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { allowLeftOut, report: path, decimal, ...options }: Given) =>
      withShop(
        async (shop) => {
          const bar = progress(options.dryRun ? "Looking" : "Importing", GO_ON);
          const byLine = openReport(path, "line,what,slug,about");
          try {
            const report = await withSource(file, (source) =>
              importProducts(shop, source, {
                ...options,
                decimal: decimal === undefined ? undefined : decimal === "comma" ? "," : ".",
                progress: (done, total) => bar.update(done, total),
                report: ({ line, what, slug, text }) => byLine?.add(line, what, slug, text),
              }),
            );
            print(report, productsText(report));
            if (!allowLeftOut) refuseLeftOut(report.refused, report.dry_run);
          } finally {
            byLine?.close();
          }
        },
        { opening: options.dryRun ? "as it is" : "make" },
      ),
    );

interface Given extends Omit<ProductsOptions, "decimal" | "report"> {
  allowLeftOut?: boolean;
  report?: string;
  decimal?: "point" | "comma";
}

export function mapEntry(entry: string, before: string[] = []): string[] {
  if (entry.lastIndexOf("=") < 1) throw new InvalidArgumentError("Say heading=field, such as Preis=price.");
  return [...before, entry];
}

/** A table that says of each line what became of it; undefined where there is to be none. */
export function openReport(path: string | undefined, heading: string) {
  if (path === undefined) return undefined;
  const file = openOutput(path);
  file.write(`${heading}\n`);
  return {
    add: (...cells: (string | number | null)[]) => file.write(`${cells.map(cellOf).join(",")}\n`),
    close: () => file.close(),
  };
}

const SEPARATORS: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };

function productsText(report: ProductsReport): string {
  const { dry_run, program, separator, first, problems, parts, drafts, rows } = report;
  const counts = (["new", "changed", "unchanged", "refused"] as const).map(
    (what) => `${report[what].toLocaleString("en")} ${what}`,
  );
  const kind =
    separator === null
      ? "JSON lines"
      : `${program === null ? "A table" : `An export of ${program}`}, ${SEPARATORS[separator] ?? separator} between its cells`;
  return [
    ...(dry_run ? [`${kind}.`, columnsText(report), "", firstText(first), ""] : program === null ? [] : [`${kind}.`]),
    `Products: ${counts.join(", ")} (of ${many(rows, "row")})`,
    ...(report.different > 0
      ? [
          `  ${report.different.toLocaleString("en")} are in the shop otherwise than in the file: --update changes them.`,
        ]
      : []),
    ...(parts > 0 ? [`  ${many(parts, "row is", "rows are")} more of the product of another row, or none.`] : []),
    ...(drafts > 0
      ? [
          `  ${drafts.toLocaleString("en")} are not published there, and are for sale here: --skip-drafts leaves them out.`,
        ]
      : []),
    ...problemLines(problems),
    ...(dry_run ? ["Nothing was changed: this was a trial."] : []),
  ].join("\n");
}

function columnsText({ columns }: ProductsReport): string {
  const used = columns.filter(({ field }) => field !== null);
  const unused = columns.filter(({ heading, field }) => heading !== "" && field === null).map(({ heading }) => heading);
  return [
    ...used.map(({ heading, field, reason }) => `  ${visible(heading)} = ${field} (${reason})`),
    ...(unused.length > 0 ? [`  Passed over: ${visible(unused.join(", "))}`] : []),
  ].join("\n");
}

function firstText(first: readonly Outcome[]): string {
  if (first.length === 0) return "No row would be taken in.";
  const rows = first.map(({ line, what, slug, product }) => [
    line,
    what,
    cut(nameOf(product) || (slug ?? "-"), 26),
    cut(product?.category ?? "-", 14),
    product?.price ?? "-",
    product?.stock ?? "-",
  ]);
  return table(["LINE", "WHAT", "NAME", "CATEGORY", "PRICE", "STOCK"], rows);
}

const nameOf = (product: Outcome["product"]): string =>
  product
    ? [product.name, ...Object.values(product.options).filter((value) => !product.name.endsWith(value))].join(", ")
    : "";

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
