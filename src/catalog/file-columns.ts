/**
 * The columns of the catalog as a file of the shop's own: exports write them, imports take them in. Beside them a file has a
 * column for each common attribute and option.
 */
export const FILE_COLUMNS = [
  "slug",
  "parent",
  "name",
  "category",
  "description",
  "price",
  "compare_at_price",
  "stock",
  "sku",
  "barcode",
  "image_url",
  "tax_class",
  "weight_grams",
  "low_stock_at",
  "option_names",
] as const;
