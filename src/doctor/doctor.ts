import { ShopError } from "../base/errors";
import { findMissingFiles } from "../catalog/images";
import { listJobRuns } from "../jobs/queries";
import { checkIndex } from "../catalog/indexing";
import { renewIndex } from "../search/renewal";
import { findIdlePictures, tidyPictures } from "../orders/idle-pictures";
import type { Shop } from "../shop/shop";
import { fileProblems, pageProblems } from "../storage/integrity";
import { rebuildEmailKeys } from "./account-checks";
import { checks } from "./checks";
import type { Finding } from "./finding";
import { askProviders } from "./provider-checks";
import { noteLines, rebuildCouponUses, rebuildStock, rebuildSums } from "./repairs";
import { many } from "../base/many";

export type { Finding } from "./finding";

/** Looks at everything that must always hold, on the live database and in nobody's way, and returns what does not. */
export async function examine(shop: Shop, asked: { providers: boolean } = { providers: false }): Promise<Finding[]> {
  const { database } = shop;
  const damage = await fileProblems(database);
  const found: Finding[] = damage.map((problem) => ({ check: SOUND, problem, repairable: false }));
  try {
    for (const [check, run] of Object.entries(checks)) {
      for (const finding of await run(database, shop.now())) found.push({ ...finding, check: finding.check || check });
    }
    const atProviders = asked.providers ? await askProviders(shop) : [];
    return [...found, ...atProviders, ...(await searchProblems(shop)), ...(await pictureProblems(shop))];
  } catch (error) {
    // What stands in a damaged file can't be read to its end. The damage is what a person must hear of.
    if (damage.length === 0 || !(error instanceof ShopError) || error.code !== "database_failed") throw error;
    return [...found, { check: SOUND, problem: error.message, repairable: false }];
  }
}

const SOUND = "the database is sound";

/** Looks at the pages of the file alone, and at nothing that is written on them. */
export async function examineFile({ database }: Shop): Promise<Finding[]> {
  const damage = await pageProblems(database).catch((error: unknown) => {
    if (error instanceof ShopError && error.code === "database_failed") return [error.message];
    throw error;
  });
  return damage.map((problem) => ({ check: SOUND, problem, repairable: false }));
}

async function pictureProblems(shop: Shop): Promise<Finding[]> {
  const missing = await findMissingFiles(shop);
  return [
    ...missing.map((file) => ({
      check: "pictures have their files",
      problem: `The picture ${file} is not where pictures lie.`,
      repairable: false,
    })),
    ...(await untidyPictures(shop)),
  ];
}

/** Twice as long as it takes to the next time that what nothing shows is taken away. */
const UNTIDY_HOURS = 48;

/** Where nobody takes away files of pictures that nothing shows, the disk fills with them. */
async function untidyPictures(shop: Shop): Promise<Finding[]> {
  const before = new Date(shop.now().getTime() - UNTIDY_HOURS * 3_600_000).toISOString();
  const tidied = (await listJobRuns(shop.database)).find(({ job }) => job === "tidy pictures")?.started_at;
  const unnamed = tidied === undefined || tidied < before ? await findIdlePictures(shop, UNTIDY_HOURS) : [];
  if (unnamed.length === 0) return [];
  const problem = `${many(unnamed.length, "file")} of pictures that no product and no order shows ${unnamed.length === 1 ? "lies" : "lie"} about: the job "tidy pictures" ${tidied === undefined ? "has never run" : `last ran at ${tidied}`}.`;
  return [{ check: "files of pictures have their products", problem, repairable: true }];
}

/** The index can be made anew from the catalog, so whatever is wrong with it can be mended. */
async function searchProblems(shop: Shop): Promise<Finding[]> {
  const check = "the search knows the catalog";
  const { whole, out_of_step } = await checkIndex(shop);
  const problems = [
    ...(whole ? [] : ["The index of the search is damaged."]),
    ...(out_of_step.length > 0
      ? [`The search has other words for ${many(out_of_step.length, "product")} than the catalog.`]
      : []),
  ];
  return problems.map((problem) => ({ check, problem, repairable: true }));
}

/** What a repair mended, and what is left. */
export interface Repair {
  mended: Finding[];
  left: Finding[];
}

/** Rebuilds counters from their ledgers and the index of the search from the catalog, and tidies pictures. What no ledger knows better is left to a person. */
export async function repair(shop: Shop): Promise<Repair> {
  const before = await examine(shop);
  await shop.database.transaction(rebuildCouponUses);
  await shop.database.transaction(rebuildEmailKeys);
  await shop.database.transaction(rebuildStock);
  await shop.database.transaction(rebuildSums);
  await shop.database.transaction(noteLines);
  if ((await searchProblems(shop)).length > 0) await renewIndex(shop, undefined, { mend: true });
  if ((await untidyPictures(shop)).length > 0) await tidyPictures(shop);
  const left = await examine(shop);
  const stays = new Set(left.map(({ problem }) => problem));
  return { mended: before.filter(({ problem }) => !stays.has(problem)), left };
}
