import { fold } from "../base/text";
import { SIGN } from "./amounts";
import { type Language, stemsOf } from "./stem";
import { indexedWords, tokensOf } from "./tokens";

/** What search needs to know of a product. */
export interface SearchDocument {
  product_id: number;
  name: string;
  category: string;
  description: string | null;
  attributes: Record<string, unknown>;
  /** Its own codes and those of its variants, beside those among the attributes. */
  codes?: readonly string[];
  /** What can be chosen of it: `M`, `Red`. */
  words?: readonly string[];
}

/** The columns of the index, the most telling first. */
export const FIELDS = ["name", "brand", "category", "description", "attributes"] as const;
export type Field = (typeof FIELDS)[number];
/** The fields that say what a product is, rather than what there is to say of it. */
export const HEAD_FIELDS: readonly Field[] = ["name", "brand", "category"];

/** A product as it stands in the index: the stems of each field in their order, with a space before and after each. */
export interface Document {
  product_id: number;
  fields: Record<Field, string>;
  /** The words themselves, for the vocabulary that misspellings are corrected to. */
  words: Set<string>;
}

export function documentOf(product: SearchDocument, languages: readonly Language[]): Document {
  const { product_id, name, category, description, attributes, codes = [], words: chosen = [] } = product;
  const { brand, ...others } = attributes;
  const words = new Set<string>();
  const stems = (text: string, withBreaks = false) => stemsIn(text, { languages, words, withBreaks });
  const signs = [nameSign(name), ...codesOf(product).map(codeSign)];
  const attributeText = [
    ...fieldsOf(others).map(([attribute, value]) => (value === true ? attribute.replaceAll("_", " ") : textOf(value))),
    ...codes,
    ...chosen,
  ].join(APART);
  const fields = {
    name: stems(name, true),
    brand: stems(textOf(brand)),
    category: stems(category),
    description: stems(description ?? ""),
    attributes: `${stems(attributeText)}${SIGN} ${[...new Set(signs)].join(" ")} `,
  };
  return { product_id, fields, words };
}

interface Stemming {
  languages: readonly Language[];
  /** Where the words that misspellings may be corrected to are put. */
  words: Set<string>;
  withBreaks: boolean;
}

function stemsIn(text: string, { languages, words, withBreaks }: Stemming): string {
  let stems = " ";
  let more = "";
  for (const word of indexedWords(text, withBreaks)) {
    if (isCorrectable(word)) words.add(word);
    const forms = stemsOf(word, languages);
    stems += `${forms[0] ?? word} `;
    // What other languages make of it stands apart, so that the words stay side by side.
    for (let at = 1; at < forms.length; at++) more += `${forms[at]} `;
  }
  return more === "" ? stems : `${stems}${SIGN} ${more}`;
}

/** The word by which a product is found whose whole name this is, whatever its case, accents and signs. */
export function nameSign(name: string): string {
  const words = tokensOf(name).map(({ terms }) => terms[0]);
  return `${SIGN}n${Bun.hash(words.join(" ")).toString(36)}`;
}

/** The word by which a product is found whose whole code this is, however it is divided: `TN-2110`, `tn 2110`. */
export const codeSign = (code: string): string => `${SIGN}c${lettersOf(code).slice(0, LONGEST_CODE)}`;

const lettersOf = (text: string) => fold(text).replace(/[^\p{L}\p{N}]/gu, "");

function codesOf({ attributes, codes = [] }: SearchDocument): string[] {
  const named = fieldsOf(attributes).flatMap(([name, value]) => (CODE_NAME.test(name) ? [textOf(value)] : []));
  return [...named, ...codes].filter((code) => lettersOf(code) !== "");
}

/** Attributes that hold a code. */
const CODE_NAME =
  /^(?:.*[_ -])?(?:sku|code|barcode|ean(?:13)?|gtin|upc|isbn|asin|mpn|model|article|part)(?:[_ -]?(?:no|nr|number|code|id))?$/i;
const LONGEST_CODE = 64;

/** Words of letters. Numbers and codes are never corrected into other numbers and codes. */
export const isCorrectable = (word: string) => LATIN.test(word) || CORRECTABLE.test(word);
const LATIN = /^[a-z]{3,30}$/;
const CORRECTABLE =
  /^(?!\p{scx=Han}|\p{scx=Hiragana}|\p{scx=Katakana}|\p{sc=Thai}|\p{sc=Lao}|\p{sc=Khmer}|\p{sc=Myanmar})[\p{L}\p{M}]{3,30}$/u;

const APART = " \n ";

/** What of an attribute can be searched: its texts and numbers. Of a flag only that it is set, by its name. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(APART);
  if (typeof value === "object" && value !== null)
    return fieldsOf(value)
      .map(([, inner]) => textOf(inner))
      .join(APART);
  return "";
}

/** Always in the same order: PostgreSQL's jsonb gives an object's fields back in one of its own. */
const fieldsOf = (object: object): [name: string, value: unknown][] =>
  Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));
