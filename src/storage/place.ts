import { statSync } from "node:fs";
import { dirname } from "node:path";
import { serverAddress } from "./address";
import type { Reader } from "./database";
import type { DatabaseAddress } from "./open";

type Place = { engine: "sqlite"; path: string } | { engine: "postgres" };

/** The file of a database that is one, and the folder in which what else the shop keeps lies beside it. */
export const fileOf = (address: Place): string | undefined => (address.engine === "sqlite" ? address.path : undefined);

export function folderOf(address: Place): string | undefined {
  const file = fileOf(address);
  return file === undefined ? undefined : dirname(file);
}

/** The machines that a database is asked on; none for a file. */
export const hostsOf = (address: DatabaseAddress): string[] =>
  address.engine === "sqlite" ? [] : serversOf(address.url).map((url) => url.hostname || "localhost");

/** The machines that it is asked on in plain text without that being said. */
export const hostsInPlain = (address: DatabaseAddress): string[] =>
  address.engine === "sqlite"
    ? []
    : serversOf(address.url)
        .filter(({ searchParams }) => !searchParams.has("sslmode"))
        .map(({ hostname }) => hostname);

/** The whole address, as DATABASE_URL would say it. */
export const urlOf = (address: DatabaseAddress): string =>
  address.engine === "sqlite" ? `sqlite:///${address.path}` : address.url;

/** How large a database is, by its parts. */
export async function sizesOf(reader: Reader, address: DatabaseAddress): Promise<{ part: string; bytes: number }[]> {
  if (address.engine === "sqlite") {
    return [
      { part: "database", bytes: bytesOf(address.path) },
      { part: "wal", bytes: bytesOf(`${address.path}-wal`) },
    ];
  }
  const row = await reader.first<{ bytes: number }>("SELECT pg_database_size(current_database()) AS bytes");
  return [{ part: "database", bytes: row?.bytes ?? 0 }];
}

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const serversOf = (url: string): URL[] => (serverAddress(url)?.urls ?? []).map((each) => new URL(each));
