import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "bun";
import { ShopError } from "../base/errors";
import { giveToFoldersOwner, makeFolder } from "../base/owner";
import type { Settings } from "../shop/settings";
import type { Shop } from "../shop/shop";
import { perShop } from "../shop/per-shop";
import { folderOf } from "../storage/place";

/** Where pictures lie: a folder beside the database, or a bucket. Names are those of their addresses: `<hash>-480.webp`. */
export interface MediaStore {
  /** Keeps a file under its name, wholly or not at all. One that is there already stays, as new as if it had just come. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where there is none of that name. */
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  has(name: string): Promise<boolean>;
  /** Pictures only: what else lies in the folder or the bucket belongs to other programs. Those that came `before`, if said. */
  list(before?: Date): Promise<string[]>;
  remove(name: string): Promise<void>;
}

/** What a picture's file is called: by its content, and the most pixels that it is wide. */
export const PICTURE_FILE = /^[0-9a-f]{32}-(160|480|1200)\.webp$/;

/** What of a picture all its files are named by, one for each width. */
export const hashOf = (file: string): string => file.split("-")[0] ?? "";

const kept = perShop((): { media?: MediaStore } => ({}));

/** The shop's pictures. */
export function mediaOf(shop: Shop): MediaStore {
  const state = kept(shop);
  return (state.media ??= openMedia(shop.settings));
}

/** Where the pictures of a shop with these settings lie. */
export function openMedia(settings: Settings): MediaStore {
  const { mediaDir, databaseUrl } = settings;
  if (mediaDir?.startsWith("s3://")) return bucket(mediaDir, settings);
  if (mediaDir !== undefined) return folder(mediaDir);
  return folder(join(folderOf(databaseUrl) ?? "./data", "media"));
}

/** Brings pictures from one place to another, those that are not there yet. Returns how many there are. */
export async function copyMedia(from: MediaStore, to: MediaStore): Promise<number> {
  const names = await from.list();
  for (const name of names) {
    const bytes = (await to.has(name)) ? undefined : await from.get(name);
    if (bytes) await to.put(name, bytes);
  }
  return names.length;
}

function folder(path: string): MediaStore {
  const at = (name: string) => join(path, name);
  return {
    async put(name, bytes) {
      if (existsSync(at(name))) {
        const now = new Date();
        utimesSync(at(name), now, now);
        return;
      }
      makeFolder(path);
      // Whatever happens in between, a name stands for a whole file.
      const part = `${at(name)}.${crypto.randomUUID()}.part`;
      await Bun.write(part, bytes);
      giveToFoldersOwner(part);
      renameSync(part, at(name));
    },
    get: async (name) => (existsSync(at(name)) ? Bun.file(at(name)).bytes() : undefined),
    has: async (name) => existsSync(at(name)),
    async list(before) {
      const names = existsSync(path) ? readdirSync(path).filter((name) => PICTURE_FILE.test(name)) : [];
      return before
        ? names.filter((name) => cameBefore(statSync(at(name), { throwIfNoEntry: false })?.mtime, before))
        : names;
    },
    remove: async (name) => rmSync(at(name), { force: true }),
  };
}

function bucket(address: string, settings: Settings): MediaStore {
  const { hostname, pathname } = new URL(address);
  const prefix = pathname.replace(/^\/+|\/+$/g, "");
  const at = (name: string) => (prefix === "" ? name : `${prefix}/${name}`);
  const client = new S3Client({
    bucket: hostname,
    ...(settings.s3Endpoint !== undefined && { endpoint: settings.s3Endpoint }),
    ...(settings.s3Region !== undefined && { region: settings.s3Region }),
    ...(settings.s3AccessKeyId !== undefined && { accessKeyId: settings.s3AccessKeyId }),
    ...(settings.s3SecretAccessKey !== undefined && { secretAccessKey: settings.s3SecretAccessKey }),
  });
  return {
    put: async (name, bytes) => void (await asked(() => client.write(at(name), bytes, { type: "image/webp" }))),
    get: (name) => asked(async () => ((await client.exists(at(name))) ? client.file(at(name)).bytes() : undefined)),
    has: (name) => asked(() => client.exists(at(name))),
    async list(before) {
      const names: string[] = [];
      for (let startAfter: string | undefined; ;) {
        const after = startAfter === undefined ? {} : { startAfter };
        const page = await asked(() => client.list({ prefix: at(""), ...after }));
        const objects = page.contents ?? [];
        const meant = before
          ? objects.filter(({ lastModified }) => cameBefore(lastModified ? new Date(lastModified) : undefined, before))
          : objects;
        names.push(...meant.map(({ key }) => key.slice(at("").length)).filter((name) => PICTURE_FILE.test(name)));
        startAfter = objects.at(-1)?.key;
        if (!page.isTruncated || startAfter === undefined) return names;
      }
    },
    remove: (name) => asked(() => client.delete(at(name))),
  };
}

/** Where nobody says when it came, it may just have. */
const cameBefore = (at: Date | undefined, before: Date): boolean => at !== undefined && at < before;

/** Whatever a bucket says, the caller hears that pictures can't be had or kept now; the log has the reason. */
async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw new ShopError(
      "media_unavailable",
      "Pictures can't be reached now. Try again in a moment.",
      {},
      { cause: error },
    );
  }
}
