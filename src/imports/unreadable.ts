import { ShopError } from "../base/errors";

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  ERR_ENCODING_INVALID_ENCODED_DATA:
    "it is not UTF-8. Where Windows wrote it, say --encoding windows-1252, or save it as CSV UTF-8",
};

/** Why something can't be read, as a ShopError. */
export function unreadable(name: string, error: unknown): ShopError {
  if (error instanceof ShopError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  const reason = REASONS[code] ?? message.replace(/\.$/, "");
  return new ShopError("invalid", `${name} can't be read: ${reason}. Nothing was changed.`, {}, { cause: error });
}

export const isEmpty = (name: string) => new ShopError("invalid", `${name} is empty.`);

/** How many bad lines a refusal names: a person who gave the wrong file sees it by the first. */
const NAMED = 5;

/** What is thrown for a file of which nothing could be read. */
export function noneReadable(name: string, problems: readonly { line: number; problem: string }[]): ShopError {
  return new ShopError("invalid", `Not one row of ${name} can be read. Nothing was changed.`, {
    errors: firstProblems(problems),
  });
}

/** The first bad lines, as a refusal names them. */
export const firstProblems = (problems: readonly { line: number; problem: string }[]) =>
  problems.slice(0, NAMED).map(({ line, problem }) => ({ path: `line ${line}`, message: problem, code: "unreadable" }));

/**
 * A table that is refused for what its headings are. Its message names them, for those who gave the file; over HTTP, where nothing
 * of what was sent comes back with a failure, `plain` is said.
 */
export class TableRefused extends ShopError {
  constructor(
    message: string,
    readonly plain: string,
  ) {
    super("invalid", message);
  }
}
