import type { Shop } from "../shop";
import { fileProblems } from "../storage/dialect";
import { checks, type Finding } from "./checks";
import { rebuildCouponUses, rebuildStock } from "./repairs";

export type { Finding } from "./checks";

/** Looks at everything that must always hold, on the live database and in nobody's way, and returns what does not. */
export async function examine({ database }: Shop): Promise<Finding[]> {
  const found: Finding[] = (await fileProblems(database)).map((problem) => ({
    check: "the database is sound",
    problem,
    repairable: false,
  }));
  for (const [check, run] of Object.entries(checks)) {
    for (const finding of await run(database)) found.push({ ...finding, check });
  }
  return found;
}

/** What a repair mended, and what is left. */
export interface Repair {
  mended: Finding[];
  left: Finding[];
}

/** Rebuilds counters from their ledgers. What no ledger knows better is left to a person. */
export async function repair(shop: Shop): Promise<Repair> {
  const before = await examine(shop);
  await shop.database.transaction(async (tx) => {
    await rebuildStock(tx);
    await rebuildCouponUses(tx);
  });
  const left = await examine(shop);
  const stays = new Set(left.map(({ problem }) => problem));
  return { mended: before.filter(({ problem }) => !stays.has(problem)), left };
}
