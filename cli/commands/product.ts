import { Command, InvalidArgumentError } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { ShopError } from "../../src/base/errors";
import type { Listed } from "../../src/base/page";
import { validate } from "../../src/base/validate";
import { changeProducts } from "../../src/catalog/bulk";
import { getProductNamed } from "../../src/catalog/catalog";
import { changeProduct } from "../../src/catalog/change";
import { createProduct } from "../../src/catalog/create";
import type { DetailedProduct } from "../../src/catalog/detail";
import { listRemoved, removeProduct, restoreProduct } from "../../src/catalog/removal";
import { BulkChange, type DeletedLine, NewProduct, ProductChange } from "../../src/catalog/schema";
import { exportProducts } from "../../src/exports/products";
import { browse } from "../../src/search/browse";
import { ProductQuery } from "../../src/search/schema";
import { amount, wholeNumber } from "../arguments";
import { productImport } from "../product-import";
import { type ExportOptions, withExportOptions, writeExport } from "../export-file";
import { pageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { buyersCommand } from "./product-buyers";

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

const PRODUCT = "<product>";
const NAMED = "its id, slug, sku or barcode";

const listCommand = ({ print, withShop }: Terminal) =>
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

/** What is given of a product; `false` says that it has none any more. */
interface Fields {
  name?: string;
  slug?: string;
  category?: string;
  description?: string;
  price?: number;
  compareAt?: number | false;
  stock?: number;
  sku?: string | false;
  barcode?: string | false;
  taxClass?: string;
  grams?: number;
  lowAt?: number | "usual";
  options?: string[];
  of?: string | false;
  choose?: string[];
  attribute?: string[];
  picture?: number | false;
}

const withFields = (command: Command) =>
  command
    .option("--slug <slug>", "its name in addresses")
    .option("--category <name>", "what sort of thing it is")
    .option("--description <text>", "what customers read about it")
    .option("--price <amount>", "what it costs, such as 40.5", amount)
    .option("--compare-at <amount>", "what it cost before its sale, shown crossed out", amount)
    .option("--stock <n>", "how many can be bought", wholeNumber(0, 1_000_000_000))
    .option("--sku <code>", "the shop's own code")
    .option("--barcode <code>", "such as an EAN")
    .option("--tax-class <name>", "which tax rates hold for it")
    .option("--grams <n>", "what one weighs", wholeNumber(0, 1_000_000_000))
    .option("--low-at <n>", "with how many left it counts as low: 0 never, usual as the shop says", usualOrNumber)
    .option("--options <name...>", "what is to be chosen of it, such as Size Colour")
    .option("--of <product>", "makes it a variant of this product")
    .option("--choose <name=value...>", "what is chosen in the variant, such as Size=M")
    .option("--attribute <name=value...>", "what else is known of it, such as Origin=Assam; Origin= takes it away");

async function fieldsOf(
  shop: Parameters<typeof getProductNamed>[0],
  given: Fields,
  before: Readonly<Record<string, unknown>> = {},
) {
  const { sku, barcode, taxClass, compareAt, grams, lowAt, options, of, choose, attribute, picture, ...plain } = given;
  const all = {
    ...plain,
    sku: orNone(sku),
    barcode: orNone(barcode),
    compare_at_price: orNone(compareAt),
    tax_class: taxClass,
    weight_grams: grams,
    low_stock_at: lowAt === "usual" ? null : lowAt,
    option_names: options,
    parent_id: typeof of === "string" ? (await getProductNamed(shop, of)).id : orNone(of),
    options: choose && Object.fromEntries(choose.map(pair)),
    attributes: attribute && withAttributes(before, attribute.map(pair)),
    image_id: orNone(picture),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const orNone = <Value>(value: Value | false): Value | null => (value === false ? null : value);

/** Those that are there with those that are given; one without a value goes. */
function withAttributes(before: Readonly<Record<string, unknown>>, given: readonly [string, string][]) {
  const all = { ...before, ...Object.fromEntries(given) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

const usualOrNumber = (text: string) => (text === "usual" ? text : wholeNumber(0, 1_000_000_000)(text));

function pair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Give a name and a value, such as Size=M.");
  return [text.slice(0, at), text.slice(at + 1)];
}

const createCommand = ({ print, withShop }: Terminal) =>
  withFields(new Command("create").description("add a product, or a variant of one").argument("<name>"))
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product create 'Assam tea' --slug assam --category Tea \\\n    --price 120 --stock 40" +
        "\n  sanset product create Kurta --slug kurta --category Clothes \\\n    --price 500 --options Size Colour" +
        "\n  sanset product create - --of kurta --choose Size=M Colour=Red --stock 5",
    )
    .action((name: string, given: Fields) =>
      withShop(async (shop) => {
        const product = validate(NewProduct, { ...(await fieldsOf(shop, given)), name });
        const created = await createProduct(shop, product);
        print(created, `Product ${created.id}: ${created.name}, ${created.price}, ${created.stock} to sell`);
      }),
    );

const editCommand = ({ print, withShop }: Terminal) =>
  withFields(new Command("edit").description("change a product; what is not said stays").argument(PRODUCT, NAMED))
    .option("--name <name>", "what it is called")
    .option("--picture <id>", "the picture of its parent that shows this variant", wholeNumber(1, LARGEST_ID))
    .option("--no-picture", "show it as its parent is shown")
    .option("--no-compare-at", "its sale is over")
    .option("--no-sku", "it has no code of the shop's")
    .option("--no-barcode", "it has no barcode")
    .option("--no-of", "make a variant a product of its own again")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product edit assam --price 125 --sku TEA-250\n  sanset product edit assam --no-compare-at --attribute Origin=Assam\n  sanset product edit kurta-m-red --picture 12",
    )
    .action((name: string, given: Fields) =>
      withShop(async (shop) => {
        const { id, attributes } = await getProductNamed(shop, name);
        const fields = await fieldsOf(shop, given, attributes);
        if (Object.keys(fields).length === 0) {
          throw new ShopError("invalid", "Say what to change, such as --price 125: see sanset product edit --help.");
        }
        const changed = await changeProduct(shop, id, validate(ProductChange, fields));
        print(changed, productText(changed));
      }),
    );

interface PriceOptions {
  category?: string;
  minPrice?: number;
  maxPrice?: number;
  round?: number;
  confirm?: string;
}

const priceCommand = ({ print, withShop }: Terminal) =>
  new Command("price")
    .description("change the prices of many products; says first what would change")
    .argument("<percent>", "so much dearer, or cheaper: 10, or -- -12.5", Number)
    .option("--category <name>", "only of this category and those below it")
    .option("--min-price <amount>", "only what costs at least so much", amount)
    .option("--max-price <amount>", "only what costs at most so much", amount)
    .option("--round <amount>", "make prices multiples of this, such as 0.5", amount)
    .option("--confirm <code>", "do what the preview with this code showed")
    .addHelpText("after", "\nExample:\n  sanset product price 10 --category Tea --round 0.5")
    .action((percent: number, { category, minPrice, maxPrice, round, confirm }: PriceOptions) =>
      withShop(async (shop) => {
        const bulk = validate(BulkChange, {
          filter: withoutUndefined({ category, min_price: minPrice, max_price: maxPrice }),
          change: withoutUndefined({ price_percent: percent, round_to: round }),
          ...(confirm !== undefined && { confirm }),
        });
        const answer = await changeProducts(shop, bulk);
        const rows = answer.changes.map(({ product_id, name, before, after }) => [
          product_id,
          name,
          String(before["price"]),
          String(after["price"]),
        ]);
        const next = answer.applied
          ? `${answer.count} prices changed.`
          : `${answer.count} prices would change. Nothing has changed yet: add --confirm ${answer.confirm} to do it.`;
        print(
          answer,
          rows.length === 0 ? "No price would change." : `${table(["ID", "NAME", "NOW", "THEN"], rows)}\n${next}`,
        );
      }),
    );

const withoutUndefined = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

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

function productText(product: DetailedProduct): string {
  const {
    id,
    name,
    category,
    price,
    highest_price,
    compare_at_price,
    stock,
    sku,
    barcode,
    slug,
    images,
    low_stock_at,
    description,
    attributes,
    options,
    tax_class,
    weight_grams,
  } = product;
  const known = Object.entries({ ...options, ...attributes }).map(
    ([of, value]) => `${of} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const lines = [
    `${id}  ${name}`,
    `  slug ${slug} · category ${category}`,
    `  ${highest_price > price ? `${price} to ${highest_price}` : price}${compare_at_price === null ? "" : ` (was ${compare_at_price})`} · ${stock} to sell`,
    ...(sku === null ? [] : [`  sku ${sku}`]),
    ...(barcode === null ? [] : [`  barcode ${barcode}`]),
    ...(low_stock_at === null ? [] : [`  low with ${low_stock_at} left`]),
    ...(known.length === 0 ? [] : [`  ${known.join(", ")}`]),
    ...(tax_class === "standard" ? [] : [`  taxed as ${tax_class}`]),
    ...(weight_grams === 0 ? [] : [`  weighs ${weight_grams} g`]),
    ...(description ? [`  ${description}`] : []),
    ...(images.length === 0 ? [] : [`  pictures: ${images.map((image) => image.id).join(", ")}`]),
  ];
  return product.variants.length === 0 ? lines.join("\n") : `${lines.join("\n")}\n${variantsText(product)}`;
}

function variantsText({ option_names, variants }: DetailedProduct): string {
  const rows = variants.map(({ id, options, sku, price, stock }) => [
    id,
    ...option_names.map((name) => options[name] ?? ""),
    sku ?? "-",
    price,
    stock,
  ]);
  return table(["ID", ...option_names.map((name) => name.toUpperCase()), "SKU", "PRICE", "STOCK"], rows);
}
