import { Command, InvalidArgumentError } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import type { Listed } from "../../src/base/page";
import { validate } from "../../src/base/validate";
import { adjustStock } from "../../src/catalog/adjustment";
import { getProductNamed } from "../../src/catalog/catalog";
import { changeShelves } from "../../src/catalog/stock-changes";
import { getStock, listLowStock, listShelfMoves, listStock } from "../../src/catalog/stock-list";
import { Adjustment, type ShelfChanged, ShelfChanges, type ShelfLine } from "../../src/stock/schema";
import { wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { visible } from "../visible";

export const stockCommand = (terminal: Terminal) =>
  new Command("stock")
    .description("look after what lies on the shelves")
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(lowCommand(terminal))
    .addCommand(adjustCommand(terminal))
    .addCommand(receiveCommand(terminal))
    .addCommand(countCommand(terminal))
    .addCommand(movesCommand(terminal));

const PRODUCT = "<product>";
const NAMED = "its id, slug, sku or barcode";

interface PageOptions {
  limit: number;
  page: number;
}

const paged = (command: Command) =>
  command
    .option("--limit <n>", "how many", wholeNumber(1, 100), 20)
    .option("--page <n>", "which page", wholeNumber(1, LARGEST_ID), 1);

const pageOf = ({ limit, page }: PageOptions) => ({ limit, offset: (page - 1) * limit });

const listCommand = ({ print, withShop }: Terminal) =>
  paged(new Command("list").description("list what is in stock of each product and variant"))
    .addHelpText("after", "\nExample:\n  sanset stock list --limit 50 --page 2")
    .action((options: PageOptions) =>
      withShop(async (shop) => {
        const listed = await listStock(shop, pageOf(options));
        print(listed.items, listText(listed, "There are no products."));
      }),
    );

const lowCommand = ({ print, withShop }: Terminal) =>
  paged(new Command("low").description("list what has run low or is sold out, the lowest first"))
    .addHelpText(
      "after",
      "\nSTOCK_LOW_AT says from when on something is low, where it has no number of its own:\nsanset product edit TEA-250 --low-at 20\n\nExample:\n  sanset stock low --limit 50",
    )
    .action((options: PageOptions) =>
      withShop(async (shop) => {
        const listed = await listLowStock(shop, pageOf(options));
        print(listed.items, listText(listed, "Nothing is low."));
      }),
    );

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show what is in stock of one product, and of its variants")
    .argument(PRODUCT, NAMED)
    .addHelpText("after", "\nExample:\n  sanset stock show TEA-250")
    .action((product: string) =>
      withShop(async (shop) => {
        const { id } = await getProductNamed(shop, product);
        const line = await getStock(shop, id);
        const text = linesText(line.variants.length > 0 ? line.variants : [line]);
        print(line, line.variants.length > 0 ? `${line.name}: ${levelText(line)}\n${text}` : text);
      }),
    );

const adjustCommand = ({ print, withShop }: Terminal) =>
  new Command("adjust")
    .description("add units to a product's stock, or take some away")
    .argument(PRODUCT, NAMED)
    .argument("<delta>", "how many more, such as 12, or fewer, such as -- -3", wholeChange)
    .requiredOption("--reason <text>", "why, for the ledger")
    .addHelpText("after", "\nExample:\n  sanset stock adjust TEA-250 --reason broken -- -3")
    .action((product: string, delta: number, { reason }: { reason: string }) =>
      withShop(async (shop) => {
        const { id, name } = await getProductNamed(shop, product);
        const level = await adjustStock(shop, id, validate(Adjustment, { delta, reason }));
        print(level, `${name}: ${levelText(level)}`);
      }),
    );

const LINES = "<lines...>";

const receiveCommand = ({ print, withShop }: Terminal) =>
  new Command("receive")
    .description("write down what came: all of it, or nothing")
    .argument(LINES, "what, by id, slug, sku or barcode, and how many, such as TEA-250=12", lineOf)
    .option("--reason <text>", "for the ledger", "A delivery")
    .option("--dry-run", "only say what would change", false)
    .addHelpText("after", "\nExample:\n  sanset stock receive TEA-250=12 8901234567=4 --reason 'Invoice 77'")
    .action((lines: NamedNumber[], { reason, dryRun: dry_run }: ChangeOptions) =>
      withShop(async (shop) => {
        const asked = lines.map(([product, delta]) => ({ product, delta }));
        const changed = await changeShelves(shop, validate(ShelfChanges, { lines: asked, reason, dry_run }));
        print(changed, changesText(changed));
      }),
    );

const countCommand = ({ print, withShop }: Terminal) =>
  new Command("count")
    .description("write down a stocktake: how many lie on the shelf, with those that are reserved")
    .argument(LINES, "what, by id, slug, sku or barcode, and how many, such as TEA-250=12", lineOf)
    .option("--reason <text>", "for the ledger", "Stocktake")
    .option("--dry-run", "only say what would change", false)
    .addHelpText("after", "\nExample:\n  sanset stock count TEA-250=12 MUG=0 --dry-run")
    .action((lines: NamedNumber[], { reason, dryRun: dry_run }: ChangeOptions) =>
      withShop(async (shop) => {
        const asked = lines.map(([product, counted]) => ({ product, counted }));
        const changed = await changeShelves(shop, validate(ShelfChanges, { lines: asked, reason, dry_run }));
        print(changed, changesText(changed));
      }),
    );

const movesCommand = ({ print, withShop }: Terminal) =>
  paged(new Command("moves").description("list what was done to a product's stock beside its orders, newest first"))
    .argument(PRODUCT, NAMED)
    .addHelpText("after", "\nExample:\n  sanset stock moves TEA-250")
    .action((product: string, options: PageOptions) =>
      withShop(async (shop) => {
        const { id, name } = await getProductNamed(shop, product);
        const { items } = await listShelfMoves(shop, id, pageOf(options));
        const rows = items.map(({ at, cause, change, note }) => [at, cause, change, clipped(note ?? "", 30)]);
        print(items, rows.length > 0 ? table(["AT", "WHAT", "UNITS", "WHY"], rows) : `Nothing was done to ${name}.`);
      }),
    );

type NamedNumber = readonly [product: string, units: number];

interface ChangeOptions {
  reason: string;
  dryRun: boolean;
}

function lineOf(text: string, before: NamedNumber[] = []): NamedNumber[] {
  const [, product, units] = /^(.+)=(\d{1,10})$/.exec(text) ?? [];
  if (product === undefined) throw new InvalidArgumentError("Give a product and a number, such as TEA-250=12.");
  return [...before, [product, Number(units)]];
}

function changesText({ applied, lines }: ShelfChanged): string {
  const rows = lines.map(({ name, before, after }) => [before, after, after - before, clipped(name, 50)]);
  return `${table(["BEFORE", "AFTER", "CHANGE", "NAME"], rows)}${applied ? "" : "\nNothing was changed: this was a dry run."}`;
}

function wholeChange(text: string): number {
  if (/^[+-]?\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number such as 12 or -3.");
}

const levelText = ({ on_hand, reserved, stock }: Pick<ShelfLine, "on_hand" | "reserved" | "stock">) =>
  `${on_hand} on hand, ${reserved} reserved, ${stock} to sell`;

function listText({ items, total, total_is_at_least }: Listed<ShelfLine>, none: string): string {
  if (total === 0) return none;
  return `${linesText(items)}\n${items.length} of ${total}${total_is_at_least ? " or more" : ""}`;
}

const TERMINAL_COLUMNS = 80;
const SKU_COLUMNS = 14;

/** A line each, no wider than a terminal: what a product is called has the columns that are left. */
function linesText(lines: readonly ShelfLine[]): string {
  const numbers = table(
    ["ID", "TO SELL", "ON HAND", "RESERVED", "SKU"],
    lines.map(({ product_id, stock, on_hand, reserved, sku }) => [
      product_id,
      stock,
      on_hand,
      reserved,
      clipped(sku ?? "-", SKU_COLUMNS),
    ]),
  ).split("\n");
  const widest = Math.max(...numbers.map(({ length }) => length));
  const names = ["NAME", ...lines.map(({ name }) => clipped(name, TERMINAL_COLUMNS - widest - 2))];
  return numbers.map((line, at) => `${line.padEnd(widest)}  ${names[at]}`).join("\n");
}

function clipped(text: string, columns: number): string {
  const shown = Array.from(visible(text));
  return shown.length <= columns ? shown.join("") : `${shown.slice(0, columns - 1).join("")}…`;
}
