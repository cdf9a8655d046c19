import { Command, InvalidArgumentError } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { ShopError } from "../../src/base/errors";
import { wordKey } from "../../src/base/text";
import { validate } from "../../src/base/validate";
import { getProductNamed } from "../../src/catalog/catalog";
import { changeProduct } from "../../src/catalog/change";
import { createProduct } from "../../src/catalog/create";
import { NewProduct, ProductChange } from "../../src/catalog/schema";
import { amount, wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { productText, PRODUCT, NAMED } from "./product-text";

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
    .option("--slug <slug>", "its name in addresses; a new one has it from its name")
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

export const createCommand = ({ print, withShop }: Terminal) =>
  withFields(new Command("create").description("add a product, or a variant of one").argument("<name>"))
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product create 'Assam tea' --category Tea --price 120 --stock 40" +
        "\n  sanset product create Kurta --slug kurta --category Clothes \\\n    --price 500 --options Size Colour" +
        "\n  sanset product create - --of kurta --choose Size=M Colour=Red --stock 5",
    )
    .action((name: string, given: Fields) =>
      withShop(async (shop) => {
        const isVariant = given.of !== undefined;
        const own = isVariant ? {} : { slug: slugOf(name) };
        const product = validate(NewProduct, { ...own, ...(await fieldsOf(shop, given)), name });
        const created = await createProduct(shop, product);
        print(created, `Product ${created.id}: ${created.name}, ${created.price}, ${created.stock} to sell`);
      }),
    );

/** `Assam tea, 250 g` is `assam-tea-250-g` in addresses; undefined where nothing of it can stand there. */
function slugOf(name: string): string | undefined {
  return wordKey(name)
    .match(/[a-z0-9]+/g)
    ?.join("-")
    .slice(0, LONGEST_SLUG)
    .replace(/-$/, "");
}

const LONGEST_SLUG = 120;

export const editCommand = ({ print, withShop }: Terminal) =>
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
