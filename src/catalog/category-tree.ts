import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { wordKey } from "../base/text";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { holdLock } from "../storage/locks";
import {
  type CategoryRecord,
  deleteCategory,
  findCategory,
  findAllIdsInCategory,
  findIdsInCategory,
  listCategories,
  listCategoryRecords,
  moveProducts,
  moveSubcategories,
  upsertCategory,
} from "./category-queries";
import { indexListed } from "./indexing";
import { tellOfProducts } from "./news";
import type { CategoryChange, CategoryNode } from "./category-schema";

/** The categories as a tree: those that nobody put anywhere stand at the top. Counts are of products that are listed. */
export async function categoryTree({ database }: Shop): Promise<CategoryNode[]> {
  const counts = new Map((await listCategories(database)).map(({ category, count }) => [category, count]));
  const known = await listCategoryRecords(database);
  const names = new Set(known.map(({ name }) => name));
  const loose = [...counts.keys()].filter((name) => !names.has(name)).map(plainCategory);
  const all = [...known, ...loose];
  const below = Map.groupBy(all, ({ parent_key }) => parent_key);
  const nodesOf = (parent: string | null): CategoryNode[] =>
    (below.get(parent) ?? [])
      .toSorted((a, b) => a.position - b.position || (a.name < b.name ? -1 : 1))
      .map(({ key, name, slug, description, position }) => {
        const children = nodesOf(key);
        const count = counts.get(name) ?? 0;
        const total = children.reduce((sum, child) => sum + child.total, count);
        return { category: name, slug, description, position, count, total, children };
      });
  return nodesOf(null);
}

const plainCategory = (name: string): CategoryRecord => ({
  key: wordKey(name),
  name,
  slug: null,
  parent_key: null,
  description: null,
  position: 0,
});

/** What else names a category takes its new name. Given by the caller: coupons stand above the catalog. */
export type FollowCategory = (tx: Transaction, from: string, to: string) => Promise<void>;

/**
 * Says of a category where it stands and what it is called, and makes it where there is none. Its products go along with a
 * new name, and `follow` all else that names it; the name of another category takes them in there, where `merge` says so.
 * Throws `duplicate` and `conflict`.
 */
export function putCategory(
  shop: Shop,
  name: string,
  change: CategoryChange,
  follow: FollowCategory,
): Promise<CategoryNode[]> {
  return shop.database
    .transaction(async (tx) => {
      await holdLock(tx, "categories");
      const now = shop.now().toISOString();
      const before = await getOrSpell(tx, name);
      const after = await changed(tx, before, change);
      const renamed = change.name?.trim();
      if (renamed === undefined || renamed === before.name) {
        await upsertCategory(tx, after, now);
        return;
      }
      await rename(shop, tx, after, renamed, change.merge ?? false, now);
      await follow(tx, before.name, renamed);
    })
    .then(() => categoryTree(shop));
}

/** Takes a category out of the tree. Throws `not_found`, and `conflict` while products are in it. */
export function removeCategory(shop: Shop, name: string): Promise<void> {
  return shop.database.transaction(async (tx) => {
    await holdLock(tx, "categories");
    const category = await findCategory(tx, wordKey(name));
    if (!category) throw new ShopError("not_found", "There is no such category.");
    if ((await findIdsInCategory(tx, category.name)).length > 0) {
      throw new ShopError("conflict", "Products are in this category: move them first, or merge it into another.");
    }
    await moveSubcategories(tx, category.key, category.parent_key);
    await deleteCategory(tx, category.key);
  });
}

async function getOrSpell(tx: Transaction, name: string): Promise<CategoryRecord> {
  const known = await findCategory(tx, wordKey(name));
  if (known) return known;
  const there = (await listCategories(tx)).find(({ category }) => wordKey(category) === wordKey(name));
  return plainCategory(there?.category ?? name.trim());
}

async function changed(
  tx: Transaction,
  before: CategoryRecord,
  { parent, slug, description, position }: CategoryChange,
): Promise<CategoryRecord> {
  return {
    ...before,
    ...(slug !== undefined && { slug }),
    ...(description !== undefined && { description }),
    ...(position !== undefined && { position }),
    ...(parent !== undefined && { parent_key: parent === null ? null : await parentKey(tx, before, parent) }),
  };
}

/** Throws `not_found` for a parent that is none, and `conflict` where the tree would become a ring. */
async function parentKey(tx: Transaction, { key }: CategoryRecord, parent: string): Promise<string> {
  const above = await findCategory(tx, wordKey(parent));
  if (!above) throw new ShopError("not_found", "There is no such parent: make it first.");
  if (above.key === key || (await standsBelow(tx, above, key)))
    throw new ShopError("conflict", "A category can't stand below itself.");
  return above.key;
}

async function standsBelow(tx: Transaction, category: CategoryRecord, key: string): Promise<boolean> {
  const seen = new Set([category.key]);
  for (let above = category.parent_key; above !== null && !seen.has(above);) {
    if (above === key) return true;
    seen.add(above);
    above = (await findCategory(tx, above))?.parent_key ?? null;
  }
  return false;
}

async function rename(
  shop: Shop,
  tx: Transaction,
  from: CategoryRecord,
  name: string,
  merge: boolean,
  now: string,
): Promise<void> {
  const key = wordKey(name);
  const other = key === from.key ? undefined : await findCategory(tx, key);
  if (other && !merge) {
    throw new ShopError("duplicate", "There is such a category: say merge to put this one's products into it.");
  }
  const to = other ?? { ...from, key, name };
  // What takes the place of a category that it stands below goes up to it first: the tree would become a ring.
  if (other && (await standsBelow(tx, other, from.key)))
    await upsertCategory(tx, { ...other, parent_key: from.parent_key }, now);
  // The row is there before others name it, and its slug is free by then.
  if (key !== from.key && !other) await upsertCategory(tx, { ...to, slug: null }, now);
  const ids = await findIdsInCategory(tx, from.name);
  const all = await findAllIdsInCategory(tx, from.name);
  await moveProducts(tx, from.name, to.name, now);
  if (key !== from.key) {
    await moveSubcategories(tx, from.key, key);
    await deleteCategory(tx, from.key);
  }
  if (!other) await upsertCategory(tx, to, now);
  await indexListed(shop, tx, ids);
  await tellOfProducts(tx, "changed", all, now);
  addDetails(tx, { products_moved: ids.length });
}
