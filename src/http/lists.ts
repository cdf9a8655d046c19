import type { Page } from "../base/page";

/** The headers of a list that is a bare array: how many there are in all, and where the other pages are. */
export function listHeaders(requestUrl: string, { limit, offset }: Page, total: number): Record<string, string> {
  // Who skips may start between two pages, and goes on from there.
  const start = offset % limit;
  const last = total > start ? total - 1 - ((total - 1 - start) % limit) : 0;
  const links = [link(requestUrl, "first", 0, limit), link(requestUrl, "last", last, limit)];
  if (offset > 0) links.push(link(requestUrl, "prev", Math.min(Math.max(0, offset - limit), last), limit));
  if (offset + limit < total) links.push(link(requestUrl, "next", offset + limit, limit));
  return { "x-total-count": String(total), link: links.join(", ") };
}

function link(requestUrl: string, relation: string, offset: number, limit: number): string {
  const { pathname, searchParams } = new URL(requestUrl);
  // In the words in which it was asked, which pageOf reads alike.
  const skips = searchParams.has("skip") && !searchParams.has("page");
  const wanted = skips ? { skip: offset, limit } : { page: offset / limit + 1, size: limit };
  for (const name of ["page", "size", "skip", "limit"]) if (!(name in wanted)) searchParams.delete(name);
  for (const [name, value] of Object.entries(wanted)) searchParams.set(name, String(value));
  // A path, not a host: behind a proxy we don't know by which name we are called.
  return `<${pathname}?${searchParams.toString()}>; rel="${relation}"`;
}

/** The same for a list that always comes whole: it is its own first and last page. */
export function wholeListHeaders(requestUrl: string, total: number): Record<string, string> {
  const { pathname, search } = new URL(requestUrl);
  const links = ["first", "last"].map((relation) => `<${pathname}${search}>; rel="${relation}"`);
  return { "x-total-count": String(total), link: links.join(", ") };
}
