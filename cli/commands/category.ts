import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { fold } from "../../src/base/text";
import { validate } from "../../src/base/validate";
import { categoryTree, putCategory, removeCategory } from "../../src/catalog/category-tree";
import { CategoryChange, type CategoryNode } from "../../src/catalog/category-schema";
import { renameInCoupons } from "../../src/coupons/coupons";
import { wholeNumber } from "../arguments";
import { YES } from "../confirm";
import type { Terminal } from "../terminal";

export const categoryCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("category")
    .description("what sorts of things the shop sells, as a tree")
    .addCommand(
      new Command("list").description("show the tree with how many products are where").action(() =>
        withShop(async (shop) => {
          const tree = await categoryTree(shop);
          print(tree, tree.length === 0 ? "There are no categories." : treeText(tree));
        }),
      ),
    )
    .addCommand(
      new Command("set")
        .description("put a category into the tree; one that is not there is made")
        .argument("<name>")
        .option("--parent <name>", "the category that it stands below")
        .option("--top", "let it stand at the top")
        .option("--slug <slug>", "its name in addresses")
        .option("--description <text>", "what customers read about it")
        .option("--position <n>", "its place among its neighbours", wholeNumber(0, 1_000_000))
        .addHelpText("after", "\nExample:\n  sanset category set 'Green tea' --parent Tea")
        .action((name: string, { top, parent, ...plain }: { top?: boolean; parent?: string }) =>
          withShop(async (shop) => {
            const change = { ...plain, ...(top ? { parent: null } : parent === undefined ? {} : { parent }) };
            const tree = await putCategory(shop, name, validate(CategoryChange, change), renameInCoupons);
            print(tree, treeText(tree));
          }),
        ),
    )
    .addCommand(
      new Command("rename")
        .description("give a category another name; its products go along")
        .argument("<name>")
        .argument("<new>")
        .option("--merge", "the new name may be another category's, which takes its products in")
        .option(...YES)
        .addHelpText("after", "\nExample:\n  sanset category rename Teas Tea --merge")
        .action((name: string, renamed: string, { merge, yes }: { merge?: boolean; yes?: boolean }) =>
          withShop(async (shop) => {
            if (!isIn(await categoryTree(shop), name))
              throw new ShopError("not_found", `There is no category ${name}.`);
            if (merge) await confirm(`Put all of ${name} into ${renamed}? They can't be told apart afterwards.`, yes);
            const change = { name: renamed, ...(merge && { merge }) };
            const tree = await putCategory(shop, name, validate(CategoryChange, change), renameInCoupons);
            print(tree, treeText(tree));
          }),
        ),
    )
    .addCommand(
      new Command("delete")
        .description("take an empty category out of the tree")
        .argument("<name>")
        .action((name: string) =>
          withShop(async (shop) => {
            await removeCategory(shop, name);
            print({ name }, `${name} is no category any more.`);
          }),
        ),
    );

/** By its very name, however it is written. */
function isIn(nodes: readonly CategoryNode[], name: string): boolean {
  return nodes.some(({ category, children }) => fold(category) === fold(name) || isIn(children, name));
}

function treeText(nodes: readonly CategoryNode[], depth = 0): string {
  return nodes
    .map(({ category, total, children }) => {
      const line = `${"  ".repeat(depth)}${category} (${total})`;
      return children.length === 0 ? line : `${line}\n${treeText(children, depth + 1)}`;
    })
    .join("\n");
}
