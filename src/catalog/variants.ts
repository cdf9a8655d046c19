import { ShopError } from "../base/errors";
import { wordKey } from "../base/text";

/** The rules of products with variants: pure, so that writing, importing and showing agree. */

/** Text that a shopkeeper reads: `Size and Colour`. */
export function namesOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * What was chosen, under the parent's names for it. Throws `invalid` where something is not said, or is said that can't be
 * chosen there.
 */
export function optionsFor(names: readonly string[], given: Readonly<Record<string, string>>): Record<string, string> {
  const byKey = new Map(Object.entries(given).map(([name, value]) => [wordKey(name), value]));
  const known = new Set(names.map(wordKey));
  const issues = [
    ...names
      .filter((name) => !byKey.has(wordKey(name)))
      .map((name) => ({ path: `options.${name}`, message: `Say which ${name}.`, code: "required" })),
    ...Object.keys(given)
      .filter((name) => !known.has(wordKey(name)))
      .map(() => ({ path: "options", message: `Choose ${namesOf(names)}, and nothing else.`, code: "unknown_option" })),
  ];
  if (issues.length > 0) {
    throw new ShopError("invalid", `A variant says ${namesOf(names)}, each once.`, { errors: issues });
  }
  return Object.fromEntries(names.map((name) => [name, (byKey.get(wordKey(name)) ?? "").replace(/\s+/g, " ")]));
}

/** Two variants with the same key are one and the same to a person: `small` and `Small `. */
export function optionsKeyOf(names: readonly string[], options: Readonly<Record<string, string>>): string {
  return JSON.stringify(names.map((name) => wordKey(options[name] ?? "")));
}

/** A variant's name, so that carts, mails and invoices need not look its parent up: `Kurta, M, Red`. */
export function variantName(
  parentName: string,
  names: readonly string[],
  options: Readonly<Record<string, string>>,
): string {
  return [parentName, ...names.map((name) => options[name] ?? "")].join(", ");
}

/** A slug for a variant that was given none. */
export function variantSlug(parentSlug: string, options: Readonly<Record<string, string>>): string {
  const words = Object.values(options)
    .map(wordKey)
    .join("-")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${parentSlug}-${words || "variant"}`.slice(0, 180);
}

/** Says of a product that can't be bought what has to be chosen first. */
export function variantRequired({ name, option_names }: { name: string; option_names: readonly string[] }): ShopError {
  return new ShopError(
    "variant_required",
    `Choose ${namesOf(option_names)} of ${name} first: put the variant that is wanted into the cart.`,
    { errors: [{ path: "product_id", message: `Choose ${namesOf(option_names)}.`, code: "variant_required" }] },
  );
}
