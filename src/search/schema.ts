import { z } from "zod";
import { pageQuery } from "../base/page";
import { Product, productFilters, sorts, withAttributeFilters } from "../catalog/schema";
import { text, wholeNumberText } from "../base/fields";

/** What somebody searches for. Nothing in it can be wrong, so only its length is limited. */
export const searched = z.string().min(1).max(500);

export const SearchQuery = z.strictObject({
  q: searched,
  category: text(100).optional(),
  ...pageQuery,
});

export const SuggestionQuery = z.strictObject({ q: searched, limit: wholeNumberText(1, 100).optional() });

export const ProductPage = z
  .object({
    total: z.int(),
    page: z.int().meta({ description: "With `skip`, the page that the first of the items stands on" }),
    size: z.int(),
    items: z.array(Product),
  })
  .meta({ id: "ProductPage" });

const FacetValue = z
  .object({ value: z.string(), count: z.int() })
  .meta({ id: "FacetValue", description: "How many of the answers have this value" });

export type FacetValue = z.infer<typeof FacetValue>;

export const Facets = z
  .object({
    category: z.array(FacetValue),
    price: z.object({ min: z.number().nullable(), max: z.number().nullable() }),
    attributes: z
      .record(z.string(), z.array(FacetValue))
      .meta({ description: "Ask for one with `attr.<name>=<value>`. Counted over the newest five hundred at most." }),
  })
  .meta({ id: "Facets" });

export type Facets = z.infer<typeof Facets>;

export const ProductSearch = ProductPage.extend({
  facets: Facets,
  corrected_query: z
    .string()
    .nullable()
    .meta({ description: "What the words were taken for, where that is not what they say" }),
}).meta({ id: "ProductSearch" });

export const ProductQuery = withAttributeFilters({
  q: searched.optional(),
  ...pageQuery,
  ...productFilters,
  sort: z.enum(sorts).optional(),
});

export type ProductQuery = z.infer<typeof ProductQuery>;
