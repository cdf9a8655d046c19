import { wordKey } from "../base/text";
import type { Transaction } from "../storage/database";
import { findCategory, insertCategoryName, listCategoryNames } from "./category-queries";

/**
 * How the shop spells each of these categories: `tea` and `Tea ` are the `Tea` that is there already. A new one is spelled
 * as it is given.
 */
export async function spellCategories(
  tx: Transaction,
  names: readonly string[],
  now: string,
): Promise<Map<string, string>> {
  const spelled = new Map<string, string>();
  for (const name of new Set(names)) spelled.set(name, await spellCategory(tx, name, now));
  return spelled;
}

export async function spellCategory(tx: Transaction, name: string, now: string): Promise<string> {
  const key = wordKey(name);
  const known = await findCategory(tx, key);
  if (known) return known.name;
  // Products of before may have it, in a spelling that nobody wrote down.
  const there = (await listCategoryNames(tx)).find((other) => wordKey(other) === key) ?? name.trim();
  await insertCategoryName(tx, key, there, now);
  return (await findCategory(tx, key))?.name ?? there;
}
