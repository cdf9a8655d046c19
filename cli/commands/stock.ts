import { Command, InvalidArgumentError } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import type { Listed } from "../../src/base/page";
import { validate } from "../../src/base/validate";
import { adjustStock } from "../../src/catalog/adjustment";
import { getProductNamed } from "../../src/catalog/catalog";
import { getStock, listLowStock, listShelfMoves, listStock } from "../../src/catalog/stock-list";
import { Adjustment, type ShelfLine } from "../../src/stock/schema";
import { wholeNumber } from "../arguments";
import { pageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { countCommand, receiveCommand } from "./stock-files";

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
        print(listed.items, listText(listed, options, "There are no products."));
      }),
    );

const lowCommand = ({ print, withShop }: Terminal) =>
  paged(new Command("low").description("list what has run low or is sold out, the lowest first"))
    .addHelpText(
      "after",
      "\nSTOCK_LOW_AT says from when on something is low, where it says no number itself:\nsanset product edit TEA-250 --low-at 20\n\nExample:\n  sanset stock low --limit 50",
    )
    .action((options: PageOptions) =>
      withShop(async (shop) => {
        const listed = await listLowStock(shop, pageOf(options));
        print(listed.items, listText(listed, options, "Nothing is low."));
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
    .argument("<delta>", "how many more, such as 12, or fewer, such as -3", wholeChange)
    .requiredOption("--reason <text>", "why, for the ledger")
    .addHelpText("after", "\nExample:\n  sanset stock adjust TEA-250 -3 --reason broken")
    .action((product: string, delta: number, { reason }: { reason: string }) =>
      withShop(async (shop) => {
        const { id, name } = await getProductNamed(shop, product);
        const level = await adjustStock(shop, id, validate(Adjustment, { delta, reason }));
        print(level, `${name}: ${levelText(level)}`);
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
        const rows = items.map(({ at, cause, change, note }) => [at, cause, change, note ?? ""]);
        print(items, rows.length > 0 ? table(["AT", "WHAT", "UNITS", "WHY"], rows) : `Nothing was done to ${name}.`);
      }),
    );

function wholeChange(text: string): number {
  if (/^[+-]?\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number such as 12 or -3.");
}

const levelText = ({ on_hand, reserved, stock }: Pick<ShelfLine, "on_hand" | "reserved" | "stock">) =>
  `${on_hand} on hand, ${reserved} reserved, ${stock} to sell`;

function listText({ items, total, total_is_at_least: isAtLeast }: Listed<ShelfLine>, page: PageOptions, none: string) {
  if (total === 0) return none;
  return `${linesText(items)}\n${pageText({ shown: items.length, total, isAtLeast, ...page })}`;
}

function linesText(lines: readonly ShelfLine[]): string {
  return table(
    ["ID", "TO SELL", "ON HAND", "RESERVED", "SKU", "NAME"],
    lines.map(({ product_id, stock, on_hand, reserved, sku, name }) => [
      product_id,
      stock,
      on_hand,
      reserved,
      sku ?? "-",
      name,
    ]),
  );
}
