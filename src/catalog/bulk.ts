import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { minorOf, toMajor, toMinor } from "../base/money";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { listOf } from "../storage/sql";
import { changeProductIn } from "./change";
import { conditionOf } from "./filters";
import { tellOfProducts } from "./news";
import { findProducts, idsOf, type VersionedProduct } from "./queries";
import type { ProductChange } from "./schema";
import type { BulkAnswer, BulkChange } from "./bulk-schema";
import { listVariants } from "./variant-queries";

/** More are changed in several steps: all of one step happens, or nothing of it. */
const PRODUCTS_MOST = 2_000;
const CHANGES_SHOWN = 50;

/** A product and what it is to become. */
interface Planned {
  product: VersionedProduct;
  change: ProductChange;
}

/**
 * Changes all products that fit a filter in one step; without `confirm` it only says what would change. `confirm` is what the
 * preview answered: throws `conflict` when the products are others by now, `invalid` for more than a step may change.
 */
export function changeProducts(shop: Shop, bulk: BulkChange): Promise<BulkAnswer> {
  return shop.database.transaction(async (tx) => {
    const plan = await planOf(shop, tx, bulk);
    const confirm = confirmationOf(plan);
    const isApplied = bulk.confirm !== undefined;
    if (isApplied && bulk.confirm !== confirm) {
      throw new ShopError("conflict", "The products are not what the preview showed any more: look at it again.");
    }
    if (isApplied) {
      for (const { product, change } of plan) await changeProductIn(shop, tx, product.id, change);
      const ids = new Set(plan.map(({ product }) => product.id));
      await tellOfProducts(tx, "changed", [...ids], shop.now().toISOString());
    }
    addDetails(tx, { preview: !isApplied, products: plan.length });
    return {
      count: plan.length,
      applied: isApplied,
      confirm,
      changes: plan.slice(0, CHANGES_SHOWN).map(({ product, change }) => shownChange(product, change)),
    };
  });
}

async function planOf(shop: Shop, tx: Transaction, { filter, change }: BulkChange): Promise<Planned[]> {
  const { ids, ...narrow } = filter;
  const listed = await findMatching(shop, tx, narrow, ids);
  const { price_percent, price_by, price, round_to, attributes, low_stock_at, ...plain } = change;
  const ofShelf = low_stock_at === undefined ? {} : { low_stock_at };
  const priceChange = priceChangeOf(shop, { price_percent, price_by, price, round_to });
  const priceOf = (one: VersionedProduct) => (priceChange ? { price: priceChange(one.price) } : {});
  const planned: Planned[] = [];
  for (const product of listed) {
    const own: ProductChange = {
      ...plain,
      ...(attributes !== undefined && { attributes: merged(product.attributes, attributes) }),
    };
    // What a product with variants costs, and when it is low, they decide.
    const isParent = product.option_names.length > 0;
    if (!isParent) Object.assign(own, ofShelf, priceOf(product));
    if (isRealChange(product, own)) planned.push({ product, change: own });
    if (!isParent || (!priceChange && low_stock_at === undefined)) continue;
    for (const variant of await variantsOf(shop, tx, product.id)) {
      const changed = { ...ofShelf, ...priceOf(variant) };
      if (isRealChange(variant, changed)) planned.push({ product: variant, change: changed });
    }
  }
  return planned;
}

async function findMatching(
  shop: Shop,
  reader: Reader,
  filter: Omit<BulkChange["filter"], "ids">,
  ids: readonly number[] | undefined,
): Promise<VersionedProduct[]> {
  const fitting = idsOf(await conditionOf(reader, filter, shop.settings));
  const among = ids === undefined ? undefined : listOf(ids, fitting.values.length);
  const rows = await reader.all<{ id: number }>(
    `SELECT id FROM products WHERE id IN (${fitting.sql}) ${among ? `AND id IN ${among.sql}` : ""} ORDER BY id LIMIT ${PRODUCTS_MOST + 1}`,
    [...fitting.values, ...(among?.values ?? [])],
  );
  if (rows.length > PRODUCTS_MOST) {
    const message = `At most ${PRODUCTS_MOST} products are changed in one step: narrow the filter.`;
    throw new ShopError("invalid", message, { errors: [{ path: "filter", message, code: "too_many" }] });
  }
  return findProducts(
    reader,
    rows.map(({ id }) => id),
    shop.settings,
  );
}

async function variantsOf(shop: Shop, reader: Reader, parentId: number): Promise<VersionedProduct[]> {
  const variants = await listVariants(reader, parentId);
  return findProducts(
    reader,
    variants.map(({ id }) => id),
    shop.settings,
  );
}

/** What becomes of a price; undefined where prices stay. Throws `invalid` for an amount that is too small for the currency. */
export function priceChangeOf(
  { settings }: Pick<Shop, "settings">,
  { price_percent: percent, price_by: by, price: to, round_to }: BulkChange["change"],
): ((price: number) => number) | undefined {
  if (to !== undefined) {
    const minor = minorOf(to, settings, "change.price");
    return () => toMajor(minor, settings);
  }
  if (percent === undefined && by === undefined) return undefined;
  // Whole numbers, since 4.35 * 1.1 is not exact: hundredths of a percent, and minor units.
  const factor = BigInt(10_000 + Math.round((percent ?? 0) * 100));
  const added = BigInt(minorOf(by ?? 0, settings, "change.price_by")) * 10_000n;
  const step = BigInt(round_to === undefined ? 1 : Math.max(1, toMinor(round_to, settings)));
  const unit = 10_000n * step;
  return (price) => {
    const raised = BigInt(toMinor(price, settings)) * factor + added;
    // Nothing costs less than nothing.
    return raised <= 0n ? 0 : toMajor(Number(((2n * raised + unit) / (2n * unit)) * step), settings);
  };
}

function merged(before: Record<string, unknown>, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));
}

function isRealChange(product: VersionedProduct, change: ProductChange): boolean {
  return Object.entries(change).some(
    ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(Reflect.get(product, field)),
  );
}

function shownChange(product: VersionedProduct, change: ProductChange): BulkAnswer["changes"][number] {
  const fields = Object.keys(change).filter((field) => Reflect.get(change, field) !== undefined);
  return {
    product_id: product.id,
    name: product.name,
    before: Object.fromEntries(fields.map((field) => [field, Reflect.get(product, field)])),
    after: Object.fromEntries(fields.map((field) => [field, Reflect.get(change, field)])),
  };
}

/** The same as long as the same would be done to the same. */
function confirmationOf(plan: readonly Planned[]): string {
  const content = plan.map(({ product: { id, version }, change }) => [id, version, change]);
  return new Bun.CryptoHasher("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
}
