import { rmSync } from "node:fs";
import { join } from "node:path";
import { ShopError } from "../base/errors";
import { type MediaStore, PICTURE_FILE } from "../media/files";
import { sha256Of } from "./files";
import type { Backup } from "./schema";
import type { BackupStore } from "./store";

/*
 * A picture's file is named by its content and never changes, so all backups share one copy of it: `pictures/<name>`. Each backup
 * has a list of those that belong to it, as `sha256sum --check` reads it.
 */

const FOLDER = "pictures/";
const LIST = "pictures.sha256";

/** In place of a sum, in the list of a backup that is being made. */
const UNKNOWN = "0".repeat(64);

/** The checksums of pictures, by the names of their files. */
type Sums = Map<string, string>;

/** What a backup says of its pictures. */
type Pictures = NonNullable<Backup["pictures"]>;

/** Where pictures go to, and by which backup; `folder` is for what is under way. */
interface Keeping {
  store: BackupStore;
  id: string;
  folder: string;
}

/**
 * Keeps all pictures that a shop has by now, as far as `known` does not say that the store has them, and returns the sums of those
 * and of what was `kept` before. What is going to be listed is claimed first, so that nobody who prunes meanwhile removes it.
 */
export async function keepPictures(
  { store, id, folder }: Keeping,
  media: MediaStore,
  { known, kept = new Map() }: { known: ReadonlyMap<string, string>; kept?: ReadonlyMap<string, string> },
): Promise<Sums> {
  const names = await media.list();
  const claimed = new Map(names.map((name) => [name, known.get(name) ?? UNKNOWN]));
  await store.putText(`${id}/${LIST}`, textOf(new Map([...claimed, ...kept])));
  const there = new Set(await store.list(FOLDER));
  const sums: Sums = new Map(kept);
  const file = join(folder, "picture");
  for (const name of names) {
    const sum = there.has(FOLDER + name) ? known.get(name) : undefined;
    if (sum !== undefined) {
      sums.set(name, sum);
      continue;
    }
    const bytes = await media.get(name);
    // Nobody needed it any more, and it was tidied away meanwhile.
    if (!bytes) continue;
    sums.set(name, new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
    await Bun.write(file, bytes);
    await store.put(FOLDER + name, file);
  }
  rmSync(file, { force: true });
  return sums;
}

/** Writes down which pictures belong to a backup. */
export async function listPictures({ store, id }: Keeping, sums: Sums): Promise<Pictures> {
  const list = textOf(sums);
  await store.putText(`${id}/${LIST}`, list);
  return { name: LIST, count: sums.size, sha256: new Bun.CryptoHasher("sha256").update(list).digest("hex") };
}

/** Takes back the claim of a backup that came to nothing. */
export const giveUpPictures = ({ store, id }: Keeping): Promise<void> => store.remove(`${id}/${LIST}`);

/** The pictures of a backup. None for one that was made before backups had any. Throws `unusable` where the list is damaged. */
export async function picturesOf(store: BackupStore, { id, pictures }: Backup): Promise<Sums> {
  if (!pictures) return new Map();
  const list = await store.getText(`${id}/${pictures.name}`);
  if (list === undefined || new Bun.CryptoHasher("sha256").update(list).digest("hex") !== pictures.sha256) {
    throw new ShopError("unusable", `${pictures.name} of ${id} is not what was written: its checksum differs.`);
  }
  return sumsIn(list);
}

/** Says of each picture of a backup what is wrong with it, if anything. */
export async function problemsOfPictures(store: BackupStore, backup: Backup, folder: string): Promise<string[]> {
  return eachPicture(store, backup, folder, async () => {});
}

/**
 * Puts the pictures of a backup where those of the shop lie, as far as they are not there, and returns what is wrong with those that
 * could not be had.
 */
export async function restorePictures(
  store: BackupStore,
  backup: Backup,
  { media, folder }: { media: MediaStore; folder: string },
): Promise<string[]> {
  const there = new Set(await media.list());
  return eachPicture(
    store,
    backup,
    folder,
    async (name, file) => media.put(name, await Bun.file(file).bytes()),
    (name) => !there.has(name),
  );
}

/** Fetches each picture of a backup that is wanted, one after the other, and returns what is wrong with those that are not good. */
async function eachPicture(
  store: BackupStore,
  backup: Backup,
  folder: string,
  work: (name: string, file: string) => Promise<void>,
  isWanted: (name: string) => boolean = () => true,
): Promise<string[]> {
  let sums: Sums;
  try {
    sums = await picturesOf(store, backup);
  } catch (error) {
    if (error instanceof ShopError && error.code === "unusable") return [error.message];
    throw error;
  }
  const problems: string[] = [];
  const file = join(folder, "picture");
  for (const [name, sum] of sums) {
    if (!isWanted(name)) continue;
    const problem = await fetchPicture(store, { name, sum }, file);
    if (problem === undefined) await work(name, file);
    else problems.push(problem);
  }
  rmSync(file, { force: true });
  return problems;
}

async function fetchPicture(
  store: BackupStore,
  { name, sum }: { name: string; sum: string },
  file: string,
): Promise<string | undefined> {
  try {
    await store.get(FOLDER + name, file);
  } catch (error) {
    if (error instanceof ShopError && error.code === "not_found") return `The picture ${name} is missing.`;
    throw error;
  }
  if ((await sha256Of(file)) === sum) return undefined;
  return `The picture ${name} is not what was written: its checksum differs.`;
}

/** Removes the pictures that belong to no backup any more, nor to one that is being made. */
export async function removeUnlisted(store: BackupStore, ids: Iterable<string>): Promise<void> {
  const listed = new Set<string>();
  const kept = await store.list(FOLDER);
  for (const id of ids) {
    const list = await store.getText(`${id}/${LIST}`);
    if (list !== undefined) for (const name of sumsIn(list).keys()) listed.add(FOLDER + name);
  }
  for (const name of kept) if (!listed.has(name)) await store.remove(name);
}

const textOf = (sums: Sums): string => [...sums].map(([name, sum]) => `${sum}  ${FOLDER}${name}\n`).join("");

function sumsIn(list: string): Sums {
  const sums: Sums = new Map();
  for (const line of list.split("\n")) {
    const [sum, name = ""] = line.split(`  ${FOLDER}`);
    if (sum !== undefined && PICTURE_FILE.test(name)) sums.set(name, sum);
  }
  return sums;
}
