import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFile } from "../storage/file-lock";

const PREFIX = "sanset-backup-";

/** Who works in a folder has this file of it locked. */
const LOCK = ".lock";

/**
 * Works in a folder that is gone afterwards, also where the program is stopped meanwhile: a whole copy of the shop lies in it. What
 * a killed program could not remove is removed by the next one: its lock went with it.
 */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>, within = tmpdir()): Promise<T> {
  mkdirSync(within, { recursive: true, mode: 0o700 });
  removeLeftovers(within);
  const { folder, unlock } = makeFolder(within);
  const remove = () => {
    unlock();
    rmSync(folder, { recursive: true, force: true });
  };
  // A signal ends the program in the middle of the work.
  process.on("exit", remove);
  try {
    return await work(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Another program may take what has its file and is not locked yet for a leftover: then another one is made. */
function makeFolder(within: string): { folder: string; unlock: () => void } {
  for (;;) {
    const folder = mkdtempSync(join(within, PREFIX));
    const unlock = lockFile(join(folder, LOCK));
    if (unlock && existsSync(join(folder, LOCK))) return { folder, unlock };
    unlock?.();
  }
}

function removeLeftovers(within: string): void {
  for (const name of readdirSync(within)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(within, name);
    try {
      // One without the file is being made at this moment.
      const unlock = existsSync(join(folder, LOCK)) ? lockFile(join(folder, LOCK)) : undefined;
      if (!unlock) continue;
      // Windows removes no file that is open.
      if (process.platform === "win32") unlock();
      rmSync(folder, { recursive: true, force: true });
      unlock();
    } catch {
      // Another user's, or nothing of ours.
    }
  }
}
