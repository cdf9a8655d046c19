import { z } from "zod";
import { pageQuery } from "../base/page";
import { text, wholeNumberText } from "../base/fields";

/** What somebody searches for. Nothing in it can be wrong, so only its length is limited. */
export const searched = z.string().min(1).max(500);

export const SearchQuery = z.strictObject({
  q: searched,
  category: text(100).optional(),
  ...pageQuery,
});

export const SuggestionQuery = z.strictObject({ q: searched, limit: wholeNumberText(1, 100).optional() });
