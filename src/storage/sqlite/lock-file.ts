import { Database as Connection } from "bun:sqlite";
import { ShopError } from "../../base/errors";
import { makeFileForFoldersOwner } from "../../base/owner";
import { isBusy } from "./errors";

/**
 * Locks a file for this process alone, makes it where there is none, and returns how to unlock it; undefined while another has it.
 * The lock is the kernel's: it ends with the process however that ends, and counts between containers, whose processes don't
 * see each other and may have the same number. SQLite knows how every system locks; nothing is written into the file. Who
 * removes it has it locked. Throws ShopError `unusable` where this user may not.
 */
export function lockFile(path: string): (() => void) | undefined {
  let connection: Connection | undefined;
  try {
    makeFileForFoldersOwner(path);
    connection = new Connection(path, { create: true, readwrite: true });
    connection.run("PRAGMA busy_timeout = 0");
    connection.run("BEGIN EXCLUSIVE");
  } catch (error) {
    connection?.close();
    if (isBusy(error)) return undefined;
    throw new ShopError(
      "unusable",
      `${path} can't be locked: ${error instanceof Error ? error.message : String(error)}. Does it belong to the user that the shop runs as?`,
      {},
      { cause: error },
    );
  }
  return () => connection.close();
}
