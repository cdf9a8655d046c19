import type { DetailedProduct } from "../../src/catalog/detail";
import { table } from "../table";

export function productText(product: DetailedProduct): string {
  const {
    id,
    name,
    category,
    price,
    highest_price,
    compare_at_price,
    stock,
    sku,
    barcode,
    slug,
    images,
    low_stock_at,
    description,
    attributes,
    options,
    tax_class,
    weight_grams,
  } = product;
  const known = Object.entries({ ...options, ...attributes }).map(
    ([of, value]) => `${of} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const lines = [
    `${id}  ${name}`,
    `  slug ${slug} · category ${category}`,
    `  ${highest_price > price ? `${price} to ${highest_price}` : price}${compare_at_price === null ? "" : ` (was ${compare_at_price})`} · ${stock} to sell`,
    ...(sku === null ? [] : [`  sku ${sku}`]),
    ...(barcode === null ? [] : [`  barcode ${barcode}`]),
    ...(low_stock_at === null ? [] : [`  low with ${low_stock_at} left`]),
    ...(known.length === 0 ? [] : [`  ${known.join(", ")}`]),
    ...(tax_class === "standard" ? [] : [`  taxed as ${tax_class}`]),
    ...(weight_grams === 0 ? [] : [`  weighs ${weight_grams} g`]),
    ...(description ? [`  ${description}`] : []),
    ...(images.length === 0 ? [] : [`  pictures: ${images.map((image) => image.id).join(", ")}`]),
  ];
  return product.variants.length === 0 ? lines.join("\n") : `${lines.join("\n")}\n${variantsText(product)}`;
}

export function variantsText({ option_names, variants }: DetailedProduct): string {
  const rows = variants.map(({ id, options, sku, price, stock }) => [
    id,
    ...option_names.map((name) => options[name] ?? ""),
    sku ?? "-",
    price,
    stock,
  ]);
  return table(["ID", ...option_names.map((name) => name.toUpperCase()), "SKU", "PRICE", "STOCK"], rows);
}

export const PRODUCT = "<product>";
export const NAMED = "its id, slug, sku or barcode";
