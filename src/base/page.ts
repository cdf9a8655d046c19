import { z } from "zod";
import { LARGEST_ID, wholeNumberText } from "./fields";

/** Which part of a list is asked for. */
export interface Page {
  limit: number;
  offset: number;
}

/** A part of a list, and how many there are in all. */
export interface Listed<Item> {
  items: Item[];
  total: number;
}

const LARGEST_SIZE = 100;
const DEFAULT_SIZE = 20;

/** The query of every list: `page` and `size`, or the older `skip` and `limit`. */
export const pageQuery = {
  page: wholeNumberText(1, LARGEST_ID).optional().meta({ default: 1 }),
  size: wholeNumberText(1, LARGEST_SIZE).optional().meta({ default: DEFAULT_SIZE }),
  skip: wholeNumberText(0, LARGEST_ID).optional().meta({ description: "Instead of `page`: how many to leave out" }),
  limit: wholeNumberText(1, LARGEST_SIZE).optional().meta({ description: "Instead of `size`" }),
};

export const PageQuery = z.strictObject(pageQuery);

export type PageQuery = z.infer<typeof PageQuery>;

/** Where the list was asked for by `skip`, `page` is the one that its first row stands on. */
export function pageOf({ page, size, skip, limit }: PageQuery): Page & { page: number; size: number } {
  const rows = size ?? limit ?? DEFAULT_SIZE;
  const offset = page === undefined ? (skip ?? 0) : (page - 1) * rows;
  return { limit: rows, offset, page: page ?? Math.floor(offset / rows) + 1, size: rows };
}
