import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { S3Client } from "bun";
import { ShopError } from "../base/errors";
import { giveToFoldersOwner, makeFolder } from "../base/owner";
import type { Settings } from "../shop/settings";
import { folderOf } from "../storage/place";

/** Where backups lie: a folder, or a bucket of S3. Names are paths with `/`, such as `2030-01-31T02-00-00Z/manifest.json`. */
export interface BackupStore {
  /** For messages. */
  name: string;
  /** Keeps the file under a name, wholly or not at all. */
  put(name: string, file: string): Promise<void>;
  putText(name: string, text: string): Promise<void>;
  /** Writes it into a new file. Throws `not_found`. */
  get(name: string, file: string): Promise<void>;
  /** Undefined where there is nothing of that name. */
  getText(name: string): Promise<string | undefined>;
  /** All names that begin so. */
  list(prefix: string): Promise<string[]>;
  remove(name: string): Promise<void>;
}

/** The store that the settings name. */
export function openStore(settings: Settings): BackupStore {
  const { backupTo, databaseUrl } = settings;
  if (backupTo?.startsWith("s3://")) return bucketStore(backupTo, settings);
  if (backupTo !== undefined) return folderStore(backupTo);
  const beside = folderOf(databaseUrl);
  if (beside !== undefined) return folderStore(join(beside, "backups"));
  throw new ShopError("unusable", "Say where backups go: set BACKUP_TO to a folder, or to s3://bucket/folder.");
}

const OWNER_ALONE = 0o600;

function folderStore(folder: string): BackupStore {
  const path = (name: string) => join(folder, name);
  /** Whatever happens in between, a name stands for a whole file that is on disk. */
  const keep = async (name: string, write: (temporary: string) => Promise<unknown>) => {
    const [target, temporary] = [path(name), `${path(name)}.part`];
    try {
      makeFolder(dirname(target), 0o700);
    } catch (error) {
      throw explained(error, folder);
    }
    try {
      await write(temporary);
      chmodSync(temporary, OWNER_ALONE);
      giveToFoldersOwner(temporary);
      await synced(temporary);
      renameSync(temporary, target);
      await synced(dirname(target));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw explained(error, folder);
    }
  };
  return {
    name: folder,
    put: (name, file) => keep(name, (temporary) => Bun.write(temporary, Bun.file(file))),
    putText: (name, text) => keep(name, (temporary) => Bun.write(temporary, text)),
    get: async (name, file) => {
      if (!existsSync(path(name))) throw missing(name);
      await Bun.write(file, Bun.file(path(name)));
    },
    getText: async (name) => (existsSync(path(name)) ? Bun.file(path(name)).text() : undefined),
    async list(prefix) {
      try {
        return filesBelow(folder, prefix);
      } catch (error) {
        throw explained(error, folder);
      }
    },
    remove: async (name) => {
      rmSync(path(name), { force: true });
      const within = dirname(path(name));
      if (within !== folder && existsSync(within) && readdirSync(within).length === 0)
        rmSync(within, { recursive: true });
    },
  };
}

/** The files below a folder whose paths begin so; no folder is gone through in which there can be none. */
function filesBelow(folder: string, prefix: string): string[] {
  if (!existsSync(folder)) return [];
  const [first = ""] = prefix.split("/");
  const names = readdirSync(folder).filter((name) => (prefix.includes("/") ? name === first : name.startsWith(first)));
  const paths = names.flatMap((name) => {
    if (!statSync(join(folder, name)).isDirectory()) return [name];
    return readdirSync(join(folder, name), { recursive: true, encoding: "utf8" })
      .filter((entry) => statSync(join(folder, name, entry)).isFile())
      .map((entry) => `${name}/${entry.replaceAll("\\", "/")}`);
  });
  return paths.filter((path) => path.startsWith(prefix) && !path.endsWith(".part"));
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explained(error: unknown, folder: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return new ShopError("unusable", `There is no space left in ${folder} for a backup.`);
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") {
    return new ShopError("unusable", `Backups can't be written into ${folder}: look at its rights.`);
  }
  return error;
}

function bucketStore(url: string, settings: Settings): BackupStore {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/.exec(url) ?? [];
  const client = new S3Client({
    bucket,
    ...(settings.s3Endpoint !== undefined && { endpoint: settings.s3Endpoint }),
    ...(settings.s3Region !== undefined && { region: settings.s3Region }),
    ...(settings.s3AccessKeyId !== undefined && { accessKeyId: settings.s3AccessKeyId }),
    ...(settings.s3SecretAccessKey !== undefined && { secretAccessKey: settings.s3SecretAccessKey }),
  });
  const key = (name: string) => (prefix === "" ? name : `${prefix}/${name}`);
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ShopError("unusable", `${url} can't be used: ${reason}`, {}, { cause: error });
    }
  };
  return {
    name: url,
    put: (name, file) => asking(async () => void (await client.write(key(name), Bun.file(file)))),
    putText: (name, text) => asking(async () => void (await client.write(key(name), text))),
    get: async (name, file) => {
      if (!(await asking(() => client.exists(key(name))))) throw missing(name);
      await asking(() => Bun.write(file, client.file(key(name))));
    },
    getText: (name) =>
      asking(async () => ((await client.exists(key(name))) ? client.file(key(name)).text() : undefined)),
    list: (begin) => asking(() => listKeys(client, key(begin), prefix)),
    remove: (name) => asking(() => client.delete(key(name))),
  };
}

/** A bucket answers with a thousand names at a time. */
async function listKeys(client: S3Client, begin: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await client.list({ prefix: begin, ...(after !== undefined && { startAfter: after }) });
    const keys = (page.contents ?? []).map(({ key }) => key);
    names.push(...keys.map((one) => (prefix === "" ? one : one.slice(prefix.length + 1))));
    after = page.isTruncated ? keys.at(-1) : undefined;
  } while (after !== undefined);
  return names;
}

const missing = (name: string) => new ShopError("not_found", `There is no ${name} among the backups.`);
