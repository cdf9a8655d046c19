import { cellOf } from "../base/csv-cell";
import { FILE_COLUMNS } from "../catalog/file-columns";
import type { VersionedProduct } from "../catalog/queries";
import { walkCatalog } from "../catalog/walk-queries";
import type { Shop } from "../shop/shop";
import type { Format } from "./format";

/** So many attributes, and options, have a column of their own; what else there is stands together as JSON. */
const COLUMNS_OF_A_KIND = 40;

/** The catalog in pieces of text, as `sanset import products` takes it in again: it then changes nothing. */
export async function* exportProducts(shop: Shop, format: Format): AsyncGenerator<string> {
  const rows = rowsOf(shop);
  if (format === "jsonl") {
    for await (const row of rows) yield `${JSON.stringify(filled(row))}\n`;
    return;
  }
  const { attributes, options } = await commonNames(shop);
  const heading = [
    ...FILE_COLUMNS,
    ...options.map((name) => `option.${name}`),
    "options",
    ...attributes.map((name) => `attr.${name}`),
    "attributes",
  ];
  yield `${heading.map(cellOf).join(",")}\r\n`;
  for await (const row of rows) yield `${cellsOf(row, attributes, options).map(cellOf).join(",")}\r\n`;
}

/** A product in the shape in which it is taken in. What a variant has from its parent is left out. */
interface ProductRow {
  slug: string;
  parent?: string | undefined;
  name?: string;
  category?: string;
  description?: string | null;
  price?: number | undefined;
  compare_at_price: number | null;
  stock?: number | undefined;
  sku: string | null;
  barcode: string | null;
  image_url: string | null;
  tax_class?: string;
  weight_grams: number;
  low_stock_at: number | null;
  option_names?: string[];
  options?: Record<string, string>;
  attributes: Record<string, unknown>;
}

async function* rowsOf(shop: Shop): AsyncGenerator<ProductRow> {
  for await (const page of walkCatalog(shop.database, shop.settings)) {
    const slugs = new Map(page.map(({ id, slug }) => [id, slug]));
    for (const product of page) yield rowOf(product, slugs);
  }
}

function rowOf(product: VersionedProduct, slugs: ReadonlyMap<number, string>): ProductRow {
  const { slug, name, category, description, price, compare_at_price, stock, sku, barcode } = product;
  const { image_url, tax_class, weight_grams, low_stock_at, option_names, options, attributes, parent_id } = product;
  const isParent = option_names.length > 0;
  const own = { compare_at_price, sku, barcode, image_url, weight_grams, low_stock_at, attributes };
  if (parent_id !== null) return { slug, parent: slugs.get(parent_id), price, stock, ...own, options };
  return {
    slug,
    name,
    category,
    description,
    ...(isParent ? { option_names } : { price, stock }),
    tax_class,
    ...own,
  };
}

const filled = (row: ProductRow) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));

function cellsOf(row: ProductRow, attributes: readonly string[], options: readonly string[]): unknown[] {
  const { option_names, options: chosen = {} } = row;
  const plain = FILE_COLUMNS.map((column) => (column === "option_names" ? namesCell(option_names) : row[column]));
  const inColumns = Object.keys(chosen).every((name) => options.includes(name));
  const rest = Object.entries(row.attributes).filter(([name, value]) => !attributes.includes(name) || !isPlain(value));
  return [
    ...plain,
    ...options.map((name) => (inColumns ? chosen[name] : undefined)),
    inColumns ? undefined : chosen,
    ...attributes.map((name) => (isPlain(row.attributes[name]) ? row.attributes[name] : undefined)),
    rest.length > 0 ? Object.fromEntries(rest) : undefined,
  ];
}

const namesCell = (names: readonly string[] | undefined) =>
  names?.some((name) => name.includes("|") || name.startsWith("[")) ? JSON.stringify(names) : names?.join("|");

/** Whether a value comes back as it is from a cell of its own. */
const isPlain = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

/** The attributes and options that most products have, whose names can be headings. */
async function commonNames(shop: Shop): Promise<{ attributes: string[]; options: string[] }> {
  const attributes = new Map<string, number>();
  const options = new Map<string, number>();
  for await (const page of walkCatalog(shop.database, shop.settings)) {
    for (const product of page) {
      for (const [name, value] of Object.entries(product.attributes)) if (isPlain(value)) count(attributes, name);
      for (const name of Object.keys(product.options)) count(options, name);
    }
  }
  return { attributes: commonest(attributes), options: commonest(options) };
}

/** Names that a catalog could have without end are counted up to here. */
const NAMES_COUNTED = 10_000;

function count(counts: Map<string, number>, name: string): void {
  if (counts.has(name) || counts.size < NAMES_COUNTED) counts.set(name, (counts.get(name) ?? 0) + 1);
}

const commonest = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts]
    .filter(([name]) => name === name.trim() && /^[^\r\n]+$/.test(name))
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, COLUMNS_OF_A_KIND)
    .map(([name]) => name)
    .toSorted();
