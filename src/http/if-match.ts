import { ShopError } from "../base/errors";

/**
 * What If-Match asks for (RFC 9110: strong comparison) of something that has this tag now. Without the header everything goes.
 * Throws `changed_meanwhile`.
 */
export function checkIfMatch(request: Request, tag: string): void {
  const header = request.headers.get("if-match");
  if (header === null || header.trim() === "*") return;
  if (header.split(",").some((one) => one.trim().replace(CODED, '"') === tag)) return;
  throw new ShopError("changed_meanwhile", "It has changed since you read it. Read it again, then write.");
}

/** The same in whatever encoding it was read. */
const CODED = /-(gzip|br)"$/;
