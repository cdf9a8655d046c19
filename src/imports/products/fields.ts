import { FILE_COLUMNS } from "../../catalog/file-columns";

/** Fields by the names that the shop has for them: what `--map` takes, and what its own files have for headings. */
const OWN_FIELDS = [...FILE_COLUMNS, "options", "attributes"] as const;

/** The same, and one attribute or option by its name. */
export const isOwnField = (field: string): boolean =>
  OWN_FIELDS.some((own) => own === field) || /^(attr|option)\.\S/.test(field);

/** Beside them, for tables of any kind: what becomes one of them with what else stands in the row. */
const EXTRA = new Set(["handle", "tags", "sale_price", "images", "variant_image", "weight", "weight_unit", "in_stock"]);

export const canBeMapped = (field: string): boolean => isOwnField(field) || EXTRA.has(field);

export const MAPPABLE = [...OWN_FIELDS, ...EXTRA, "attr.<name>", "option.<name>"].join(", ");

const NUMERIC = /^(price|price\..+|compare_at_price|sale_price|stock|weight|weight_grams|low_stock_at|discount_.+)$/;
export const isNumeric = (field: string): boolean => NUMERIC.test(field);

/** A heading as it is compared: small letters, one space between words, nothing invisible. */
export function headingKey(heading: string): string {
  return heading
    .replace(/[\ufeff\u200b\u00a0]/g, " ")
    .trim()
    .toLowerCase()
    .replace(/\s+/g, " ");
}

/** The same without a star, a sign of number, and what stands in brackets: `Name *`, `Active (0/1)`, `Weight (kg)`. */
export const plainHeading = (heading: string): string =>
  headingKey(heading)
    .replace(/\([^)]*\)/g, "")
    .replace(/[*#]/g, "")
    .trim()
    .replace(/\s+/g, " ");

/** How one column of a file is understood. */
export interface MappedColumn {
  heading: string;
  /** What it says; null where it is passed over. */
  field: string | null;
  /** Why it is understood so. */
  reason: string;
}
