import { z } from "zod";
import { flagText, text } from "../base/fields";
import { inOrder } from "../base/ranges";

/** The two ends of what may be asked of prices. */
export const PRICES = ["min_price", "max_price"] as const;

const amountText = z
  .string()
  .regex(/^\d{1,8}(\.\d{1,3})?$/, "Give an amount such as 40 or 40.5.")
  .transform(Number)
  .meta({ type: "number", minimum: 0 });

export const productFilters = {
  category: text(100).optional(),
  min_price: amountText.optional(),
  max_price: amountText.optional(),
  in_stock: flagText.optional(),
};

export interface ProductFilter {
  category?: string | undefined;
  min_price?: number | undefined;
  max_price?: number | undefined;
  in_stock?: boolean | undefined;
  /** Attribute names and the values asked for. */
  attributes?: Record<string, string> | undefined;
}

export const sorts = ["price_asc", "price_desc", "newest", "name", "popular"] as const;

/** Attributes with such a name can be asked for, and are offered. */
export const ATTRIBUTE_NAME = /^[\p{L}\p{M}\p{N}_ .-]{1,64}$/u;

const isAttributeFilter = (key: string) => key.startsWith("attr.") && ATTRIBUTE_NAME.test(key.slice("attr.".length));

/** So many attributes may be asked for at once. */
const ATTRIBUTE_FILTERS_MOST = 8;

/** `attr.<name>=<value>` beside the fields that are named; anything else is refused like any unknown field. */
export const withAttributeFilters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .object(shape)
    .catchall(text(200))
    .check(inOrder(PRICES))
    .check(({ value, issues }) => {
      const others = Object.keys(value).filter((key) => !Object.hasOwn(shape, key));
      const unknown = others.filter((key) => !isAttributeFilter(key));
      if (unknown.length > 0) issues.push({ code: "unrecognized_keys", keys: unknown, input: value, path: [] });
      // Each is a condition of its own, and a facet that is counted without it.
      if (others.length - unknown.length > ATTRIBUTE_FILTERS_MOST) {
        const message = `Ask for at most ${ATTRIBUTE_FILTERS_MOST} attributes at once.`;
        issues.push({ code: "custom", message, input: value, path: ["attr"] });
      }
    });
