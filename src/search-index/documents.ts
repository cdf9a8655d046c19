import { stem, wordsAndCompounds } from "../base/text";

/** What search needs to know of a product. */
export interface SearchDocument {
  product_id: number;
  name: string;
  category: string;
  description: string | null;
  attributes: Record<string, unknown>;
  /** What it is found by beside these: its codes, and what can be chosen of it. */
  words?: readonly string[];
}

/** The columns of the index, the most telling first. */
export const FIELDS = ["name", "brand", "category", "description", "attributes"] as const;
export type Field = (typeof FIELDS)[number];

/** A product as it stands in the index: the stems of each field in their order, with a space before and after each. */
export interface Document {
  product_id: number;
  fields: Record<Field, string>;
  /** The words themselves, for the vocabulary that misspellings are corrected to. */
  words: Set<string>;
}

export function documentOf(product: SearchDocument): Document {
  const { product_id, name, category, description, attributes, words: further = [] } = product;
  const { brand, ...others } = attributes;
  const texts: Record<Field, string> = {
    name,
    brand: textOf(brand),
    category,
    description: description ?? "",
    attributes: fieldsOf(others)
      .map(([attribute, value]) => (value === true ? attribute.replaceAll("_", " ") : textOf(value)))
      .concat(further)
      .join(APART),
  };
  const words = new Set<string>();
  const stemsOf = (text: string) => {
    let stems = " ";
    for (const word of wordsAndCompounds(text)) {
      if (isCorrectable(word)) words.add(word);
      stems += `${stem(word)} `;
    }
    return stems;
  };
  const fields = {
    name: stemsOf(texts.name),
    brand: stemsOf(texts.brand),
    category: stemsOf(texts.category),
    description: stemsOf(texts.description),
    attributes: stemsOf(texts.attributes),
  };
  return { product_id, fields, words };
}

/** Words of letters. Numbers and codes are never corrected into other numbers and codes. */
export const isCorrectable = (word: string) => CORRECTABLE.test(word);
const CORRECTABLE = /^[\p{L}\p{M}]{3,30}$/u;

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
