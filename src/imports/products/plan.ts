import { ShopError } from "../../base/errors";
import { hasCurrencyDigits } from "../../base/money";
import { wordKey } from "../../base/text";
import { fieldIssues } from "../../base/validate";
import type { VersionedProduct } from "../../catalog/queries";
import { isNamed, type NamedProduct, NewProduct, ProductChange } from "../../catalog/schema";
import { optionsFor, optionsKeyOf } from "../../catalog/variants";
import type { Settings } from "../../shop/settings";
import type { Draft } from "./draft";
import type { Preview } from "./outcome";

/** What is to be done with a draft: pure, so that a dry run says what the real one does. */

export interface Parent {
  /** Undefined where it is yet to be made. */
  id: number | undefined;
  name: string;
  option_names: readonly string[];
}

/** Throws ShopError `invalid` for what is no product. */
export function newProductOf(
  draft: Draft,
  category: string,
  parent: Parent | undefined,
  settings: Settings,
): NamedProduct {
  const { options, option_names, compare_at_price, ...fields } = draft.fields;
  const isVariant = draft.kind === "variant";
  const given = {
    ...fields,
    slug: fields.slug ?? "variant",
    category,
    name: isVariant ? (parent?.name ?? "") : fields.name,
    ...(compare_at_price !== undefined && compare_at_price !== null && { compare_at_price }),
    ...(option_names && { option_names }),
    // Any number will do until it is known: only its being there is looked at.
    ...(isVariant && { parent_id: parent?.id ?? 1, options: optionsFor(parent?.option_names ?? [], options ?? {}) }),
  };
  const read = NewProduct.safeParse(given);
  if (!read.success) throw refusal(fieldIssues(read.error));
  const product = read.data;
  if (!isNamed(product)) throw new Error("The schema has let a product by without a name.");
  checkDigits(product, settings);
  return product;
}

/** What of a product is to change so that it is as the draft says; nothing of what the draft does not say. */
export function changeOf(
  draft: Draft,
  product: VersionedProduct,
  category: string | undefined,
  parent: Parent | undefined,
  settings: Settings,
): ProductChange {
  const { options, option_names, attributes, price, stock, slug, ...plain } = draft.fields;
  const isVariant = draft.kind === "variant";
  const change: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(plain)) {
    if (isVariant && OF_PARENT.has(field)) continue;
    if (value !== Reflect.get(product, field)) change[field] = value;
  }
  if (!isVariant && category !== undefined && wordKey(category) !== wordKey(product.category))
    change["category"] = category;
  if (draft.isSlugGiven && slug !== undefined && slug !== product.slug) change["slug"] = slug;
  if (draft.kind !== "parent") {
    if (price !== undefined && price !== product.price) change["price"] = price;
    if (stock !== undefined && stock !== product.stock) change["stock"] = stock;
  }
  if (attributes) {
    // One that is null is taken away.
    const merged = Object.fromEntries(
      Object.entries({ ...product.attributes, ...attributes }).filter(([, value]) => value !== null),
    );
    if (!Bun.deepEquals(merged, product.attributes)) change["attributes"] = merged;
  }
  if (option_names && !Bun.deepEquals(option_names, product.option_names)) {
    const isMore = option_names.some((name) => !product.option_names.some((known) => wordKey(known) === wordKey(name)));
    if (isMore || draft.isSlugGiven) change["option_names"] = option_names;
  }
  if (isVariant && parent) {
    const chosen = optionsFor(parent.option_names, options ?? product.options);
    const isOther = optionsKeyOf(parent.option_names, chosen) !== optionsKeyOf(parent.option_names, product.options);
    if (isOther || product.parent_id !== parent.id) change["options"] = chosen;
    if (product.parent_id !== parent.id) change["parent_id"] = parent.id ?? 1;
  }
  const read = ProductChange.safeParse(change);
  if (!read.success) throw refusal(fieldIssues(read.error));
  checkDigits(read.data, settings);
  return read.data;
}

/** What a variant has from its parent. */
const OF_PARENT = new Set(["name", "description", "tax_class"]);

function checkDigits(
  given: { price?: number | undefined; compare_at_price?: number | null | undefined },
  settings: Settings,
): void {
  for (const field of ["price", "compare_at_price"] as const) {
    const amount = given[field];
    if (typeof amount === "number" && !hasCurrencyDigits(amount, settings)) {
      throw refusal([{ path: field, message: `${amount} has more digits than the currency.` }]);
    }
  }
}

const refusal = (issues: readonly { path: string; message: string }[]) =>
  new ShopError("invalid", issues.map(({ path, message }) => `${path || "line"}: ${message}`).join(" "));

/** How a new product will be. */
export function previewOf(product: NamedProduct, draft: Draft): Preview {
  return {
    name: product.name,
    category: product.category,
    price: product.price ?? null,
    compare_at_price: product.compare_at_price ?? null,
    stock: draft.kind === "parent" ? null : product.stock,
    sku: product.sku ?? null,
    options: product.options ?? {},
  };
}

/** How a product will be that is there. */
export function previewAfter(product: VersionedProduct, change: ProductChange): Preview {
  const after = {
    ...product,
    ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
  };
  // What a change says is of the type of what it changes.
  const { name, category, price, compare_at_price, stock, sku, options } = after as VersionedProduct;
  return { name, category, price, compare_at_price, stock, sku, options };
}

/** `price 5 → 7, stock 1 → 9` */
export function changesText(product: VersionedProduct, change: ProductChange): string {
  return Object.entries(change)
    .map(([field, value]) => `${field} ${shown(Reflect.get(product, field))} → ${shown(value)}`)
    .join(", ");
}

const LONGEST_SHOWN = 40;

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
