import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { getProductNamed } from "../../src/catalog/catalog";
import { removeProduct, restoreProduct } from "../../src/catalog/removal";
import { exportProducts } from "../../src/exports/products";
import { wholeNumber } from "../arguments";
import { productImport } from "../product-import";
import { type ExportOptions, withExportOptions, writeExport } from "../export-file";
import type { Terminal } from "../terminal";
import { buyersCommand } from "./product-buyers";
import { productText, variantsText, PRODUCT, NAMED } from "./product-text";
import { listCommand } from "./product-list";
import { createCommand, editCommand } from "./product-edit";
import { priceCommand } from "./product-price";

export const productCommand = (terminal: Terminal) =>
  new Command("product")
    .description("look after what the shop sells")
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(variantsCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(editCommand(terminal))
    .addCommand(priceCommand(terminal))
    .addCommand(buyersCommand(terminal))
    .addCommand(deleteCommand(terminal))
    .addCommand(restoreCommand(terminal))
    .addCommand(exportCommand(terminal))
    .addCommand(productImport(terminal, new Command("import")).description("the same as sanset import products"));

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show one product")
    .argument(PRODUCT, NAMED)
    .addHelpText("after", "\nExample:\n  sanset product show TEA-250")
    .action((name: string) =>
      withShop(async (shop) => {
        const product = await getProductNamed(shop, name);
        print(product, productText(product));
      }),
    );

const variantsCommand = ({ print, withShop }: Terminal) =>
  new Command("variants")
    .description("list what can be chosen of a product")
    .argument(PRODUCT, NAMED)
    .addHelpText("after", "\nExample:\n  sanset product variants kurta")
    .action((name: string) =>
      withShop(async (shop) => {
        const product = await getProductNamed(shop, name);
        print(product.variants, product.variants.length > 0 ? variantsText(product) : "It has no variants.");
      }),
    );

const deleteCommand = ({ print, withShop }: Terminal) =>
  new Command("delete")
    .description("take a product out of the catalog, with its variants")
    .argument(PRODUCT, NAMED)
    .addHelpText(
      "after",
      "\nExample:\n  sanset product delete assam\nIt can be taken back with: sanset product restore ID",
    )
    .action((name: string) =>
      withShop(async (shop) => {
        const { id, name: called } = await getProductNamed(shop, name);
        await removeProduct(shop, id);
        print({ id }, `${called} is out of the catalog. Take it back with: sanset product restore ${id}`);
      }),
    );

const restoreCommand = ({ print, withShop }: Terminal) =>
  new Command("restore")
    .description("take a product back into the catalog")
    .argument("<id>", "its number", wholeNumber(1, LARGEST_ID))
    .option("--slug <slug>", "another slug, where its old one is taken")
    .addHelpText("after", "\nExample:\n  sanset product restore 12")
    .action((id: number, { slug }: { slug?: string }) =>
      withShop(async (shop) => {
        const product = await restoreProduct(shop, id, slug);
        print(product, `${product.name} is in the catalog again.`);
      }),
    );

const exportCommand = (terminal: Terminal) =>
  withExportOptions(new Command("export"))
    .description("write the whole catalog to a file that can be edited and imported again")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product export --out catalog.csv\n  sanset product import catalog.csv --update --dry-run",
    )
    .action((options: ExportOptions) =>
      terminal.withShop((shop) => writeExport(terminal, exportProducts(shop, options.format), options)),
    );
