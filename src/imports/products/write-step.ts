import { makePath } from "../../catalog/category-path";
import { changeProductIn } from "../../catalog/change";
import { checkCodes } from "../../catalog/codes";
import { addVariant } from "../../catalog/create";
import { findProduct, type VersionedProduct } from "../../catalog/queries";
import type { NamedProduct, ProductChange } from "../../catalog/schema";
import type { Shop } from "../../shop/shop";
import type { Transaction } from "../../storage/database";
import type { Draft } from "./draft";
import type { Family } from "./families";
import type { Parent } from "./plan";

/** What one row does to the shop. */
export type Step =
  | { draft: Draft; kind: "add"; product: NamedProduct; parent: Parent | undefined; family: Family | undefined }
  | { draft: Draft; kind: "change"; before: VersionedProduct; change: ProductChange };

/** Changes a product, or adds a variant to one. Throws what these throw. */
export async function writeStep(shop: Shop, tx: Transaction, step: Step, update: boolean): Promise<void> {
  if (step.kind === "change") {
    const { category } = step.change;
    if (category !== undefined) await makeCategory(shop, tx, step.draft, category);
    await changeProductIn(shop, tx, step.before.id, step.change);
    return;
  }
  const { slug, parent_id: _, ...variant } = step.product;
  await checkCodes(tx, variant);
  if (update) await makeOptions(shop, tx, step.parent);
  // One that was given no slug gets one of its options.
  const asGiven = step.draft.fields.slug === undefined ? variant : { ...variant, slug };
  await addVariant(shop, tx, step.parent?.id ?? 0, asGiven);
}

/** A product that has had no variants so far becomes one that has some. */
async function makeOptions(shop: Shop, tx: Transaction, parent: Parent | undefined): Promise<void> {
  if (parent?.id === undefined) return;
  const product = await findProduct(tx, parent.id, shop.settings);
  if (product && product.option_names.length === 0) {
    await changeProductIn(shop, tx, parent.id, { option_names: [...parent.option_names] });
  }
}

/** The categories that a row's path names, with the last one under this name. */
export async function makeCategory(
  shop: Shop,
  tx: Transaction,
  { category: path }: Draft,
  name: string,
): Promise<void> {
  if (path && path.length > 1) await makePath(tx, path, name, shop.now().toISOString());
}
