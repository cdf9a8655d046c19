import { open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { ShopError } from "../base/errors";
import { unreadable } from "./unreadable";

/** Bytes that can be read from their beginning as often as is wanted: a file, or what was uploaded. */
export interface Source {
  /** What a person calls it. */
  name: string;
  blob: Blob;
}

export const uploaded = (bytes: Uint8Array): Source => ({ name: "The upload", blob: new Blob([bytes]) });

/** Throws `invalid` for what is no file. */
export async function fileSource(path: string): Promise<Source> {
  try {
    if ((await stat(path)).isFile()) return { name: path, blob: Bun.file(path) };
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new ShopError("invalid", `${path} is not a file.`);
}

/**
 * Works on what a person names as a file: a path, `-` for what is piped in, or the other end of a pipe. What comes through a
 * pipe is set aside first, in a file that is this user's alone and is gone afterwards: it is read more than once.
 */
export async function withSource<Result>(path: string, work: (source: Source) => Promise<Result>): Promise<Result> {
  const isPipe = path === "-" || (await stat(path).catch(() => undefined))?.isFIFO() === true;
  if (!isPipe) return work(await fileSource(path));
  const aside = join(tmpdir(), `sanset-import-${crypto.randomUUID()}`);
  // Also where the program is stopped meanwhile: it is the data of a shop.
  const remove = () => rmSync(aside, { force: true });
  process.once("exit", remove);
  try {
    await setAside(path === "-" ? Bun.stdin.stream() : Bun.file(path).stream(), aside);
    return await work({ name: "The input", blob: Bun.file(aside) });
  } finally {
    process.off("exit", remove);
    remove();
  }
}

const OWNER_ONLY = 0o600;

async function setAside(from: ReadableStream<Uint8Array>, to: string): Promise<void> {
  const file = await open(to, "wx", OWNER_ONLY);
  try {
    for await (const chunk of from) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}
