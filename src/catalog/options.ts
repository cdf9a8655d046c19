import { ShopError } from "../base/errors";
import { wordKey } from "../base/text";
import { setIsSum } from "../stock/queries";
import type { Transaction } from "../storage/database";
import type { VersionedProduct } from "./queries";
import { listVariants, type VariantRow } from "./variant-queries";
import { namesOf, optionsKeyOf } from "./variants";
import { type ProductRecord, updateProduct } from "./write-queries";

/**
 * Gives a product other options. A new one names the value for the variants that are there, in `values`; one that goes
 * must leave no two variants alike. Throws `invalid` for a value that is missing and `conflict` for variants that would be
 * one and the same.
 */
export async function restructure(
  tx: Transaction,
  parent: VersionedProduct,
  names: readonly string[],
  values: Record<string, string> | undefined,
  now: string,
): Promise<Partial<ProductRecord>> {
  const variants = await listVariants(tx, parent.id);
  if (names.length === 0) {
    if (variants.length > 0) throw new ShopError("conflict", "It has variants: take them out first.");
    if (parent.option_names.length > 0) await setIsSum(tx, parent.id, false);
    return { option_names: null, highest_minor: null };
  }
  const valueOf = optionValues(parent, names, values ?? {}, variants.length > 0);
  const next = variants.map((variant) => {
    const options = Object.fromEntries(names.map((name) => [name, valueOf(variant, name)]));
    return { id: variant.id, options, options_key: optionsKeyOf(names, options) };
  });
  if (new Set(next.map(({ options_key }) => options_key)).size < next.length) {
    throw new ShopError(
      "conflict",
      "Without that option two variants would be one and the same. Take one of them out first.",
    );
  }
  // Two may swap their keys: none stands in the other's way.
  for (const { id } of next) await updateProduct(tx, id, { options_key: `~${id}` }, now);
  for (const { id, ...variant } of next) await updateProduct(tx, id, variant, now);
  return { option_names: names };
}

function optionValues(
  parent: VersionedProduct,
  names: readonly string[],
  values: Record<string, string>,
  needed: boolean,
): (variant: VariantRow, name: string) => string {
  const before = new Map(parent.option_names.map((name) => [wordKey(name), name]));
  const given = new Map(Object.entries(values).map(([name, value]) => [wordKey(name), value]));
  const missing = names.filter((name) => !before.has(wordKey(name)) && !given.has(wordKey(name)));
  if (needed && missing.length > 0) {
    const message = `Say in options which ${namesOf(missing)} the variants have that are there.`;
    throw new ShopError("invalid", message, {
      errors: missing.map((name) => ({ path: `options.${name}`, message, code: "required" })),
    });
  }
  return ({ options }, name) => options[before.get(wordKey(name)) ?? ""] ?? given.get(wordKey(name)) ?? "";
}
