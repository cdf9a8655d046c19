import { closeSync, constants, fchownSync, fstatSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/*
 * An operator types a command as root, and the shop runs as a user of its own: what root makes in that user's folders has to be
 * that user's, or the shop can't open it afterwards. SQLite does so with the files beside a database. For everybody else, and in
 * folders of root, nothing here changes an owner.
 */

/** Makes a folder and those above it that are missing, each for the owner of the one above. */
export function makeFolder(path: string, mode = 0o777): void {
  const highest = mkdirSync(path, { recursive: true, mode });
  if (highest === undefined) return;
  const made: string[] = [];
  for (let folder = resolve(path); folder.length >= highest.length; folder = dirname(folder)) made.unshift(folder);
  for (const folder of made) giveToFoldersOwner(folder);
}

/** Makes an empty file for the owner of its folder, where there is none and that is somebody else: before a lock may be on it. */
export function makeFileForFoldersOwner(path: string): void {
  if (ownerOfFolder(path) === undefined) return;
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    throw error;
  }
  giveToFoldersOwner(path);
}

/** Gives what this process made to the owner of the folder in which it lies. */
export function giveToFoldersOwner(path: string): void {
  const owner = ownerOfFolder(path);
  if (owner === undefined) return;
  // Whom the folder belongs to may lay anything of that name there: only a thing of our own making is given away.
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const made = fstatSync(handle);
    if (made.uid === ROOT && (made.isDirectory() || made.nlink === 1)) fchownSync(handle, owner.uid, owner.gid);
  } catch (error) {
    // Root without this right, as in some containers, owns what it makes.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw error;
  } finally {
    closeSync(handle);
  }
}

const ROOT = 0;

/** Undefined where it is us, or we may give nothing away. */
function ownerOfFolder(path: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== ROOT) return undefined;
  const { uid, gid } = statSync(dirname(path));
  return uid === ROOT ? undefined : { uid, gid };
}
