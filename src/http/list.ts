import type { Page } from "../page";

/** The headers of a list that is a bare array: how many there are in all, and where the other pages are. */
export function listHeaders(requestUrl: string, { limit, offset }: Page, total: number): Record<string, string> {
  const pages = Math.max(1, Math.ceil(total / limit));
  const page = Math.floor(offset / limit) + 1;
  const links = [link(requestUrl, "first", 1, limit), link(requestUrl, "last", pages, limit)];
  if (page > 1) links.push(link(requestUrl, "prev", Math.min(page - 1, pages), limit));
  if (page < pages) links.push(link(requestUrl, "next", page + 1, limit));
  return { "x-total-count": String(total), link: links.join(", ") };
}

function link(requestUrl: string, relation: string, page: number, size: number): string {
  const { pathname, searchParams } = new URL(requestUrl);
  searchParams.delete("skip");
  searchParams.delete("limit");
  searchParams.set("page", String(page));
  searchParams.set("size", String(size));
  // A path, not a host: behind a proxy we don't know by which name we are called.
  return `<${pathname}?${searchParams.toString()}>; rel="${relation}"`;
}
