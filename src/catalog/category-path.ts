import { wordKey } from "../base/text";
import type { Reader, Transaction } from "../storage/database";
import { findCategory, upsertCategory } from "./category-queries";

/** Categories as other programs name them: with all that they stand below, such as Clothing, Hoodies. */

const LONGEST_NAME = 100;

/**
 * What a category of this path is called here. Names are one of a kind in the shop: where the last level stands below something
 * else already, the category is called after the whole path.
 */
export async function nameOfPath(
  reader: Reader,
  path: readonly string[],
  claimed: Map<string, string>,
): Promise<string> {
  const last = path.at(-1) ?? "";
  const above = path.at(-2);
  if (above === undefined) return last;
  const known = await findCategory(reader, wordKey(last));
  const parent = known?.parent_key ?? claimed.get(wordKey(last));
  if (known && parent === undefined) return known.name;
  if (parent !== undefined && parent !== wordKey(above)) return path.join(" > ").slice(0, LONGEST_NAME);
  claimed.set(wordKey(last), wordKey(above));
  return known?.name ?? last;
}

/** Makes the categories of a path that are not there yet; what is there stays where an admin has put it. */
export async function makePath(tx: Transaction, path: readonly string[], name: string, now: string): Promise<void> {
  let above: string | null = null;
  const names = [...path.slice(0, -1), name];
  for (const level of names) {
    const key = wordKey(level);
    if (key === above) continue;
    if (!(await findCategory(tx, key))) {
      await upsertCategory(
        tx,
        { key, name: level.slice(0, LONGEST_NAME), slug: null, parent_key: above, description: null, position: 0 },
        now,
      );
    }
    above = key;
  }
}
