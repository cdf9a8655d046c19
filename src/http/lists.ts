import { type Listed, type Page, type PageQuery, pageOf } from "../base/page";
import { type Arrival, arrivalOf } from "./arrival";

/** What a list reads of a call, and where it writes its headers. */
interface ListCall {
  request: Request;
  set: { headers: Record<string, string | number | string[] | undefined> };
}

/** The page that the query asks for, as a bare array. Its headers say how many there are, and where the other pages are. */
export async function answerPage<Item>(
  { query, request, set }: ListCall & { query: PageQuery },
  read: (page: Page) => Promise<Listed<Item>>,
): Promise<Item[]> {
  const page = pageOf(query);
  const { items, total } = await read(page);
  Object.assign(set.headers, listHeaders(arrivalOf(request), page, total));
  return items;
}

/** The same for a list that always comes whole: it is its own first and last page. */
export function answerWhole<Item>({ request, set }: ListCall, items: Item[]): Item[] {
  Object.assign(set.headers, wholeListHeaders(arrivalOf(request), items.length));
  return items;
}

/** The headers of a list that is a bare array: how many there are in all, and where the other pages are. */
function listHeaders(arrival: Arrival, { limit, offset }: Page, total: number): Record<string, string> {
  // Who skips may start between two pages, and goes on from there.
  const start = offset % limit;
  const last = total > start ? total - 1 - ((total - 1 - start) % limit) : 0;
  const links = [link(arrival, "first", 0, limit), link(arrival, "last", last, limit)];
  if (offset > 0) links.push(link(arrival, "prev", Math.min(Math.max(0, offset - limit), last), limit));
  if (offset + limit < total) links.push(link(arrival, "next", offset + limit, limit));
  return { "x-total-count": String(total), link: links.join(", ") };
}

function link({ path, query }: Arrival, relation: string, offset: number, limit: number): string {
  const fields = new URLSearchParams(query);
  // In the words in which it was asked, which pageOf reads alike.
  const skips = fields.has("skip") && !fields.has("page");
  const wanted = skips ? { skip: offset, limit } : { page: offset / limit + 1, size: limit };
  for (const name of ["page", "size", "skip", "limit"]) if (!(name in wanted)) fields.delete(name);
  for (const [name, value] of Object.entries(wanted)) fields.set(name, String(value));
  // A path, not a host: behind a proxy we don't know by which name we are called.
  return `<${path}?${fields.toString()}>; rel="${relation}"`;
}

function wholeListHeaders({ path, query }: Arrival, total: number): Record<string, string> {
  const address = query === "" ? path : `${path}?${query}`;
  const links = ["first", "last"].map((relation) => `<${address}>; rel="${relation}"`);
  return { "x-total-count": String(total), link: links.join(", ") };
}
