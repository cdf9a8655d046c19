import { ShopError } from "../../base/errors";
import { wordKey } from "../../base/text";
import { findMatches, type Match } from "../../catalog/match-queries";
import { findProduct, findProducts, type VersionedProduct } from "../../catalog/queries";
import { listVariants } from "../../catalog/variant-queries";
import { optionsFor, optionsKeyOf } from "../../catalog/variants";
import type { Shop } from "../../shop/shop";
import type { Draft } from "./draft";
import type { Parent } from "./plan";
import { slugFrom } from "./slugs";

/** The products of the shop that any of some rows may be about. */
export interface Matches {
  matches: Match[];
  products: Map<number, VersionedProduct>;
}

/** Looks for the products of all these rows at once, by slug and by code. */
export async function findMatchesOf({ database, settings }: Shop, drafts: readonly Draft[]): Promise<Matches> {
  const matches = await findMatches(database, {
    slugs: drafts.flatMap(({ fields }) => [fields.slug, slugWithCode(fields)].filter((slug) => slug !== undefined)),
    skuKeys: drafts.flatMap(({ fields }) => keyOf(fields.sku) ?? []),
    barcodeKeys: drafts.flatMap(({ fields }) => keyOf(fields.barcode) ?? []),
  });
  const products = await findProducts(
    database,
    matches.map(({ id }) => id),
    settings,
  );
  return { matches, products: new Map(products.map((product) => [product.id, product])) };
}

/** The product of the shop that a row is about. Throws `conflict` where the row names two. */
export function existingOf(
  { fields, isSlugGiven }: Draft,
  { matches, products }: Matches,
): VersionedProduct | undefined {
  const [skuKey, barcodeKey] = [keyOf(fields.sku), keyOf(fields.barcode)];
  const bySlug = matches.find(({ slug }) => slug === fields.slug);
  const byCode =
    matches.find(({ sku_key }) => skuKey !== undefined && sku_key === skuKey) ??
    matches.find(
      ({ sku_key, barcode_key }) => barcodeKey !== undefined && barcode_key === barcodeKey && !(skuKey && sku_key),
    );
  if (bySlug && isSlugGiven && byCode && byCode.id !== bySlug.id) {
    throw new ShopError("conflict", `Its code is that of another product: ${byCode.slug}.`);
  }
  // A slug that is made of a name says little: another code makes it another product.
  const isSame = bySlug && (isSlugGiven || !skuKey || !bySlug.sku_key || bySlug.sku_key === skuKey);
  const match = isSlugGiven && bySlug ? bySlug : (byCode ?? (isSame ? bySlug : undefined));
  return match && products.get(match.id);
}

/** The variant of this product with the same options. */
export async function findSameVariant(
  { database, settings }: Shop,
  { fields }: Draft,
  parent: Parent,
): Promise<VersionedProduct | undefined> {
  if (parent.id === undefined || !fields.options) return undefined;
  const key = optionsKeyOf(parent.option_names, optionsFor(parent.option_names, fields.options));
  const variants = await listVariants(database, parent.id);
  const same = variants.find(({ options }) => optionsKeyOf(parent.option_names, options) === key);
  return same && findProduct(database, same.id, settings);
}

const keyOf = (code: string | null | undefined) => (typeof code === "string" ? wordKey(code) : undefined);

/** A slug that another product of the same name has not. */
export const slugWithCode = ({ slug, sku }: Draft["fields"]): string | undefined =>
  slug === undefined || typeof sku !== "string" ? undefined : `${slug}-${slugFrom(sku)}`;
