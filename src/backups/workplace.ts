import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFile } from "../storage/file-lock";

const PREFIX = "sanset-backup-";

/** Who works in a folder has the file beside it locked that is called so. It is there first: no folder is without one. */
const LOCK = ".lock";

/**
 * Works in a folder that is gone afterwards, also where the program is stopped meanwhile: a whole copy of the shop lies in it. What
 * a killed program could not remove is removed by the next one: its lock went with it.
 */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>, within = tmpdir()): Promise<T> {
  mkdirSync(within, { recursive: true, mode: 0o700 });
  removeLeftovers(within);
  const { folder, unlock } = makeFolder(within);
  const remove = () => removeBoth(folder, unlock);
  // A signal ends the program in the middle of the work.
  process.on("exit", remove);
  try {
    return await work(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Another program may take a file that is not locked yet for a leftover: then another one is made. */
function makeFolder(within: string): { folder: string; unlock: () => void } {
  for (;;) {
    const folder = join(within, `${PREFIX}${crypto.randomUUID()}`);
    const unlock = lockFile(`${folder}${LOCK}`);
    if (unlock && existsSync(`${folder}${LOCK}`)) {
      mkdirSync(folder, { mode: 0o700 });
      return { folder, unlock };
    }
    unlock?.();
  }
}

function removeLeftovers(within: string): void {
  for (const name of readdirSync(within)) {
    if (!name.startsWith(PREFIX) || !name.endsWith(LOCK)) continue;
    const lock = join(within, name);
    try {
      const unlock = lockFile(lock);
      if (unlock) removeBoth(lock.slice(0, -LOCK.length), unlock);
    } catch {
      // Another user's, or nothing of ours.
    }
  }
}

/** The file last: what is left of a folder is found by it. */
function removeBoth(folder: string, unlock: () => void): void {
  rmSync(folder, { recursive: true, force: true });
  // Windows removes no file that is open.
  if (process.platform === "win32") unlock();
  rmSync(`${folder}${LOCK}`, { force: true });
  unlock();
}
