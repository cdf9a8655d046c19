import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasEnded, thisProcess } from "../base/process";

const PREFIX = "sanset-backup-";

/**
 * Works in a folder that is gone afterwards, also where the program is stopped meanwhile: a whole copy of the shop lies in it. What
 * a killed program could not remove is removed by the next one, which knows by the folder's name whose it was.
 */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>, within = tmpdir()): Promise<T> {
  mkdirSync(within, { recursive: true, mode: 0o700 });
  removeLeftovers(within);
  const folder = mkdtempSync(join(within, `${PREFIX}${encodeURIComponent(thisProcess())}.`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A signal ends the program in the middle of the work.
  process.on("exit", remove);
  try {
    return await work(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function removeLeftovers(within: string): void {
  for (const name of readdirSync(within)) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      const owner = decodeURIComponent(name.slice(PREFIX.length, name.lastIndexOf(".")));
      if (hasEnded(owner)) rmSync(join(within, name), { recursive: true, force: true });
    } catch {
      // Another user's, or nothing of ours.
    }
  }
}
