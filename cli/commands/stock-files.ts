import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { text } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { findProductNamed } from "../../src/catalog/catalog";
import { changeShelves } from "../../src/catalog/stock-changes";
import type { Shop } from "../../src/shop/shop";
import { MOST_UNITS, type ShelfChanged } from "../../src/stock/schema";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { many } from "../../src/base/many";

const FILE = `A file has a line for each product: what it is called, and how many. Between
them a comma, a semicolon or a tab; a heading may say which columns they are
(sku, qty). All of it is done, or nothing.`;

export const receiveCommand = (terminal: Terminal) =>
  linesCommand(terminal, {
    verb: "receive",
    description: "write down what came: all of it, or nothing",
    examples: [
      "sanset stock receive TEA-250=12 8901234567=4 --reason 'Invoice 77'",
      "sanset stock receive delivery.csv --dry-run",
    ],
    usual: "A delivery",
    least: 1,
    changeOf: (units) => ({ delta: units }),
  });

export const countCommand = (terminal: Terminal) =>
  linesCommand(terminal, {
    verb: "count",
    description: "write down a stocktake: how many lie on the shelf, with those that are reserved",
    examples: ["sanset stock count TEA-250=12 MUG=0 --dry-run", "sanset stock count shelves.csv"],
    usual: "Stocktake",
    least: 0,
    changeOf: (units) => ({ counted: units }),
  });

interface LinesVerb {
  verb: string;
  description: string;
  examples: string[];
  /** The reason, where none is given. */
  usual: string;
  /** The smallest number that a line may say. */
  least: number;
  changeOf(units: number): { delta: number } | { counted: number };
}

const linesCommand = (
  { print, withShop }: Terminal,
  { verb, description, examples, usual, least, changeOf }: LinesVerb,
) =>
  new Command(verb)
    .description(description)
    .argument(
      "<lines...>",
      "what, by id, slug, sku or barcode, and how many, such as TEA-250=12; or a file, - for stdin",
    )
    .option("--reason <text>", "for the ledger", usual)
    .option("--dry-run", "only say what would change", false)
    .addHelpText("after", `\n${FILE}\n\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`)
    .action((given: string[], { reason, dryRun: dry_run }: { reason: string; dryRun: boolean }) =>
      withShop(async (shop) => {
        const lines = (await linesOf(shop, given, least)).map(([product, units]) => ({ product, ...changeOf(units) }));
        const changed = await changeShelves(shop, { lines, reason: validate(text(500), reason), dry_run });
        print(changed, changesText(changed));
      }),
    );

function changesText({ applied, lines }: ShelfChanged): string {
  const different = lines.filter(({ before, after }) => before !== after);
  const rows = different.map(({ name, before, after }) => [before, after, after - before, name]);
  const units = different.reduce((sum, { before, after }) => sum + after - before, 0);
  return [
    table(["BEFORE", "AFTER", "CHANGE", "NAME"], rows, "Nothing is different."),
    `${many(lines.length, "product")}, ${different.length} changed, ${units > 0 ? "+" : ""}${many(units, "unit")} in all.`,
    ...(applied ? [] : ["Nothing was changed: this was a dry run."]),
  ].join("\n");
}

type NamedNumber = [product: string, units: number];

/** A person who counts by hand has fewer. */
const MOST_LINES = 2_000;
const MOST_NAMED = 10;

/** What the arguments say, or the files that they name. Throws `invalid` that names the lines that are wrong. */
async function linesOf(shop: Shop, given: readonly string[], least: number): Promise<NamedNumber[]> {
  const rows: { where: string; name: string; units: string }[] = [];
  for (const word of given) {
    const [, name, units] = /^(.+)=(\d{1,10})$/.exec(word) ?? [];
    if (name !== undefined && units !== undefined) rows.push({ where: word, name, units });
    else rows.push(...rowsOf(await readFile(word)));
  }
  if (rows.length > MOST_LINES) throw new ShopError("invalid", `Give at most ${MOST_LINES} lines at once.`);
  if (rows.length === 0) throw new ShopError("invalid", "There are no lines in it. Nothing was changed.");
  const wrong: { path: string; message: string; code: string }[] = [];
  const lines: NamedNumber[] = [];
  for (const { where, name, units } of rows) {
    const number = /^\d{1,10}$/.test(units) ? Number(units) : Number.NaN;
    const message = !(number >= least && number <= MOST_UNITS)
      ? `Give a whole number from ${least}, not "${units}".`
      : name === "" || (await findProductNamed(shop, name)) === undefined
        ? `There is no product ${name || "named"}.`
        : undefined;
    if (message === undefined) lines.push([name, number]);
    else wrong.push({ path: where, message, code: "unreadable" });
  }
  if (wrong.length === 0) return lines;
  const message = `${wrong.length} of ${many(rows.length, "line")} can't be read. Nothing was changed.`;
  throw new ShopError("invalid", message, { errors: wrong.slice(0, MOST_NAMED) });
}

async function readFile(file: string): Promise<string> {
  try {
    return await (file === "-" ? Bun.stdin : Bun.file(file)).text();
  } catch {
    const message = `${file} is no file, and no product with a number, such as TEA-250=12. Nothing was changed.`;
    throw new ShopError("invalid", message);
  }
}

function rowsOf(content: string): { where: string; name: string; units: string }[] {
  const rows = content
    .replace(/^\uFEFF/, "")
    .split(/\r\n?|\n/)
    .map((row, at) => ({ where: `line ${at + 1}`, cells: cellsOf(row) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const { product, qty, hasHeading } = columnsOf(rows[0]?.cells ?? []);
  return rows
    .slice(hasHeading ? 1 : 0)
    .map(({ where, cells }) => ({ where, name: cells[product] ?? "", units: cells[qty] ?? "" }));
}

/** Codes and numbers hold none of these signs, so quotes need only be taken off. */
const cellsOf = (row: string): string[] =>
  row.split(/[\t;,]/).map((cell) => cell.trim().replaceAll(/^"|"$/g, "").trim());

const PRODUCT_HEADING = /^(id|product|product_id|slug|sku|code|barcode|ean|gtin)$/i;
const QTY_HEADING = /^(qty|quantity|count|counted|units|pieces|on_hand|stock)$/i;

function columnsOf(first: readonly string[]): { product: number; qty: number; hasHeading: boolean } {
  const qty = first.findIndex((cell) => QTY_HEADING.test(cell));
  const product = first.findIndex((cell) => PRODUCT_HEADING.test(cell));
  if (qty >= 0 && product >= 0) return { product, qty, hasHeading: true };
  return { product: 0, qty: 1, hasHeading: first.length > 1 && !/\d/.test(first[1] ?? "") };
}
