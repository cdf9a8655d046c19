import { ShopError } from "../base/errors";
import type { Reader } from "./database";

/** The tables of this database, to tell an empty one and one of another program from one of ours. */
export async function tableNames(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ name: string }>(
    reader.engine === "sqlite"
      ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
      : "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
  );
  return rows.map((row) => row.name);
}

/** Whether a copy into this database has begun and not come to its end: it is not whole, and no shop is served from it. */
export async function isUnderTransfer(reader: Reader): Promise<boolean> {
  return (await tableNames(reader)).includes("sanset_transfer");
}

/** Tables that we did not make are not ours to touch. */
export const otherProgram = () =>
  new ShopError("unusable", "This database belongs to another program. Nothing was changed; is DATABASE_URL right?");
