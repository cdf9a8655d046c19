import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ShopError } from "../base/errors";
import { hasEnded, thisProcess } from "../base/process";
import type { Settings } from "../shop/settings";
import { folderOf } from "../storage/place";

/**
 * Does the work while no other process of this machine does the same for this shop. Throws `conflict` where one is at it. What a
 * process left behind that has ended stands in nobody's way. A shop without a folder has its database's own order.
 */
export async function oneAtATime<Result>(
  { databaseUrl }: Pick<Settings, "databaseUrl">,
  work: () => Promise<Result>,
): Promise<Result> {
  const folder = folderOf(databaseUrl);
  if (folder === undefined) return work();
  const lock = join(folder, ".backup-running");
  take(lock);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): void {
  if (write(lock)) return;
  const other = holder(lock);
  if (other !== undefined && !hasEnded(other)) {
    const [host = "", pid = ""] = other.split("/");
    throw new ShopError(
      "conflict",
      `Another backup is being made, by process ${pid} on ${host}. Try again when it is done.`,
    );
  }
  rmSync(lock, { force: true });
  if (!write(lock)) throw new ShopError("conflict", "Another backup has just begun. Try again when it is done.");
}

/** False where the file is there. It is there with its text or not at all, also for who is killed meanwhile. */
function write(lock: string): boolean {
  const mine = `${lock}-${process.pid}`;
  writeFileSync(mine, thisProcess(), { mode: 0o600 });
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function holder(lock: string): string | undefined {
  try {
    return readFileSync(lock, "utf8");
  } catch {
    return undefined;
  }
}
