import { existsSync } from "node:fs";
import { join } from "node:path";
import { ShopError } from "../base/errors";
import type { Settings } from "../shop/settings";
import { lockFile } from "../storage/file-lock";
import { folderOf } from "../storage/place";

/**
 * Does the work while no other process does the same for this shop, in whichever container it is. Throws `conflict` where one is at
 * it. A process that was killed stands in nobody's way. A shop without a folder has its database's own order.
 */
export async function oneAtATime<Result>(
  { databaseUrl }: Pick<Settings, "databaseUrl">,
  work: () => Promise<Result>,
): Promise<Result> {
  const folder = folderOf(databaseUrl);
  // Where there is no folder there is no shop, as the work itself says better.
  if (folder === undefined || !existsSync(folder)) return work();
  const unlock = lockFile(join(folder, ".backup-lock"));
  if (!unlock) throw new ShopError("conflict", "Another backup is being made. Try again when it is done.");
  try {
    return await work();
  } finally {
    unlock();
  }
}
