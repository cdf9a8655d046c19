import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { found, nameKey } from "./catalog";
import { indexListed } from "./indexing";
import { tellOfProducts } from "./news";
import { findProduct, type VersionedProduct } from "./queries";
import { followVariants, listVariants } from "./variant-queries";
import { variantName } from "./variants";
import { type ProductRecord, updateProduct } from "./write-queries";

/** Variants follow their parent, and a parent what its variants make of it. */
export async function followFamily(
  shop: Shop,
  tx: Transaction,
  before: VersionedProduct,
  record: Partial<ProductRecord>,
  now: string,
): Promise<void> {
  const after = found(await findProduct(tx, before.id, shop.settings));
  if (after.option_names.length > 0) await followParent(tx, before, after, now);
  const parents = [...new Set([before.parent_id, after.parent_id])].filter((parent) => parent !== null);
  for (const parent of parents.sort((a, b) => a - b)) {
    await followVariants(tx, parent, now);
    await indexListed(shop, tx, [parent]);
  }
  if (record.parent_id !== undefined && before.parent_id !== after.parent_id) await indexListed(shop, tx, [before.id]);
}

async function followParent(
  tx: Transaction,
  before: VersionedProduct,
  after: VersionedProduct,
  now: string,
): Promise<void> {
  const isSame =
    before.name === after.name &&
    before.category === after.category &&
    before.description === after.description &&
    before.tax_class === after.tax_class &&
    before.option_names.join("\n") === after.option_names.join("\n");
  if (isSame) return;
  const { category, description, tax_class } = after;
  const variants = await listVariants(tx, after.id);
  for (const { id, options } of variants) {
    const name = variantName(after.name, after.option_names, options);
    await updateProduct(tx, id, { name, name_key: nameKey(name), category, description, tax_class }, now);
  }
  const ids = variants.map(({ id }) => id);
  await tellOfProducts(tx, "changed", ids, now);
}
