import { ShopError } from "../src/base/errors";

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "what lies there may only be read",
  ENOSPC: "there is no space left",
  EDQUOT: "there is no space left for this user",
  EISDIR: "it is a folder",
  ENOTDIR: "it leads through something that is no folder",
  EEXIST: "it is there already",
  EMFILE: "too many files are open",
  EIO: "the disk has failed",
};

/** What the system says of a file, in words; undefined for what is no word of the system about a file. */
export function reasonOfFile(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? REASONS[String(error.code)] : undefined;
}

/** A failure of the system about a file that no command has put into words: it names the file. Undefined for any other. */
export function explainFile(error: unknown): ShopError | undefined {
  const reason = reasonOfFile(error);
  if (reason === undefined || !(error instanceof Error) || !("path" in error)) return undefined;
  return new ShopError("unusable", `${String(error.path)} can't be used: ${reason}.`, {}, { cause: error });
}
