import { ShopError } from "../base/errors";
import type { Precondition } from "./catalog";
import type { VersionedProduct } from "./queries";

/** Changes whenever the product's JSON does: also by what sells, and by what becomes of its variants. */
export function etagOf({ version, stock, variants_version: variants = "" }: Tagged): string {
  return variants === "" ? `"${version}-${stock}"` : `"${version}-${stock}-${variants}"`;
}

type Tagged = Pick<VersionedProduct, "version" | "stock"> & { variants_version?: string };

/** For lists: changes whenever one of the products does, or which they are. */
export function listEtagOf(total: number, products: readonly VersionedProduct[]): string {
  const seen = products.map(({ id, version, stock }) => `${id}.${version}.${stock}`).join();
  return `W/"${Bun.hash(`${total},${seen}`).toString(36)}"`;
}

/** For what has no version: changes whenever its JSON does. */
export function contentEtagOf(content: object): string {
  return `W/"${Bun.hash(JSON.stringify(content)).toString(36)}"`;
}

/** Whether the caller has this already (RFC 9110, If-None-Match: weak comparison). */
export function isKnownToCaller(request: Request, etag: string): boolean {
  const header = request.headers.get("if-none-match");
  return header !== null && (header.trim() === "*" || tags(header).some((tag) => strip(tag) === strip(etag)));
}

/**
 * What If-Match asks for (RFC 9110: strong comparison): that nobody has edited the product since. What sold meanwhile is no
 * edit; the stock that was read then is what a new one counts from. Without the header everything goes.
 */
export function ifMatch(request: Request): Precondition {
  const header = request.headers.get("if-match");
  return (current) => {
    if (header === null || header.trim() === "*") return undefined;
    const read = tags(header).map((tag) => READ.exec(tag));
    const own = read.find((tag) => tag?.[1] === String(current.version));
    if (own) return Number(own[2]);
    throw new ShopError("changed_meanwhile", "The product has changed since you read it. Read it again, then write.");
  };
}

/** Version, stock, where there are variants what they were, and the encoding in which it was read. */
const READ = /^"(\d+)-(\d+)(?:-[a-z0-9]+){0,2}"$/;

const tags = (header: string): string[] => header.split(",").map((tag) => tag.trim());
/** The same product in whatever encoding. */
const strip = (tag: string): string => tag.replace(/^W\//, "").replace(/-(gzip|br)"$/, '"');
