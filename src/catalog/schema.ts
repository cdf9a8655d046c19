import { z } from "zod";
import { Amount } from "../base/money";
import { Id, JsonObject, Moment, NewJsonObject, text } from "../base/fields";
import { MOST_UNITS } from "../stock/schema";

const Slug = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "Use letters, digits, dots, hyphens and underscores.");

/** What can still be bought. */
const StockCount = z.int().min(0).max(MOST_UNITS);

export const Product = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    category: z.string(),
    description: z.string().nullable(),
    price: z.number().meta({ description: "In major units, such as 40.5" }),
    stock: z.int().meta({ description: "What can still be bought" }),
    image_url: z.string().nullable(),
    attributes: JsonObject,
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: "Product" });

export type Product = z.infer<typeof Product>;

export const NewProduct = z
  .strictObject({
    slug: Slug,
    name: text(500),
    category: text(100),
    description: text(20_000, 0).nullish(),
    price: Amount,
    stock: StockCount.default(0),
    image_url: text(2_000).nullish(),
    attributes: NewJsonObject.default({}),
  })
  .meta({ id: "NewProduct" });

export type NewProduct = z.infer<typeof NewProduct>;

/** What is absent stays. */
export const ProductChange = z
  .strictObject({
    slug: Slug.optional(),
    name: text(500).optional(),
    category: text(100).optional(),
    description: text(20_000, 0).nullish(),
    price: Amount.optional(),
    stock: StockCount.optional(),
    image_url: text(2_000).nullish(),
    attributes: NewJsonObject.optional(),
  })
  .meta({ id: "ProductChange" });

export type ProductChange = z.infer<typeof ProductChange>;

export const Category = z.object({ category: z.string(), count: z.int() }).meta({ id: "Category" });

export type Category = z.infer<typeof Category>;

const amountText = z
  .string()
  .regex(/^\d{1,8}(\.\d{1,3})?$/, "Give an amount such as 40 or 40.5.")
  .transform(Number)
  .meta({ type: "number", minimum: 0 });

const flagText = z
  .enum(["true", "false"])
  .transform((word) => word === "true")
  .meta({ type: "boolean" });

/** Which products of the catalog are asked for. */
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

/** `attr.<name>=<value>` beside the fields that are named; anything else is refused like any unknown field. */
export const withAttributeFilters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .object(shape)
    .catchall(text(200))
    .check(({ value, issues }) => {
      const unknown = Object.keys(value).filter((key) => !(key in shape) && !isAttributeFilter(key));
      if (unknown.length > 0) issues.push({ code: "unrecognized_keys", keys: unknown, input: value, path: [] });
    });
