import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { many } from "../../src/base/many";
import { wordKey } from "../../src/base/text";
import { validate } from "../../src/base/validate";
import { changeProducts } from "../../src/catalog/bulk";
import { BulkChange } from "../../src/catalog/bulk-schema";
import { categoryTree } from "../../src/catalog/category-tree";
import type { CategoryNode } from "../../src/catalog/category-schema";
import type { Shop } from "../../src/shop/shop";
import { amount, percent } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";

interface PriceOptions {
  by?: number;
  to?: number;
  category?: string;
  minPrice?: number;
  maxPrice?: number;
  round?: number;
  confirm?: string;
}

export const priceCommand = ({ print, withShop }: Terminal) =>
  new Command("price")
    .description("change the prices of many products; says first what would change")
    .argument("[percent]", "so much dearer, or cheaper: 10, or -12.5", percent(2, { below: true }))
    .option("--by <amount>", "in place of it: so much dearer, or cheaper, such as --by=-5", Number)
    .option("--to <amount>", "in place of it: what they cost from now on", amount)
    .option("--category <name>", "only of this category and those below it")
    .option("--min-price <amount>", "only what costs at least so much", amount)
    .option("--max-price <amount>", "only what costs at most so much", amount)
    .option("--round <amount>", "make prices multiples of this, such as 0.5", amount)
    .option("--confirm <code>", "do what the preview with this code showed")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product price 10 --category Tea --round 0.5\n  sanset product price --by=-5 --category Tea\n  sanset product price --to 99 --max-price 110",
    )
    .action((dearer: number | undefined, { by, to, category, minPrice, maxPrice, round, confirm }: PriceOptions) =>
      withShop(async (shop) => {
        const bulk = validate(BulkChange, {
          filter: withoutUndefined({ category, min_price: minPrice, max_price: maxPrice }),
          change: withoutUndefined({ price_percent: dearer, price_by: by, price: to, round_to: round }),
          ...(confirm !== undefined && { confirm }),
        });
        const answer = await changeProducts(shop, bulk);
        if (answer.count === 0 && category !== undefined) await checkCategory(shop, category);
        const rows = answer.changes.map(({ product_id, name, before, after }) => [
          product_id,
          name,
          String(before["price"]),
          String(after["price"]),
        ]);
        const next = answer.applied
          ? `${many(answer.count, "price")} changed.`
          : `${many(answer.count, "price")} would change. Nothing has changed yet: add --confirm ${answer.confirm} to do it.`;
        print(
          answer,
          rows.length === 0 ? "No price would change." : `${table(["ID", "NAME", "NOW", "THEN"], rows)}\n${next}`,
        );
      }),
    );

const withoutUndefined = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Where a category is mistyped nothing fits, which nobody should take for nothing to do. */
async function checkCategory(shop: Shop, name: string): Promise<void> {
  const key = wordKey(name);
  const isIn = (nodes: readonly CategoryNode[]): boolean =>
    nodes.some((node) => wordKey(node.category) === key || isIn(node.children));
  if (isIn(await categoryTree(shop))) return;
  throw new ShopError("not_found", "There is no such category: see sanset category list.");
}
