import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import { ShopError } from "../base/errors";
import { examine } from "../doctor/doctor";
import { openShop, type Shop } from "../shop/shop";
import { asDatabase, copyDatabase, copyName, problemsOfCopy, replaceDatabase } from "../storage/copy";
import { migrationStatus } from "../storage/migrate";
import { openDatabase } from "../storage/open";
import { openMedia } from "../media/files";
import { compress, decompress, sha256Of } from "./files";
import {
  giveUpPictures,
  keepPictures,
  listPictures,
  picturesOf,
  problemsOfPictures,
  removeUnlisted,
  restorePictures,
} from "./pictures";
import { type Backup, type BackupManifest, Manifest } from "./schema";
import { oneAtATime } from "./one-at-a-time";
import { type BackupStore, openStore } from "./store";
import { inTemporaryFolder } from "./workplace";
import { folderOf } from "../storage/place";

/** What is needed of a shop whose database may not be open: it may not even be there. */
export type BackedUp = Pick<Shop, "settings" | "now">;

/**
 * Keeps the whole shop as it is at this moment, while it goes on selling: the database, compressed, with its checksum, and the
 * pictures, as far as no earlier backup has them. The manifest is written last, so a backup that was cut off is none. Throws
 * `conflict` while another one is being made.
 */
export function createBackup(shop: BackedUp): Promise<Backup> {
  return oneAtATime(shop.settings, () => writeBackup(shop));
}

async function writeBackup(shop: BackedUp): Promise<Backup> {
  const store = openStore(shop.settings);
  const id = idAt(shop.now());
  if (await store.getText(`${id}/manifest.json`)) {
    throw new ShopError("conflict", "There is a backup of this very second already.");
  }
  return inTemporaryFolder(async (folder) => {
    const keeping = { store, id, folder };
    const media = openMedia(shop.settings);
    try {
      // Before the database and after it: a picture that it names was there at one of these moments, whatever is added to the
      // shop meanwhile and whatever is tidied away.
      const kept = await keepPictures(keeping, media, { known: await sumsOfNewest(shop, store) });
      const manifest = await writeDatabase(shop, keeping);
      const sums = await keepPictures(keeping, media, { known: kept, kept });
      const whole = { ...manifest, pictures: await listPictures(keeping, sums) };
      await store.putText(`${id}/manifest.json`, `${JSON.stringify(whole, undefined, 2)}\n`);
      return { id, ...whole };
    } catch (error) {
      await giveUpPictures(keeping).catch(() => {});
      throw error;
    }
  });
}

async function writeDatabase(
  shop: BackedUp,
  { store, id, folder }: { store: BackupStore; id: string; folder: string },
): Promise<BackupManifest> {
  const { databaseUrl } = shop.settings;
  const name = copyName(databaseUrl);
  const created_at = shop.now().toISOString();
  await copyDatabase(databaseUrl, join(folder, name));
  const bytes = Bun.file(join(folder, name)).size;
  await compress(join(folder, name), join(folder, `${name}.zst`));
  await store.put(`${id}/${name}.zst`, join(folder, `${name}.zst`));
  return {
    format: 1,
    created_at,
    version,
    engine: databaseUrl.engine,
    database: {
      name: `${name}.zst`,
      bytes,
      stored_bytes: Bun.file(join(folder, `${name}.zst`)).size,
      sha256: await sha256Of(join(folder, `${name}.zst`)),
    },
  };
}

/** The checksums of the pictures of the newest backup; of none where its list can't be read, so that all are kept anew. */
async function sumsOfNewest(shop: BackedUp, store: BackupStore): Promise<ReadonlyMap<string, string>> {
  const [newest] = await listBackups(shop);
  try {
    return newest ? await picturesOf(store, newest) : new Map();
  } catch (error) {
    if (error instanceof ShopError) return new Map();
    throw error;
  }
}

/** Every whole backup, newest first. */
export async function listBackups(shop: BackedUp): Promise<Backup[]> {
  const store = openStore(shop.settings);
  const names = (await store.list(BACKUPS)).filter((name) => /^[^/]+\/manifest\.json$/.test(name));
  const backups = await Promise.all(names.map((name) => findBackup(store, name.split("/")[0] ?? "")));
  return backups.filter((backup) => backup !== undefined).toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

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

/**
 * Keeps the newest backups and removes the others, with the pictures that only they had; returns those. Never the last one. Throws
 * `conflict` while a backup is being made.
 */
export function pruneBackups(shop: BackedUp, keep = shop.settings.backupKeep): Promise<Backup[]> {
  return oneAtATime(shop.settings, () => removeOld(shop, keep));
}

async function removeOld(shop: BackedUp, keep: number): Promise<Backup[]> {
  const store = openStore(shop.settings);
  const old = (await listBackups(shop)).slice(Math.max(1, keep));
  for (const { id } of old) {
    // The manifest goes first: from then on it is no backup, whatever happens next.
    await store.remove(`${id}/manifest.json`);
    for (const name of await store.list(`${id}/`)) await store.remove(name);
  }
  await removeCutOff(store, shop.now());
  await removeUnlisted(store, new Set((await store.list(BACKUPS)).map(folderOfName)));
  return old;
}

/** What was cut off has no manifest. One of today's may still be on its way, from another machine. */
async function removeCutOff(store: BackupStore, now: Date): Promise<void> {
  const names = await store.list(BACKUPS);
  const whole = new Set(names.filter((name) => name.endsWith("/manifest.json")).map(folderOfName));
  const yesterday = idAt(new Date(now.getTime() - 86_400_000));
  for (const name of names) {
    const id = folderOfName(name);
    if (BACKUP_ID.test(id) && id < yesterday && !whole.has(id)) await store.remove(name);
  }
}

const folderOfName = (name: string): string => name.split("/")[0] ?? "";

/** How the names of all backups begin, until the year 3000: beside them lie the pictures, and there may be many. */
const BACKUPS = "2";

const BACKUP_ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;

async function getBackup(shop: BackedUp, store: BackupStore, id?: string): Promise<Backup> {
  const backup = id === undefined ? (await listBackups(shop))[0] : await findBackup(store, id);
  if (backup) return backup;
  const which = id === undefined ? "no backup" : `no backup ${id}`;
  throw new ShopError("not_found", `There is ${which} in ${store.name}: see sanset backup list.`);
}

async function findBackup(store: BackupStore, id: string): Promise<Backup | undefined> {
  if (!/^[\w-]+$/.test(id)) return undefined;
  const text = await store.getText(`${id}/manifest.json`);
  if (text === undefined) return undefined;
  const manifest = Manifest.safeParse(jsonOf(text));
  return manifest.success ? { id, ...manifest.data } : undefined;
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

/** Sorts as time does, and is a good name for a folder. */
function idAt(moment: Date): string {
  return moment
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
