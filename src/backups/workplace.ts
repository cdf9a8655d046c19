import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasEnded, thisProcess } from "../base/process";

const PREFIX = "sanset-backup-";

/**
 * Works in a folder that is gone afterwards, also where the program is stopped meanwhile: a whole copy of the shop lies in it. What
 * a killed program could not remove is removed by the next one.
 */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>, within = tmpdir()): Promise<T> {
  mkdirSync(within, { recursive: true, mode: 0o700 });
  removeLeftovers(within);
  const folder = mkdtempSync(join(within, PREFIX));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A signal ends the program in the middle of the work.
  process.on("exit", remove);
  try {
    writeFileSync(join(folder, OWNER), thisProcess(), { mode: 0o600 });
    return await work(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Names the process that works in the folder. */
const OWNER = "owner";

function removeLeftovers(within: string): void {
  for (const name of readdirSync(within)) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      const folder = join(within, name);
      if (hasEnded(readFileSync(join(folder, OWNER), "utf8"))) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or one that has just been made or removed.
    }
  }
}
