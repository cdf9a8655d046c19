import { z } from "zod";
import { pageQuery } from "../base/page";
import { Product } from "../catalog/schema";
import { productFilters, sorts, withAttributeFilters } from "../catalog/filter-schema";
import { flagText, Id, idList, LARGEST_ID, Moment, text, wholeNumberText, words } from "../base/fields";

/** What a customer searches for. Nothing in it can be wrong, so only its length is limited. */
const searched = z.string().min(1).max(500);

const HIGHLIGHT = "Whether names and descriptions are also given with the words searched for marked";

export const SearchQuery = z.strictObject({
  q: searched,
  category: text(100).optional(),
  highlight: flagText.optional().meta({ description: HIGHLIGHT }),
  ...pageQuery,
});

export const SuggestionQuery = z.strictObject({
  q: searched,
  limit: wholeNumberText(1, 100).optional(),
  detail: flagText.optional().meta({ description: "Whether each suggestion says what it is, and of which product" }),
});

export const Suggestion = z
  .object({
    text: z.string(),
    kind: z.enum(["product", "category", "brand"]),
    id: Id.nullable().meta({ description: "The product's; none of a category or brand" }),
  })
  .meta({ id: "Suggestion" });

/** Texts alone unless `detail` is asked for. */
export const Suggestions = z.union([z.array(z.string()), z.array(Suggestion)]).meta({ id: "Suggestions" });

export type Suggestion = z.infer<typeof Suggestion>;

/** What a search says of a product beside the product. */
const foundFields = {
  relaxed: z
    .literal(true)
    .optional()
    .meta({ description: "It does not answer the whole search. Answers that do come before it, whatever the order." }),
  matched_words: z
    .array(z.string())
    .optional()
    .meta({ description: "Of a relaxed answer: which of the words that were searched for it has" }),
  highlight: z
    .object({ name: z.string(), description: z.string().nullable() })
    .optional()
    .meta({ description: "With `highlight=true`: HTML in which the words searched for are marked with `<mark>`" }),
};

export type FoundProduct = z.infer<z.ZodObject<typeof foundFields>>;

export const FoundProduct = Product.extend(foundFields).meta({ id: "FoundProduct" });

export const ProductPage = z
  .object({
    total: z.int(),
    total_is_at_least: z
      .boolean()
      .meta({ description: "Whether there are more: what no index counts is counted up to ten thousand" }),
    page: z.int().meta({ description: "With `skip`, the page that the first of the items stands on" }),
    size: z.int(),
    items: z.array(FoundProduct),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: "The `cursor` that goes on from here; null at the end, and by relevance" }),
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
    attributes: z.record(z.string(), z.array(FacetValue)).meta({
      description: "Ask for one with `attr.<name>=<value>`, for either of two with `attr.<name>=<one>,<other>`.",
    }),
  })
  .meta({
    id: "Facets",
    description:
      "What the answers have in common. Each is counted without its own filter; looser answers are not counted.",
  });

export type Facets = z.infer<typeof Facets>;

export const ProductSearch = ProductPage.extend({
  facets: Facets,
  corrected_query: z
    .string()
    .nullable()
    .meta({ description: "What the words were taken for, where that is not what they say" }),
  did_you_mean: z
    .string()
    .nullable()
    .meta({ description: "What may have been meant; too unsure to be searched for without being asked" }),
  asked_price: z.object({ min: z.number().nullable(), max: z.number().nullable() }).nullable().meta({
    description:
      "The price that the words ask for, such as `rice under 500`: the answers have it, unless all are relaxed since nothing has",
  }),
  facets_estimated: z.boolean().meta({
    description: "Whether facets were counted over the newest ten thousand answers alone, since there are more",
  }),
  total_exact: z.int().meta({
    description: "How many products answer the whole search, up to ten thousand; they come first in every order",
  }),
  relaxed_from: z
    .int()
    .nullable()
    .meta({ description: "The place in the list, from 0, from which products do not answer the whole search" }),
  matched_words: z.array(z.string()).meta({ description: "The words that all of the leading answers have" }),
  ignored_words: z.array(z.string()).meta({ description: "The words that no product has, however they are read" }),
}).meta({ id: "ProductSearch" });

export const WhyQuery = z.strictObject({ q: searched, product_id: wholeNumberText(1, LARGEST_ID) });

const WordReason = z
  .object({
    word: z.string().meta({ description: "As it was typed" }),
    taken_for: z.string().nullable().meta({ description: "The word that it was repaired to" }),
    products: z.int().meta({ description: "How many products have it, counted up to two thousand" }),
    matched_by: z
      .enum(["word", "beginning", "repair", "synonym", "neighbours"])
      .nullable()
      .meta({ description: "As what this product has it; null where it has it not" }),
    as: z.string().nullable().meta({ description: "The form of the word that the product has" }),
    fields: z.array(
      z.object({ field: z.enum(["name", "brand", "category", "description", "attributes"]), times: z.int() }),
    ),
    says_what_it_is: z.boolean().meta({
      description:
        "Whether the name ends with it, as in `Hybrid Tomato, 500 g`, or the category alone: `Fresh Vegetables`",
    }),
    relevance: z.number().meta({ description: "What it adds to the relevance" }),
  })
  .meta({ id: "WordReason" });

export type WordReason = z.infer<typeof WordReason>;

export const SearchReason = z
  .object({
    product_id: Id.meta({ description: "Of a variant, its parent's: that is what searches find" }),
    name: z.string(),
    place: z.int().nullable().meta({
      description: "Its place by relevance, from 1; null where it is not found, or comes after those that are ranked",
    }),
    answers: z.enum(["whole", "part", "no"]).meta({ description: "Whether it answers the whole search" }),
    because: z.string().meta({ description: "The same for a person" }),
    total_exact: z.int(),
    corrected_query: z.string().nullable(),
    words: z.array(WordReason),
    score: z
      .object({
        exact: z
          .boolean()
          .meta({ description: "Its whole name or code is what was searched for: then it comes first" }),
        words: z.number().meta({ description: "The sum of what the words add" }),
        side_by_side: z.number().meta({ description: "What that is multiplied by because they stand side by side" }),
        sells_and_in_stock: z.number().meta({ description: "What that is multiplied by, 1.1 at most" }),
        total: z.number(),
        of_the_first: z.number().nullable().meta({ description: "The score of what comes first" }),
      })
      .nullable()
      .meta({ description: "Null where it is not found" }),
  })
  .meta({ id: "SearchReason" });

export type SearchReason = z.infer<typeof SearchReason>;

export const ProductQuery = withAttributeFilters({
  q: searched.optional(),
  ...pageQuery,
  ...productFilters,
  sort: z.enum(sorts).optional(),
  highlight: flagText.optional().meta({ description: HIGHLIGHT }),
  ids: idList.optional().meta({
    description:
      "These products alone, such as 7,3,12, in this order, variants too; with it nothing else may be asked for",
  }),
});

export type ProductQuery = z.infer<typeof ProductQuery>;

/** What was searched and not found. */
export const Miss = z
  .object({ words: z.string(), times: z.int(), missed_at: Moment.meta({ description: "The last time" }) })
  .meta({ id: "Miss" });

export type Miss = z.infer<typeof Miss>;

/** What is said in several ways. */
export const Synonyms = z
  .object({
    phrases: z.array(z.string()).meta({ description: "Whoever searches for one of these finds the others" }),
    finds: z.array(z.string()).meta({ description: "And these, without the way back" }),
  })
  .meta({ id: "Synonyms" });

export type Synonyms = z.infer<typeof Synonyms>;

const phrases = z.array(words(200)).max(50);

export const NewSynonyms = z
  .strictObject({ phrases: phrases.min(1), finds: phrases.default([]) })
  .meta({ id: "NewSynonyms", example: { phrases: ["sofa", "couch"] } });

export const ProposedSynonym = z
  .object({
    asked: z.string().meta({ description: "What was searched in vain" }),
    finds: z.string().meta({ description: "What was meant, as the next search says" }),
    times: z.int(),
  })
  .meta({ id: "ProposedSynonym" });

export type ProposedSynonym = z.infer<typeof ProposedSynonym>;
