import { ShopError } from "../base/errors";
import { toMinor, toMinorOrNone } from "../base/money";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { indexProducts } from "../search-index/write";
import type { Shop } from "../shop/shop";
import { moveToParent, openStock } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { checkPrices, found, getDetail, nameKey, slugTaken } from "./catalog";
import { spellCategories } from "./categories";
import { checkCodes, codesOf } from "./codes";
import type { DetailedProduct } from "./detail";
import { indexListed, searchDocumentOf } from "./indexing";
import { tellOfProducts } from "./news";
import { findProduct, type VersionedProduct } from "./queries";
import { isNamed, type NamedProduct, type NewProduct, VARIANTS_MOST } from "./schema";
import { countVariants, followVariants, isCombinationTaken } from "./variant-queries";
import { optionsFor, optionsKeyOf, variantName, variantSlug } from "./variants";
import { holdProduct, insertProducts, isSlugTaken } from "./write-queries";

/** Throws `duplicate` when the slug, a code or the combination of options is taken, and what `addVariant` throws. */
export function createProduct(shop: Shop, product: NewProduct, once?: Once): Promise<DetailedProduct> {
  checkPrices(shop, product);
  if (isParent(product) && product.stock > 0) throw stockOfParent();
  if (isParent(product) && typeof product.low_stock_at === "number") throw lowOfParent();
  return transactOnce(shop, once, async (tx) => {
    await checkCodes(tx, product);
    const id =
      product.parent_id !== undefined
        ? await addVariant(shop, tx, product.parent_id, product)
        : isNamed(product)
          ? (await addProducts(shop, tx, [product])).get(product.slug)
          : undefined;
    if (id === undefined) throw slugTaken();
    await tellOfProducts(tx, "created", [id], shop.now().toISOString());
    return getDetail(shop, tx, id);
  });
}

const isParent = ({ option_names }: Pick<NewProduct, "option_names">): boolean => (option_names ?? []).length > 0;

const stockOfParent = () =>
  new ShopError("conflict", "A product with variants has what its variants have: give them the stock.");

export const lowOfParent = () =>
  new ShopError("conflict", "A product with variants is low where one of them is: say it of the variants.");

/** A product as it is added: what HTTP asks for, at a moment. */
export type AddedProduct = NamedProduct & { created_at?: string };

/**
 * Adds products of their own, with or without options, and what they have in stock; returns their ids by slug. Those whose
 * slug or code is taken are left out.
 */
export async function addProducts(
  shop: Shop,
  tx: Transaction,
  products: readonly AddedProduct[],
): Promise<Map<string, number>> {
  const now = shop.now().toISOString();
  const spelled = await spellCategories(
    tx,
    products.map(({ category }) => category),
    now,
  );
  const ids = await insertProducts(
    tx,
    products.map(
      ({ price = 0, compare_at_price, stock: _, low_stock_at: _its, options: _none, option_names, ...product }) => ({
        created_at: now,
        ...product,
        ...codesOf(product),
        category: spelled.get(product.category) ?? product.category,
        option_names: isParent({ option_names }) ? option_names : null,
        name_key: nameKey(product.name),
        price_minor: toMinor(price, shop.settings),
        compare_at_minor: toMinorOrNone(compare_at_price, shop.settings),
      }),
    ),
  );
  // Of two with one slug the first was put in, so it is the one to keep here too.
  const bySlug = new Map(products.toReversed().map((product) => [product.slug, product]));
  const added = [...ids].flatMap(([slug, id]) => {
    const product = bySlug.get(slug);
    return product ? [{ ...product, id, is_sum: isParent(product), low_at: product.low_stock_at ?? null }] : [];
  });
  await openStock(tx, added, now);
  await indexProducts(
    tx,
    added.map((product) =>
      searchDocumentOf({ ...product, category: spelled.get(product.category) ?? product.category }),
    ),
    shop.settings.searchLanguages,
  );
  return ids;
}

/** What a variant says itself; the rest is its parent's. */
type NewVariant = Partial<NewProduct> & { created_at?: string };

/**
 * Adds a variant to a product with options and returns its id. Throws `not_found` and `conflict` for what can have none or
 * has as many as it may, `invalid` for options that are not its parent's, `duplicate` for a combination or a slug that is
 * there.
 */
export async function addVariant(shop: Shop, tx: Transaction, parentId: number, variant: NewVariant): Promise<number> {
  const now = shop.now().toISOString();
  await holdProduct(tx, parentId);
  const parent = found(await findProduct(tx, parentId, shop.settings));
  const chosen = await choose(tx, parent, variant.options ?? {});
  if ((await countVariants(tx, parentId)) >= VARIANTS_MOST) throw tooManyVariants();
  const slug = variant.slug ?? (await freeSlug(tx, variantSlug(parent.slug, chosen.options)));
  const name = variantName(parent.name, parent.option_names, chosen.options);
  const ids = await insertProducts(tx, [
    {
      ...chosen,
      ...codesOf(variant),
      slug,
      name,
      name_key: nameKey(name),
      category: parent.category,
      description: parent.description,
      tax_class: parent.tax_class,
      weight_grams: variant.weight_grams ?? parent.weight_grams,
      image_url: variant.image_url ?? null,
      attributes: variant.attributes ?? {},
      price_minor: toMinor(variant.price ?? parent.price, shop.settings),
      compare_at_minor: toMinorOrNone(variant.compare_at_price, shop.settings),
      parent_id: parentId,
      created_at: variant.created_at ?? now,
    },
  ]);
  const id = ids.get(slug);
  if (id === undefined) throw slugTaken();
  await openStock(tx, [{ id, stock: variant.stock ?? 0, low_at: variant.low_stock_at ?? null }], now);
  await moveToParent(tx, id, parentId);
  await followVariants(tx, parentId, now);
  await indexListed(shop, tx, [parentId]);
  return id;
}

/** What is chosen of a parent that is held. Throws like `addVariant`. */
export async function choose(
  tx: Transaction,
  parent: VersionedProduct,
  given: Record<string, string>,
  exceptId = 0,
): Promise<{ options: Record<string, string>; options_key: string }> {
  if (parent.option_names.length === 0) {
    throw new ShopError("conflict", "That product has no options: give it option_names first.");
  }
  const options = optionsFor(parent.option_names, given);
  const options_key = optionsKeyOf(parent.option_names, options);
  if (await isCombinationTaken(tx, parent.id, options_key, exceptId)) {
    throw new ShopError("duplicate", "There is a variant with these options already.");
  }
  return { options, options_key };
}

export const tooManyVariants = () => new ShopError("conflict", `A product has at most ${VARIANTS_MOST} variants.`);

async function freeSlug(tx: Transaction, wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`;
    if (!(await isSlugTaken(tx, slug))) return slug;
  }
}
