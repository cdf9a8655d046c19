import { z } from "zod";
import { ShopError } from "./errors";
import { LARGEST_ID, wholeNumberText } from "./fields";

/** Which part of a list is asked for. */
export interface Page {
  limit: number;
  offset: number;
  /** Where a walk goes on, instead of an offset. */
  after?: Cursor;
}

/** A place in a list: what its order says of the row that stands there. */
export type Cursor = readonly (string | number)[];

/** A part of a list, and how many there are in all. */
export interface Listed<Item> {
  items: Item[];
  total: number;
  /** Whether there may be more: what no index knows is counted up to COUNTED_MOST. */
  total_is_at_least?: boolean;
  /** The place of the last item, where others may follow. */
  next?: Cursor;
}

/** Beyond this a list says "at least so many". */
export const COUNTED_MOST = 10_000;

const LARGEST_SIZE = 100;
const DEFAULT_SIZE = 20;
const LONGEST_CURSOR = 1_000;

/** The query of every list: `page` and `size`, or the older `skip` and `limit`. */
export const pageQuery = {
  page: wholeNumberText(1, LARGEST_ID).optional().meta({ default: 1 }),
  size: wholeNumberText(1, LARGEST_SIZE).optional().meta({ default: DEFAULT_SIZE }),
  skip: wholeNumberText(0, LARGEST_ID).optional().meta({ description: "Instead of `page`: how many to leave out" }),
  limit: wholeNumberText(1, LARGEST_SIZE).optional().meta({ description: "Instead of `size`" }),
  cursor: z.string().max(LONGEST_CURSOR).optional().meta({
    description:
      "Instead of `page`: goes on after the items that were seen, however the list changes meanwhile, and is as quick at its end as at its beginning. Empty at first; the `Link` of every answer names the next one",
  }),
};

export const PageQuery = z.strictObject(pageQuery);

export type PageQuery = z.infer<typeof PageQuery>;

/** Where the list was asked for by `skip`, `page` is the one that its first row stands on. */
export function pageOf({ page, size, skip, limit, cursor }: PageQuery): Page & { page: number; size: number } {
  const rows = size ?? limit ?? DEFAULT_SIZE;
  if (cursor) return { limit: rows, offset: 0, after: readCursor(cursor), page: 1, size: rows };
  const offset = page === undefined ? (skip ?? 0) : (page - 1) * rows;
  return { limit: rows, offset, page: page ?? Math.floor(offset / rows) + 1, size: rows };
}

/** A place as it stands in an address. */
export const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function readCursor(text: string): Cursor {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(place) && place.every((part) => typeof part === "string" || typeof part === "number"))
      return place;
  } catch {
    // Refused below, as what is no list.
  }
  throw noCursor();
}

/** What a part of a place is. */
export type Part = "id" | "amount" | "text";

const fits: Record<Part, (part: string | number | undefined) => boolean> = {
  id: (part) => Number.isInteger(part) && Number(part) >= 0 && Number(part) <= LARGEST_ID,
  amount: (part) => Number.isSafeInteger(part),
  // PostgreSQL takes no NUL, and neither engine half a character.
  text: (part) => typeof part === "string" && part.isWellFormed() && !part.includes("\0"),
};

/** Where the walk goes on, if it is a walk. Throws `invalid` for a place in a list of another order. */
export function placeIn({ after }: Page, parts: readonly Part[]): Cursor | undefined {
  if (after && !(after.length === parts.length && parts.every((part, at) => fits[part](after[at])))) throw noCursor();
  return after;
}

const noCursor = () =>
  new ShopError("invalid", "The cursor is none of this list.", {
    errors: [{ path: "cursor", message: "is none that this list has given", code: "custom" }],
  });
