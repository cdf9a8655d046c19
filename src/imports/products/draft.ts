import { taxClassKey } from "../../base/fields";
import type { Cells } from "./cells";
import { BadCell } from "./cells";
import { attributesOf, facetsIn, optionsOf } from "./features";
import { plainText } from "./html";
import type { Program } from "./programs";
import { slugFrom } from "./slugs";
import { DAY_MS } from "../../base/time";

/** What a row says that a product is to be, before the database was asked whether it is there. */
export interface Draft {
  line: number;
  /** A product by itself, one with variants, or a variant of `parent`. */
  kind: "product" | "parent" | "variant";
  /** By what other rows name it. */
  keys: string[];
  parent: string | undefined;
  /** Whether the file says the slug itself: it is made of the name otherwise. */
  isSlugGiven: boolean;
  /** The levels of its category, the highest first. */
  category: string[] | undefined;
  fields: DraftFields;
  /** What the file says and the shop has no place for. */
  notes: string[];
}

export interface DraftFields {
  slug?: string;
  name?: string;
  description?: string | null;
  price?: number;
  compare_at_price?: number | null;
  stock?: number;
  sku?: string | null;
  barcode?: string | null;
  image_url?: string | null;
  tax_class?: string;
  weight_grams?: number;
  low_stock_at?: number | null;
  attributes?: Record<string, unknown>;
  option_names?: string[];
  options?: Record<string, string>;
}

export interface DraftOptions {
  program: Program | undefined;
  /** What is sold without being counted has so many. */
  stock: number;
  currency: string;
  now: Date;
  keepHtml: boolean;
  weightUnit?: string | undefined;
}

/** What the rest of the file says of the family that a row belongs to. */
export interface Kin {
  optionNames: readonly string[];
}

/** What a row says of the product itself. `kin` is there where it has variants in this file. */
export function fieldsOf(cells: Cells, options: DraftOptions, kind: Draft["kind"], kin: Kin | undefined): DraftFields {
  const { program } = options;
  const isOwn = program === undefined;
  const isParent = kind === "parent";
  const html = cells.raw("description") ?? cells.raw("short_description");
  const option_names = isParent ? (kin?.optionNames ?? []) : undefined;
  const attributes = attributesOf(cells, program, isParent || kind === "variant" ? (kin?.optionNames ?? []) : []);
  return withoutUndefined({
    slug: slugOf(cells, kind),
    name: kind === "variant" && !isOwn ? undefined : cells.text("name"),
    description:
      html === undefined || kind === "variant" ? undefined : isOwn || options.keepHtml ? html : plainText(html),
    ...(isParent && !isOwn ? { price: pricesOf(cells, options).price } : pricesOf(cells, options)),
    ...(isParent && !isOwn ? {} : { sku: cells.text("sku"), barcode: cells.text("barcode") }),
    stock: isParent ? undefined : stockOf(cells, options),
    image_url: pictureOf(cells, program, kind),
    tax_class: kind === "variant" && !isOwn ? undefined : taxClassOf(cells),
    weight_grams: gramsOf(cells, options),
    low_stock_at: isParent ? undefined : cells.count("low_stock_at"),
    attributes,
    option_names: option_names && option_names.length > 0 ? [...option_names] : undefined,
    options: kind === "variant" ? optionsOf(cells, program, kin?.optionNames ?? []) : undefined,
  });
}

function slugOf(cells: Cells, kind: Draft["kind"]): string | undefined {
  const given = cells.text("slug");
  if (given !== undefined) return given;
  if (kind === "variant") return undefined;
  const handle = cells.text("handle") ?? cells.text("path")?.replace(/^\/|\/$/g, "");
  const from = handle ?? cells.text("name");
  return from === undefined ? undefined : slugFrom(from);
}

interface Prices {
  price?: number | undefined;
  compare_at_price?: number | null | undefined;
}

/** What it costs now, and what it cost before a sale that is on. */
function pricesOf(cells: Cells, { program, currency, now }: DraftOptions): Prices {
  const usual = cells.amount("price") ?? priceIn(cells, currency);
  const sale = isNow(cells, now) ? salePrice(cells, usual) : undefined;
  const before = cells.amount("compare_at_price");
  const price = sale ?? usual;
  if (program === undefined && sale === undefined) return { price, compare_at_price: before };
  const was = sale !== undefined && usual !== undefined && usual > sale ? usual : before;
  if (price === undefined) return {};
  if (was === undefined) return { price };
  return { price, compare_at_price: was > price ? was : null };
}

/** The price in the shop's currency, where a file has some in several. */
function priceIn(cells: Cells, currency: string): number | undefined {
  const priced = [...cells.under("price.")].map(([code]) => code.toUpperCase());
  if (priced.length === 0) return undefined;
  if (priced.includes(currency)) return cells.amount(`price.${currency.toLowerCase()}`);
  throw new BadCell(
    "price",
    `it is said in ${priced.join(", ")}, and the shop sells in ${currency}: say which with --map.`,
  );
}

function salePrice(cells: Cells, usual: number | undefined): number | undefined {
  const sale = cells.amount("sale_price");
  // Some programs write 0 where there is none.
  if (sale !== undefined && sale > 0) return sale;
  const amount = cells.amount("discount_amount") ?? 0;
  const percent = cells.amount("discount_percent") ?? 0;
  if (usual === undefined || (amount <= 0 && percent <= 0)) return undefined;
  const reduced = Math.round((usual - amount) * (100 - percent)) / 100;
  return reduced > 0 ? reduced : undefined;
}

function isNow(cells: Cells, now: Date): boolean {
  const from = dayIn(cells.text("sale_from"));
  const to = dayIn(cells.text("sale_to"));
  return (from === undefined || from <= now.getTime()) && (to === undefined || to + DAY_MS > now.getTime());
}

function dayIn(text: string | undefined): number | undefined {
  const moment = Date.parse(`${text?.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(moment) || text?.startsWith("0000") ? undefined : moment;
}

/** How many there are to sell. Goods that the other program does not count are sold until the shopkeeper counts. */
function stockOf(cells: Cells, { program, stock: uncounted }: DraftOptions): number | undefined {
  const counted = cells.count("stock");
  if (program === undefined && cells.text("in_stock") === undefined) return counted;
  if (cells.flag("in_stock") === false) return 0;
  if (counted !== undefined && counted > 0) return counted;
  const isCounted =
    cells.flag("tracked") ?? (program?.name === "Shopify" ? cells.text("tracker") !== undefined : undefined);
  if (isCounted === false && cells.text("price") !== undefined) return uncounted;
  if (counted !== undefined) return counted;
  return cells.flag("in_stock") ? uncounted : undefined;
}

function pictureOf(cells: Cells, program: Program | undefined, kind: Draft["kind"]): string | undefined {
  const own = cells.text("image_url");
  if (own !== undefined) return own;
  const said =
    kind === "variant"
      ? [...cells.all("variant_image"), ...(program?.family === "parent" ? cells.all("images") : [])]
      : cells.all("images");
  const urls = said.flatMap((cell) => (program?.list ? splitList(cell, program.list) : [cell]));
  return urls.find((url) => /^(https?:\/\/|\/)\S+$/i.test(url));
}

/** The parts of a cell that holds several. A comma within an address is none between two. */
function splitList(cell: string, separator: string): string[] {
  const parts = separator === "," ? cell.split(/,\s*(?=https?:|\/)/i) : cell.split(separator);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Programs say of a variant that its class is its parent's. */
function taxClassOf(cells: Cells): string | undefined {
  const said = cells.text("tax_class");
  return said === undefined || said === "parent" ? undefined : taxClassKey(said);
}

const GRAMS: Record<string, number> = {
  g: 1,
  gram: 1,
  grams: 1,
  kg: 1000,
  kgs: 1000,
  lb: 453.59237,
  lbs: 453.59237,
  oz: 28.349523125,
};

function gramsOf(cells: Cells, { program, weightUnit }: DraftOptions): number | undefined {
  const grams = cells.amount("weight_grams");
  if (grams !== undefined) return Math.round(grams);
  const weight = cells.amount("weight");
  if (weight === undefined) return undefined;
  const [, inHeading] = /\((\w+)\)/.exec(cells.text("weight_heading") ?? "") ?? [];
  const unit = weightUnit ?? cells.text("weight_unit")?.toLowerCase() ?? inHeading ?? program?.weight ?? "kg";
  return Math.round(weight * (GRAMS[unit] ?? GRAMS["kg"] ?? 1000));
}

/** The levels of the category that says most; without one, the first tag. */
export function categoryOf(cells: Cells, program: Program | undefined): string[] | undefined {
  const [own] = cells.all("category");
  if (program === undefined) return own === undefined ? undefined : [own];
  const list = program.list ?? "\n";
  const paths = cells
    .all("category")
    // What only the other program knows by this word.
    .filter((cell) => !/^p?cat_[0-9A-Z]{20,}$/.test(cell))
    .flatMap((cell) => cell.split(list))
    .map((path) =>
      withoutRoot(
        path
          .split(program.levels)
          .map((level) => level.trim())
          .filter((level) => level !== ""),
      ),
    )
    .filter((path) => path.length > 0);
  const deepest = paths.toSorted((a, b) => b.length - a.length)[0];
  if (deepest) return deepest;
  const facets = cells
    .all("facets")
    .flatMap((cell) => facetsIn(cell))
    .filter(([name]) => name === "category");
  if (facets.length > 0) return facets.map(([, value]) => value);
  const tag = cells.all("tags")[0]?.split(/[,|]/)[0]?.trim();
  return tag ? [tag] : undefined;
}

const ROOTS = new Set(["default category", "root catalog", "categories", "home", "shop all"]);
const withoutRoot = (path: string[]) =>
  path.length > 1 && ROOTS.has(path[0]?.toLowerCase() ?? "") ? path.slice(1) : path;

function withoutUndefined(fields: { [Key in keyof DraftFields]: DraftFields[Key] | undefined }): DraftFields {
  // The type says what the filter does.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as DraftFields;
}
