import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { ShopError } from "../../src/base/errors";
import type { Listed } from "../../src/base/page";
import { validate } from "../../src/base/validate";
import { listRemoved } from "../../src/catalog/removal";
import type { DeletedLine } from "../../src/catalog/schema";
import { browse } from "../../src/search/browse";
import { ProductQuery } from "../../src/search/schema";
import { wholeNumber } from "../arguments";
import { pageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list")
    .description("list products, or those that answer a search")
    .argument("[words]", "what to search for")
    .option("--category <name>", "only of this category and those below it")
    .option("--in-stock", "only what can be bought")
    .option("--sort <order>", "price_asc, price_desc, newest, name or popular")
    .option("--deleted", "what was taken out of the catalog, the latest first")
    .option("--limit <n>", "how many", wholeNumber(1, 100), 20)
    .option("--page <n>", "which page", wholeNumber(1, LARGEST_ID), 1)
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product list tea --category Drinks --in-stock\n  sanset product list --deleted",
    )
    .action((words: string | undefined, options: ListOptions) =>
      withShop(async (shop) => {
        const { category, inStock, sort, deleted, limit, page } = options;
        if (deleted) {
          if (words !== undefined || category !== undefined || inStock || sort !== undefined) {
            throw new ShopError(
              "invalid",
              "What was deleted is not searched: say --deleted with --limit and --page alone.",
            );
          }
          const listed = await listRemoved(shop, { limit, offset: (page - 1) * limit });
          return print(listed.items, deletedText(listed, { limit, page }));
        }
        const query = { q: words, category, in_stock: inStock ? "true" : undefined, sort };
        const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
        const asked = validate(ProductQuery, { ...given, size: String(limit), page: String(page) });
        const { answer } = await browse(shop, asked);
        const rows = answer.items.map(({ id, name, category: of, price, stock }) => [id, name, of, price, stock]);
        const { total, total_is_at_least: isAtLeast } = answer;
        const shown = pageText({ shown: rows.length, total, isAtLeast, limit, page });
        print(
          answer,
          rows.length === 0
            ? "No product fits."
            : `${table(["ID", "NAME", "CATEGORY", "PRICE", "STOCK"], rows)}\n${shown}`,
        );
      }),
    );

function deletedText({ items, total, total_is_at_least: isAtLeast }: Listed<DeletedLine>, page: PageOptions): string {
  if (total === 0) return "Nothing was deleted.";
  const rows = items.map(({ id, name, category, deleted_at }) => [id, name, category, deleted_at]);
  const shown = pageText({ shown: rows.length, total, isAtLeast, ...page });
  return `${table(["ID", "NAME", "CATEGORY", "DELETED"], rows, "")}\n${shown}\nOne of them comes back with: sanset product restore ID`;
}

interface PageOptions {
  limit: number;
  page: number;
}

interface ListOptions extends PageOptions {
  deleted?: boolean;
  category?: string;
  inStock?: boolean;
  sort?: string;
}
