import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ShopError } from "../src/base/errors";
import { noteRules } from "../src/search/renewal";
import type { Shop } from "../src/shop/shop";
import { migrate, pendingMigrations } from "../src/storage/migrate";
import { withoutPassword } from "../src/storage/address";
import { copyDatabase } from "../src/storage/copy";
import { type DatabaseAddress, noShopAt } from "../src/storage/open";
import { fileOf, urlOf } from "../src/storage/place";

/**
 * What opening a shop may do to its database: nothing, make it where there is none, or also bring an older one up to date.
 * A command that looks changes nothing, and a newer program changes no older shop in passing.
 */
export type Opening = "as it is" | "make" | "migrate";

/** Sees to it that the database is one that this program can work on, as far as `opening` lets it. Throws `unusable`. */
export async function makeReady(shop: Shop, opening: Opening, say: (text: string) => void): Promise<string[]> {
  const { pending, isNew } = await pendingMigrations(shop.database);
  if (pending.length === 0) return [];
  const { databaseUrl } = shop.settings;
  if (isNew && opening === "as it is") throw noShopAt(placeOf(databaseUrl));
  if (!isNew && opening !== "migrate") throw behind(pending);
  if (!isNew) await copyFirst(databaseUrl, pending, say);
  const ran = await migrate(shop.database, shop.now());
  // Nothing is indexed in a new one, so there is nothing to index anew.
  if (isNew) await shop.database.transaction((tx) => noteRules(shop, tx));
  else say(`Brought the database up to date: ran ${ran.join(", ")}.`);
  return ran;
}

function behind(pending: readonly string[]): ShopError {
  const [count, verb] = pending.length === 1 ? ["1 migration", "is"] : [`${pending.length} migrations`, "are"];
  return new ShopError(
    "unusable",
    `The database was written by an older Sanset: ${count} ${verb} pending (${pending.join(", ")}). sanset migrate up runs them, and so does sanset serve; both keep a copy of an SQLite file first.`,
  );
}

/** Whether a copy of the database is made before it is migrated. */
export const isCopiedFirst = (address: DatabaseAddress): boolean => fileOf(address) !== undefined;

/** PostgreSQL has its own ways to be backed up, which need not be on this machine. */
async function copyFirst(address: DatabaseAddress, pending: readonly string[], say: (text: string) => void) {
  const path = fileOf(address);
  if (path === undefined) return;
  const copy = freeName(path, `before-${pending[0] ?? ""}`);
  await copyDatabase(address, copy);
  say(`Copied the database to ${copy} before changing it.`);
}

/** `shop.db` → `shop.before-0110_jobs.db`, and `shop.before-0110_jobs-2.db` where that is there already. */
function freeName(path: string, name: string): string {
  const [, stem = path, ending = ""] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? [];
  for (let number = 1; ; number++) {
    const copy = `${stem}.${name}${number === 1 ? "" : `-${number}`}${ending}`;
    if (!existsSync(copy)) return copy;
  }
}

/** Where a database is, without what opens it. */
export function placeOf(address: DatabaseAddress): string {
  return fileOf(address) ?? withoutPassword(urlOf(address)).replace(/^\w+:\/\/([^@/]*@)?|\?.*$/g, "");
}

const OTHERS = 0o077;

/** What of an SQLite shop others on this machine may read, with what to do about it. */
export function openToOthers(address: DatabaseAddress): string[] {
  const path = fileOf(address);
  if (path === undefined || process.platform === "win32") return [];
  const open = [path, `${path}-wal`, `${path}-shm`].filter((file) => isOpen(file));
  // What lies in a folder that nobody else may enter can't be read, whatever its own mode is.
  if (open.length === 0 || !isOpen(dirname(path))) return [];
  return [`Other users of this machine can read ${open.join(", ")}: chmod 600 ${open.join(" ")}`];
}

function isOpen(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0;
}
