import { wordKey } from "../../base/text";
import { BadCell, type Cells } from "./cells";
import type { Program } from "./programs";

/** What products have that is no field of theirs: attributes, and what is chosen in a variant. */

/** `without` are the names of what is chosen of the product: in a parent they are its options. */
export function attributesOf(
  cells: Cells,
  program: Program | undefined,
  without: readonly string[],
): Record<string, unknown> | undefined {
  const options = new Set(without.map(wordKey));
  const attributes: Record<string, unknown> = {
    ...jsonOf(cells),
    ...Object.fromEntries(cells.under("attr.")),
    ...Object.fromEntries(
      [
        ...numbered(cells, "attribute"),
        ...pairsIn(cells.text("additional_attributes"), /,(?=[a-z0-9_]+=)/, "="),
        ...pairsIn(cells.text("custom_fields"), ";", "="),
        ...cells
          .all("features")
          .flatMap((cell) =>
            pairsIn(cell, ",", ":").map(([name, value]): [string, string] => [name, value.split(":")[0] ?? ""]),
          ),
        ...cells.all("facets").flatMap((cell) => facetsIn(cell).filter(([name]) => name !== "category")),
      ].filter(([name]) => !PASSED_OVER.has(name) && !options.has(wordKey(name))),
    ),
    ...(program && cells.text("tags") !== undefined && { tags: cells.all("tags").join(", ") }),
  };
  const isSaid = Object.keys(attributes).length > 0;
  return isSaid ? attributes : undefined;
}

export const facetsIn = (cell: string): [string, string][] =>
  cell.split("|").flatMap((facet): [string, string][] => {
    const [name = "", ...value] = facet.split(":");
    return value.length > 0 ? [[name.trim(), value.join(":").trim()]] : [];
  });

/** What Magento writes among the attributes of every product, and is none. */
const PASSED_OVER = new Set([
  "has_options",
  "required_options",
  "quantity_and_stock_status",
  "shipment_type",
  "msrp_display_actual_price_type",
  "",
]);

function jsonOf(cells: Cells): Record<string, unknown> {
  const said = cells.raw("attributes");
  if (said === undefined) return {};
  const value = jsonIn(said);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new BadCell("attributes", "This is not a JSON object.");
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `attribute1.name` with `attribute1.value`, in their order. */
function numbered(cells: Cells, kind: string): [name: string, value: string][] {
  return [...cells.under(kind)]
    .filter(([rest]) => /^\d+\.name$/.test(rest))
    .map(([rest, name]): [string, string] => [name.trim(), cells.text(`${kind}${rest.replace("name", "value")}`) ?? ""])
    .filter(([, value]) => value !== "");
}

function pairsIn(cell: string | undefined, between: string | RegExp, sign: string): [string, string][] {
  if (cell === undefined) return [];
  return cell.split(between).flatMap((pair): [string, string][] => {
    const at = pair.indexOf(sign);
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
}

/** What a row says is to be chosen, by the names that it has for it; a name is blank where only the first row says it. */
export function choicesOf(cells: Cells, program: Program | undefined): [name: string, value: string][] {
  if (program?.name === "Vendure") {
    const names = cells.text("option_groups")?.split("|") ?? [];
    const values = cells.text("option_values")?.split("|") ?? [];
    return values.map((value, at): [string, string] => [names[at]?.trim() ?? "", value.trim()]);
  }
  const set = cells.text("option_set");
  if (set !== undefined || /^\[[A-Z]{1,3}\]/.test(cells.text("name") ?? ""))
    return optionSet(set ?? cells.text("name") ?? "");
  const plain = [...cells.under("option.")].map(([name, value]): [string, string] => [name, value.trim()]);
  if (plain.length > 0) return plain;
  if (cells.text("options") !== undefined)
    return Object.entries(jsonIn(cells.text("options") ?? "") ?? {}).map(([name, value]) => [name, String(value)]);
  if (program?.name === "WooCommerce") return numbered(cells, "attribute");
  return [...cells.under("option")]
    .filter(([rest]) => /^\d\.value$/.test(rest))
    .map(([rest, value]): [string, string] => [
      cells.text(`option${rest.replace("value", "name")}`) ?? "",
      value.trim(),
    ])
    .filter(([name, value]) => !isNoChoice(name, value));
}

/** What a product without variants has in place of options. */
const isNoChoice = (name: string, value: string) =>
  (/^(title|)$/i.test(name) && /^default( title)?$/i.test(value)) || /^default option( value)?$/i.test(value);

/** `[S]Size=Small,[RB]Color=Red`, and `Type=Rectangles|Name=Size|Value=S` one after the other. */
function optionSet(text: string): [string, string][] {
  const named = [...text.matchAll(/Name=([^|]+)\|Value=([^|[\]]+)/g)].map(
    ([, name = "", value = ""]): [string, string] => [name.trim(), value.trim()],
  );
  if (named.length > 0) return named;
  return pairsIn(text.replace(/\[[A-Z]{1,3}\]/g, ""), /,(?=[^,=]+=)/, "=").map(([name, value]) => [
    name,
    value.split(":")[0] ?? "",
  ]);
}

/** Whatever another variant of the family says, and this one leaves open. */
const ANY = "Any";

/** What is chosen in a variant, under the names of its family. */
export function optionsOf(
  cells: Cells,
  program: Program | undefined,
  names: readonly string[],
): Record<string, string> {
  const choices = choicesOf(cells, program);
  if (names.length === 0) return Object.fromEntries(choices);
  const named = new Map(choices.filter(([name]) => name !== "").map(([name, value]) => [wordKey(name), value]));
  const chosen = names.map((name, at): [string, string] => {
    const byPlace = choices[at]?.[0] === "" ? choices[at]?.[1] : undefined;
    return [name, named.get(wordKey(name)) ?? byPlace ?? ANY];
  });
  const strange = choices.filter(([name]) => name !== "" && !names.some((known) => wordKey(known) === wordKey(name)));
  return Object.fromEntries([...chosen, ...strange]);
}
