import { type Cursor, type Listed, type Page, type PageQuery, pageOf, writeCursor } from "../base/page";
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
  const listed = await read(page);
  const arrival = arrivalOf(request);
  const links = query.cursor === undefined ? pageLinks(arrival, page, listed) : [firstOfWalk(arrival)];
  Object.assign(set.headers, {
    "x-total-count": String(listed.total),
    ...(listed.total_is_at_least && { "x-total-is-at-least": "true" }),
    link: [...links, ...walkLinks(arrival, query, listed.next)].join(", "),
  });
  return listed.items;
}

/** Where a walk through a list goes on, for a list that is part of an object. */
export function linkWalk({ query, request, set }: ListCall & { query: PageQuery }, next: Cursor | undefined): void {
  const links = walkLinks(arrivalOf(request), query, next);
  if (links.length > 0) set.headers["link"] = links.join(", ");
}

/** The same for a list that always comes whole: it is its own first and last page. */
export function answerWhole<Item>({ request, set }: ListCall, items: Item[]): Item[] {
  Object.assign(set.headers, wholeListHeaders(arrivalOf(request), items.length));
  return items;
}

/** Where the other pages are. Of a list that was not counted to its end, the last one is not known. */
function pageLinks(
  arrival: Arrival,
  { limit, offset }: Page,
  { total, total_is_at_least = false, items }: Listed<unknown>,
): string[] {
  // A caller who skips may start between two pages, and goes on from there.
  const start = offset % limit;
  const last = total > start ? total - 1 - ((total - 1 - start) % limit) : 0;
  const links = [link(arrival, "first", 0, limit)];
  if (!total_is_at_least) links.push(link(arrival, "last", last, limit));
  if (offset > 0) {
    const before = Math.max(0, offset - limit);
    links.push(link(arrival, "prev", total_is_at_least ? before : Math.min(before, last), limit));
  }
  if (total_is_at_least ? items.length === limit : offset + limit < total) {
    links.push(link(arrival, "next", offset + limit, limit));
  }
  return links;
}

function link(arrival: Arrival, relation: string, offset: number, limit: number): string {
  const fields = new URLSearchParams(arrival.query);
  // In the words in which it was asked, which pageOf reads alike.
  const skips = fields.has("skip") && !fields.has("page");
  const wanted = skips ? { skip: offset, limit } : { page: offset / limit + 1, size: limit };
  return linkTo(arrival, relation, wanted, ["page", "size", "skip", "limit"]);
}

/** The next step of a walk; a page has the pages beside it. */
function walkLinks(arrival: Arrival, { cursor }: PageQuery, next: Cursor | undefined): string[] {
  return cursor === undefined || !next ? [] : [linkTo(arrival, "next", { cursor: writeCursor(next) }, PLACES)];
}

const firstOfWalk = (arrival: Arrival): string => linkTo(arrival, "first", { cursor: "" }, PLACES);

/** What says where in a list one is. */
const PLACES = ["page", "skip", "cursor"];

function linkTo(
  { path, prefix, query }: Arrival,
  relation: string,
  wanted: Record<string, string | number>,
  without: readonly string[],
): string {
  const fields = new URLSearchParams(query);
  for (const name of without) if (!(name in wanted)) fields.delete(name);
  for (const [name, value] of Object.entries(wanted)) fields.set(name, String(value));
  // A path, not a host: behind a proxy we don't know by which name we are called.
  return `<${prefix}${path}?${fields.toString()}>; rel="${relation}"`;
}

function wholeListHeaders({ path, prefix, query }: Arrival, total: number): Record<string, string> {
  const address = query === "" ? `${prefix}${path}` : `${prefix}${path}?${query}`;
  const links = ["first", "last"].map((relation) => `<${address}>; rel="${relation}"`);
  return { "x-total-count": String(total), link: links.join(", ") };
}
