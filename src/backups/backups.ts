import { join } from "node:path";
import { version } from "../../package.json";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { copyDatabase, copyName } from "../storage/copy";
import { openMedia } from "../media/files";
import { compress, sha256Of } from "./files";
import { giveUpPictures, keepPictures, listPictures, picturesOf, removeUnlisted } from "./pictures";
import { type Backup, type BackupManifest, Manifest } from "./schema";
import { oneAtATime } from "./one-at-a-time";
import { type BackupStore, openStore } from "./store";
import { inTemporaryFolder } from "./workplace";
import { DAY_MS } from "../base/time";

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
  const yesterday = idAt(new Date(now.getTime() - DAY_MS));
  for (const name of names) {
    const id = folderOfName(name);
    if (BACKUP_ID.test(id) && id < yesterday && !whole.has(id)) await store.remove(name);
  }
}

const folderOfName = (name: string): string => name.split("/")[0] ?? "";

/** How the names of all backups begin, until the year 3000: beside them lie the pictures, and there may be many. */
const BACKUPS = "2";

const BACKUP_ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;

export async function getBackup(shop: BackedUp, store: BackupStore, id?: string): Promise<Backup> {
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

/** Sorts as time does, and is a good name for a folder. */
export function idAt(moment: Date): string {
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
