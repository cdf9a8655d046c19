import { z } from "zod";
import { Amount } from "../base/money";
import { Id, JsonObject, Moment, NewJsonObject, TaxClass, text, words } from "../base/fields";
import { wordKey } from "../base/text";
import { MOST_UNITS } from "../stock/schema";

export const Slug = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "Use letters, digits, dots, hyphens and underscores.");

/** What can still be bought. */
export const StockCount = z.int().min(0).max(MOST_UNITS);

const OptionNames = z.array(z.string());
const Options = z.record(z.string(), z.string());

/** At most so many things are to be chosen of one product, and so many variants come of it. */
const OPTIONS_MOST = 5;
export const VARIANTS_MOST = 250;

export const Product = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    category: z.string(),
    description: z.string().nullable(),
    price: z
      .number()
      .meta({ description: "In major units, such as 40.5. Of a product with variants, the lowest of theirs" }),
    compare_at_price: z
      .number()
      .nullable()
      .meta({ description: "What it cost before its sale, to be shown crossed out; null where it is in none" }),
    stock: z
      .int()
      .meta({ description: "What can still be bought. Of a product with variants, of all of them together" }),
    image_url: z.string().nullable(),
    attributes: JsonObject,
    parent_id: Id.nullable().meta({ description: "The product of which this is a variant" }),
    sku: z.string().nullable().meta({ description: "The shop's own code for it" }),
    barcode: z.string().nullable(),
    option_names: OptionNames.meta({
      description: "What is to be chosen before it can be bought; empty where nothing is",
    }),
    options: Options.meta({ description: "What was chosen in this variant, by the names of its parent's options" }),
    highest_price: z.number().meta({ description: "What the dearest variant costs; without variants, the price" }),
    tax_class: z.string(),
    weight_grams: z.int(),
    low_stock_at: z
      .int()
      .nullable()
      .meta({ description: "With how many units left to buy it counts as low; null: as STOCK_LOW_AT says" }),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: "Product" });

export type Product = z.infer<typeof Product>;

export const Variant = z
  .object({
    id: Id,
    sku: z.string().nullable(),
    options: Options,
    price: z.number(),
    compare_at_price: z.number().nullable(),
    stock: z.int().meta({ description: "What can still be bought" }),
    image_url: z.string().nullable(),
  })
  .meta({ id: "Variant" });

export type Variant = z.infer<typeof Variant>;

export const Image = z
  .object({
    id: Id,
    url: z.string().meta({ description: "The largest, at most 1200 pixels wide" }),
    width: z.int(),
    height: z.int(),
    alt: z.string().meta({ description: "What it shows, for those who can't see it" }),
    sizes: z.array(z.object({ width: z.int(), url: z.string() })).meta({ description: "For a `srcset`" }),
  })
  .meta({ id: "Image" });

export type Image = z.infer<typeof Image>;

export const ImageChange = z
  .strictObject({
    alt: text(500, 0).optional(),
    position: z
      .int()
      .min(0)
      .max(1_000)
      .optional()
      .meta({ description: "From 0; the first is the product's own picture" }),
  })
  .meta({ id: "ImageChange" });

export type ImageChange = z.infer<typeof ImageChange>;

/** A product by itself: what can be chosen of it is inside. */
export const ProductDetail = Product.extend({ variants: z.array(Variant), images: z.array(Image) }).meta({
  id: "ProductDetail",
});

export type ProductDetail = z.infer<typeof ProductDetail>;

/** The address of a picture: of the web or of this shop, and nothing that a browser would run, which passes over tabs and their like. */
const ImageUrl = text(2_000).refine(
  (url) => !/\p{Cc}/u.test(url) && (!/^\s*[a-z][a-z0-9+.-]*:/i.test(url) || /^https?:\/\//i.test(url)),
  "Give an address of the web, or a path.",
);

const NewOptionNames = z
  .array(words(50))
  .max(OPTIONS_MOST)
  .refine((names) => new Set(names.map(wordKey)).size === names.length, "Two options go by the same name.")
  .meta({ description: "What is to be chosen of it, such as Size and Colour: makes it a product with variants" });

const NewOptions = z
  .record(words(50), words(100))
  .meta({ description: "One value for each of the parent's options, such as { Size: M, Colour: Red }" });

const Code = words(100);

/** What may be given of every product. */
const given = {
  description: text(20_000, 0).nullish(),
  image_url: ImageUrl.nullish(),
  compare_at_price: Amount.nullish().meta({ description: "What it cost before its sale: more than its price" }),
  sku: Code.nullish().meta({ description: "The shop's own code for it: no other product has the same" }),
  barcode: Code.nullish().meta({ description: "Such as an EAN or UPC: no other product has the same" }),
  options: NewOptions.optional(),
  tax_class: TaxClass.optional(),
  weight_grams: z.int().min(0).max(MOST_UNITS).optional(),
  low_stock_at: StockCount.nullish().meta({
    description: "With how many units left to buy the shop is told; 0 for never, null for STOCK_LOW_AT",
  }),
};

export const NewProduct = z
  .strictObject({
    slug: Slug.optional().meta({ description: "Of a variant without one it is its parent's with what is chosen" }),
    name: words(500).optional().meta({ description: "A variant is called after its parent" }),
    category: words(100).optional().meta({ description: "A variant stands in its parent's" }),
    price: Amount.optional().meta({
      description: "In major units, such as 40.5. A variant without one costs what its parent does",
    }),
    stock: StockCount.default(0),
    attributes: NewJsonObject.default({}),
    ...given,
    option_names: NewOptionNames.optional(),
    parent_id: Id.optional().meta({
      description: "Makes it a variant of that product: its name, category, description and tax class are its parent's",
    }),
  })
  .check(({ value: { slug, name, category, price, parent_id, option_names, options }, issues }) => {
    const wrong = (path: string, message: string) =>
      issues.push({ code: "custom", path: [path], message, input: undefined });
    const isParent = option_names !== undefined && option_names.length > 0;
    if (parent_id === undefined) {
      for (const [field, value] of Object.entries({ slug, name, category })) {
        if (value === undefined) wrong(field, "This is missing.");
      }
    }
    if (price === undefined && parent_id === undefined && !isParent) wrong("price", "Say what it costs.");
    if (parent_id !== undefined && isParent) wrong("option_names", "A variant has no variants of its own.");
    if (parent_id !== undefined && options === undefined) wrong("options", "Say which variant it is.");
    if (parent_id === undefined && options !== undefined)
      wrong("options", "Only a variant has options: give its parent_id.");
  })
  .meta({ id: "NewProduct" });

/** What is to be added: a product of its own, or a variant, which needs no slug, name and category. */
export type NewProduct = z.infer<typeof NewProduct>;

/** One with a slug, a name and a category, as each product of its own has them. */
export type NamedProduct = NewProduct & { slug: string; name: string; category: string };

/** What the schema has looked at: only a variant may be without them. */
export const isNamed = (product: NewProduct): product is NamedProduct =>
  product.slug !== undefined && product.name !== undefined && product.category !== undefined;

/** What is absent stays. */
export const ProductChange = z
  .strictObject({
    slug: Slug.optional(),
    name: words(500).optional(),
    category: words(100).optional(),
    price: Amount.optional(),
    stock: StockCount.optional(),
    attributes: NewJsonObject.optional(),
    ...given,
    option_names: NewOptionNames.optional(),
    parent_id: Id.nullable().optional().meta({
      description: "With `options`, makes it a variant of that product; null makes it a product of its own again",
    }),
    image_id: Id.nullable().optional().meta({ description: "Of a variant: the picture of its parent that shows it" }),
  })
  .meta({ id: "ProductChange" });

export type ProductChange = z.infer<typeof ProductChange>;

export const Restoration = z
  .strictObject({ slug: Slug.optional().meta({ description: "Another slug, where its old one is taken" }) })
  .meta({ id: "Restoration" });

/** Which products of the catalog are asked for. */
/** What is still known of a product that was taken out of the catalog. */
export const DeletedLine = z
  .object({
    id: Id,
    name: z.string(),
    category: z.string(),
    parent_id: Id.nullable().meta({ description: "The product that it is a variant of" }),
    deleted_at: Moment.meta({ description: "When it was taken out" }),
  })
  .meta({ id: "DeletedLine" });

export type DeletedLine = z.infer<typeof DeletedLine>;
