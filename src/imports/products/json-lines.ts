import { z } from "zod";
import { words } from "../../base/fields";
import { fieldIssues } from "../../base/validate";
import { ProductChange } from "../../catalog/schema";
import type { Families } from "./families";
import type { RowMeaning } from "./rows";

/** A product as a line of JSON has it: in the shape of POST /products, where a variant names its parent by slug or code. */
const JsonProduct = z
  .strictObject({ ...ProductChange.shape, parent: words(200).optional() })
  .omit({ parent_id: true, image_id: true });

/** Notes what a variant says of its family: the first time that a file is read. */
export function surveyJson(json: unknown, families: Families): void {
  const read = JsonProduct.safeParse(json);
  if (read.success && read.data.parent !== undefined)
    families.note(read.data.parent, Object.keys(read.data.options ?? {}));
}

export function draftOfJson(line: number, json: unknown, families: Families): RowMeaning {
  const read = JsonProduct.safeParse(json);
  if (!read.success) {
    const issues = fieldIssues(read.error).map(({ path, message }) => `${path || "line"}: ${message}`);
    return { problem: issues.join(" ") };
  }
  const { parent, category, options, option_names, stock, ...fields } = read.data;
  const keys = [fields.slug, fields.sku].filter((key) => typeof key === "string");
  const family = families.of(parent === undefined ? keys : [parent]);
  const names = option_names ?? (parent === undefined ? family?.optionNames : undefined) ?? [];
  const kind = parent !== undefined ? "variant" : names.length > 0 ? "parent" : "product";
  if (options && Object.keys(options).length > 0 && parent === undefined)
    return { problem: "options: Only a variant has options: say its parent." };
  return [
    {
      line,
      kind,
      keys,
      parent,
      isSlugGiven: fields.slug !== undefined,
      category: category === undefined ? undefined : [category],
      fields: Object.fromEntries(
        Object.entries({
          ...fields,
          ...(kind !== "parent" && { stock }),
          ...(kind === "variant" && { options: options ?? {} }),
          ...(kind === "parent" && { option_names: names }),
        }).filter(([, value]) => value !== undefined),
      ),
      notes: [],
    },
  ];
}
