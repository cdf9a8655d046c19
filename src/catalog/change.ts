import { addChange } from "../audit/recording";
import { ShopError } from "../base/errors";
import { taxClassKey } from "../base/fields";
import { toMinor, toMinorOrNone } from "../base/money";
import type { Shop } from "../shop/shop";
import { holdStock, setLowAt } from "../stock/queries";
import { makeSum, moveToParent, setFreeStock, sumsOnly } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { checkPrices, found, getDetail, nameKey, noProduct, type Precondition, slugTaken } from "./catalog";
import { spellCategory } from "./categories";
import { checkCodes, codesOf } from "./codes";
import { choose, lowOfParent, tooManyVariants } from "./create";
import type { DetailedProduct } from "./detail";
import { listImages } from "./image-queries";
import { changesIndex, indexListed } from "./indexing";
import { tellOfProducts } from "./news";
import { restructure } from "./options";
import { imageUrl } from "./present-image";
import { findProduct, type VersionedProduct } from "./queries";
import { type ProductChange, VARIANTS_MOST } from "./schema";
import { wantedStock } from "./stock-change";
import { countVariants, findParentId } from "./variant-queries";
import { variantName } from "./variants";
import { holdProduct, isSlugTaken, type ProductRecord, updateProduct } from "./write-queries";
import { followFamily } from "./follow-family";

/**
 * Changes what is given and leaves the rest. Throws `not_found`, `duplicate`, what the precondition throws, `conflict` for
 * what a product with variants or a variant can't have by itself, and `invalid` for options that are not its parent's.
 */
export function changeProduct(
  shop: Shop,
  id: number,
  change: ProductChange,
  precondition: Precondition = () => undefined,
): Promise<DetailedProduct> {
  checkPrices(shop, change);
  return shop.database.transaction(async (tx) => {
    const before = await changeProductIn(shop, tx, id, change, precondition);
    const changed = await getDetail(shop, tx, id);
    addChange(tx, change, before, changed);
    await tellOfProducts(tx, "changed", [id], shop.now().toISOString());
    return changed;
  });
}

/** The same within a transaction. Returns the product as it was. */
export async function changeProductIn(
  shop: Shop,
  tx: Transaction,
  id: number,
  change: ProductChange,
  precondition: Precondition = () => undefined,
): Promise<VersionedProduct> {
  const now = shop.now().toISOString();
  const before = await getHeldProduct(shop, tx, id, change.parent_id ?? null);
  const stockSeen = precondition(before);
  if (change.slug !== undefined && (await isSlugTaken(tx, change.slug, id))) throw slugTaken();
  await checkCodes(tx, change, id);
  const record = await recordOf(shop, tx, before, change, now);
  if (!(await updateProduct(tx, id, record, now))) throw noProduct();
  if (change.low_stock_at !== undefined) await changeLowAt(tx, before, change.low_stock_at);
  if (change.stock !== undefined) {
    const { stockLowAt: lowAt } = shop.settings;
    await changeStock(tx, before, { ...change, stock: change.stock }, stockSeen, { now, lowAt });
  }
  await followFamily(shop, tx, before, record, now);
  if (changesIndex(change)) await indexListed(shop, tx, [id]);
  return before;
}

/**
 * A product that nobody else changes or sells until this transaction ends. Parents are held before their variants, and each
 * by rising id, so that two who change the same family never wait for each other.
 */
async function getHeldProduct(
  shop: Shop,
  tx: Transaction,
  id: number,
  newParentId: number | null,
): Promise<VersionedProduct> {
  const seen = await findParentId(tx, id);
  const parents = [...new Set([seen?.parent_id ?? null, newParentId])].filter((parent) => parent !== null);
  for (const parent of parents.sort((a, b) => a - b)) if (parent !== id) await holdProduct(tx, parent);
  await holdProduct(tx, id);
  if ((await findParentId(tx, id))?.parent_id !== seen?.parent_id) {
    throw new ShopError("conflict", "Somebody else has just given this product another parent. Read it again.");
  }
  await holdStock(tx, id);
  return found(await findProduct(tx, id, shop.settings));
}

/** What of a change is written to the product itself. */
async function recordOf(
  shop: Shop,
  tx: Transaction,
  before: VersionedProduct,
  change: ProductChange,
  now: string,
): Promise<Partial<ProductRecord>> {
  const {
    stock: _,
    low_stock_at: _its,
    price,
    compare_at_price,
    sku: _sku,
    barcode: _barcode,
    parent_id,
    options,
    option_names,
    image_id,
    ...plain
  } = change;
  const isParent = before.option_names.length > 0;
  const becomesVariant = typeof parent_id === "number";
  const isVariant = becomesVariant || (before.parent_id !== null && parent_id === undefined);
  if (isVariant && option_names !== undefined && option_names.length > 0) throw noVariantsOfVariants();
  if (isParent && price !== undefined && price !== before.price) throw priceOfParent();
  if (isVariant && !becomesVariant) refuseWhatIsTheParents(before, change);
  const record: Partial<ProductRecord> = {
    ...withoutUndefined(plain),
    ...codesOf(change),
    ...(plain.category !== undefined && { category: await spellCategory(tx, plain.category, now) }),
    ...(image_id !== undefined && (await pictureOf(tx, before, parent_id ?? before.parent_id, image_id))),
    ...(price !== undefined && !isParent && { price_minor: toMinor(price, shop.settings) }),
    ...(compare_at_price !== undefined && { compare_at_minor: toMinorOrNone(compare_at_price, shop.settings) }),
  };
  if (isVariant) {
    Object.assign(record, await asVariant(shop, tx, before, parent_id ?? before.parent_id ?? 0, change));
  } else if (parent_id === null && before.parent_id !== null) {
    Object.assign(record, { parent_id: null, options: null, options_key: null });
    await moveToParent(tx, before.id, null);
  } else if (option_names !== undefined) {
    if (!isParent && option_names.length > 0) await makeSum(tx, before.id);
    Object.assign(record, await restructure(tx, before, option_names, options, now));
  } else if (options !== undefined && Object.keys(options).length > 0) {
    throw invalidOptions();
  }
  return { ...record, ...(record.name !== undefined && { name_key: nameKey(record.name) }) };
}

/** The picture of its parent that shows a variant. */
async function pictureOf(
  tx: Transaction,
  { id }: VersionedProduct,
  parentId: number | null,
  imageId: number | null,
): Promise<Partial<ProductRecord>> {
  if (imageId === null) return { image_id: null, image_url: null };
  const image = (await listImages(tx, parentId ?? id)).find((one) => one.id === imageId);
  if (!image || parentId === null) {
    const message = "A variant shows a picture of its parent.";
    throw new ShopError("invalid", message, { errors: [{ path: "image_id", message, code: "no_such_image" }] });
  }
  return { image_id: imageId, image_url: imageUrl(image.hash) };
}

/** What a variant takes from its parent, and where it stands among the others. */
async function asVariant(
  shop: Shop,
  tx: Transaction,
  before: VersionedProduct,
  parentId: number,
  { options }: ProductChange,
): Promise<Partial<ProductRecord>> {
  if (before.option_names.length > 0) throw noVariantsOfVariants();
  if (parentId === before.id) throw new ShopError("conflict", "A product can't be a variant of itself.");
  const parent = found(await findProduct(tx, parentId, shop.settings));
  if (parent.parent_id !== null) throw noVariantsOfVariants();
  const chosen = await choose(tx, parent, options ?? before.options, before.id);
  const isNew = before.parent_id !== parentId;
  if (isNew && (await countVariants(tx, parentId)) >= VARIANTS_MOST) throw tooManyVariants();
  if (isNew) await moveToParent(tx, before.id, parentId);
  return {
    ...chosen,
    parent_id: parentId,
    name: variantName(parent.name, parent.option_names, chosen.options),
    category: parent.category,
    description: parent.description,
    tax_class: parent.tax_class,
  };
}

/** A form that gives back what it read changes nothing; what a variant can't have by itself is refused. */
function refuseWhatIsTheParents(before: VersionedProduct, change: ProductChange): void {
  for (const field of ["name", "category", "description", "tax_class"] as const) {
    if (change[field] === undefined || change[field] === before[field]) continue;
    // Products of before may have it in another spelling.
    if (field === "tax_class" && change[field] === taxClassKey(before[field])) continue;
    const message = `A variant's ${field.replace("_", " ")} is its parent's: change it there.`;
    throw new ShopError("conflict", message, { errors: [{ path: field, message, code: "of_parent" }] });
  }
}

async function changeLowAt(tx: Transaction, before: VersionedProduct, lowAt: number | null): Promise<void> {
  if (lowAt === before.low_stock_at) return;
  if (before.option_names.length > 0 && lowAt !== null) throw lowOfParent();
  await setLowAt(tx, before.id, lowAt);
}

async function changeStock(
  tx: Transaction,
  before: VersionedProduct,
  change: ProductChange & { stock: number },
  stockSeen: number | undefined,
  told: { now: string; lowAt: number },
): Promise<void> {
  if (before.option_names.length > 0) {
    if (change.stock !== before.stock) throw sumsOnly();
    return;
  }
  const level = await holdStock(tx, before.id);
  const wanted = wantedStock({
    given: change.stock,
    current: before.stock,
    seen: stockSeen,
    whenSet: level?.free_when_set ?? null,
    alone: Object.values(change).filter((value) => value !== undefined).length === 1,
  });
  await setFreeStock(tx, before.id, wanted, told);
}

const noVariantsOfVariants = () =>
  new ShopError("conflict", "A product that has variants is none itself, and a variant has none.");

const priceOfParent = () =>
  new ShopError("conflict", "A product with variants costs what they cost: change the price of one of them.");

const invalidOptions = () => {
  const message = "Only a variant has options: give its parent_id.";
  return new ShopError("invalid", message, { errors: [{ path: "options", message, code: "no_parent" }] });
};

/** Without the fields that are there only in name. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): {
  [Key in keyof Fields]: Exclude<Fields[Key], undefined>;
} {
  // The type says what the filter does.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
