import { tmpdir } from "node:os";
import { join } from "node:path";
import { ShopError } from "../base/errors";
import { examine } from "../doctor/doctor";
import { openShop, type Shop } from "../shop/shop";
import { asDatabase, problemsOfCopy, replaceDatabase } from "../storage/copy";
import { migrationStatus } from "../storage/migrate";
import { openDatabase } from "../storage/open";
import { openMedia } from "../media/files";
import { decompress, sha256Of } from "./files";
import { problemsOfPictures, restorePictures } from "./pictures";
import type { Backup } from "./schema";
import { type BackupStore, openStore } from "./store";
import { inTemporaryFolder } from "./workplace";
import { folderOf } from "../storage/place";
import { type BackedUp, getBackup, idAt } from "./backups";

/** What is wrong with a backup; nothing where it is good. */
export interface Verification {
  backup: Backup;
  problems: string[];
}

/**
 * Rehearses a restore: fetches the backup, compares its checksum, unpacks it, and has the doctor look at the shop in it.
 * Nothing of the shop is touched. Throws `not_found`.
 */
export async function verifyBackup(shop: BackedUp, id?: string): Promise<Verification> {
  const store = openStore(shop.settings);
  const backup = await getBackup(shop, store, id);
  return inTemporaryFolder(async (folder) => {
    const damage = await fetchDatabase(store, backup, folder);
    const problems = damage.length > 0 ? damage : await problemsIn(shop, backup, folder);
    return { backup, problems: [...problems, ...(await problemsOfPictures(store, backup, folder))] };
  });
}

export interface Restored {
  backup: Backup;
  /** Where what was there before is kept; null where nothing was. */
  kept: string | null;
  /** What the doctor says of the restored shop: nothing where all is well. */
  problems: string[];
}

/**
 * Puts the shop back as it was. What is there now is kept beside it. Throws `conflict` while the shop runs, and `unusable`
 * for a backup that is damaged: then nothing has changed.
 */
export async function restoreBackup(shop: BackedUp, id?: string): Promise<Restored> {
  const { databaseUrl } = shop.settings;
  const store = openStore(shop.settings);
  const backup = await getBackup(shop, store, id);
  if (backup.engine !== databaseUrl.engine) {
    throw new ShopError(
      "unusable",
      `The backup ${backup.id} is of ${backup.engine}, and DATABASE_URL names ${databaseUrl.engine}. Restore it where it is from, then use sanset database copy.`,
    );
  }
  return inTemporaryFolder(
    async (folder) => {
      const damage = await fetchDatabase(store, backup, folder);
      const problems = damage.length > 0 ? damage : await problemsOfCopy(backup.engine, databaseIn(backup, folder));
      if (problems.length > 0) {
        throw new ShopError(
          "unusable",
          `The backup ${backup.id} is damaged: ${problems.join(" ")} Nothing was changed.`,
        );
      }
      const keptName = `before-restore-${idAt(shop.now())}`;
      const kept = await replaceDatabase(databaseUrl, databaseIn(backup, folder), keptName);
      // A shop without some of its pictures is better than none.
      const missing = await restorePictures(store, backup, { media: openMedia(shop.settings), folder });
      return { backup, kept: kept ?? null, problems: [...missing, ...(await examineAt(shop, databaseUrl))] };
    },
    folderOf(databaseUrl) ?? tmpdir(),
  );
}

const databaseIn = ({ database }: Backup, folder: string) => join(folder, database.name.replace(/\.zst$/, ""));

/** Fetches and unpacks the database of a backup. Returns what is wrong with the file that was fetched. */
async function fetchDatabase(store: BackupStore, backup: Backup, folder: string): Promise<string[]> {
  const { name, sha256, stored_bytes } = backup.database;
  const packed = join(folder, name);
  try {
    await store.get(`${backup.id}/${name}`, packed);
  } catch (error) {
    if (error instanceof ShopError && error.code === "not_found") return [`${name} is missing.`];
    throw error;
  }
  if (Bun.file(packed).size !== stored_bytes || (await sha256Of(packed)) !== sha256) {
    return [`${name} is not what was written: its checksum differs.`];
  }
  await decompress(packed, databaseIn(backup, folder));
  return [];
}

async function problemsIn(shop: BackedUp, backup: Backup, folder: string): Promise<string[]> {
  // Only PostgreSQL itself reads its dumps; its checksum and pg_restore's list are what can be said without a server.
  const path = databaseIn(backup, folder);
  const copy = asDatabase(backup.engine, path);
  if (!copy) return [];
  const damage = await problemsOfCopy(backup.engine, path);
  return damage.length > 0 ? damage : examineAt(shop, copy);
}

/** Has the doctor look at a shop that nobody else has open. One of an older version is looked at once it is migrated. */
async function examineAt(shop: BackedUp, address: Shop["settings"]["databaseUrl"]): Promise<string[]> {
  const database = await openDatabase(address, { create: false });
  try {
    const pending = (await migrationStatus(database)).some(({ applied_at }) => applied_at === null);
    if (pending) return [];
    return (await examine(openShop(database, shop.settings))).map(({ problem }) => problem);
  } finally {
    await database.close();
  }
}
