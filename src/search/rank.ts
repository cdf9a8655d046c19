import { type Field, FIELDS } from "../search-index/documents";
import { SIGN } from "../search-index/amounts";
import { COMMON_FROM_PRODUCTS, type Reading, type Spelling, type Term } from "../search-index/terms";
import { aloneFactor, beforePurpose, isOnlyFor, PURPOSE_WEIGHT } from "./purpose";
import { isSpelledIn, type Match, soughtOf } from "./queries";

/** What a word counts in each field, and how much the length of the field takes from that (0 nothing, 1 in proportion). */
const FIELD_WEIGHTS: Record<Field, { weight: number; byLength: number }> = {
  name: { weight: 2.7, byLength: 0.4 },
  brand: { weight: 2, byLength: 0 },
  category: { weight: 2, byLength: 0 },
  description: { weight: 1.1, byLength: 0.75 },
  attributes: { weight: 0.5, byLength: 0.75 },
};
/** How soon saying a word again stops to count. */
const SATURATION = 4;
/** What it adds that the words stand side by side in the name as they were asked for. */
const SIDE_BY_SIDE_WEIGHT = 0.5;
/** What it adds that a word says what the thing is: `Hybrid Tomato, 500 g` is a tomato, `Tomato Ketchup` is not. */
const HEAD_WEIGHT = 0.6;
/** What it adds that a word is the product's brand: others are only made for that brand's things. */
const BRAND_WEIGHT = 0.4;
/** What it adds that a word is what the product's whole category is of: a carrot, in Fresh Vegetables, is a vegetable. */
const CATEGORY_HEAD_WEIGHT = 0.7;
/** What a spelling other than the best one counts. */
const OTHER_SPELLING_WEIGHT = 0.9;
/** The most that it adds to be bought often, and to be in stock. */
const BOUGHT_WEIGHT = 0.05;
const IN_STOCK_WEIGHT = 0.05;

export interface Wanted {
  readings: readonly Reading[];
  /** Products that have one of these are called exactly what was asked for: they come first. */
  signs: readonly string[];
}

/**
 * The ids of the products, the best answer first. Relevance is BM25F (Robertson and Zaragoza 2009): for each word, its
 * weighted occurrences in all fields, each in proportion to the field's usual length, saturated, times how rare the word is.
 * What sells and is in stock adds a tenth at most. Equal products stand in the order of their ids.
 */
export function rank(matches: readonly Match[], wanted: Wanted): number[] {
  return weigh(matches, wanted)
    .sort((a, b) => Number(b.exact) - Number(a.exact) || b.score - a.score || a.id - b.id)
    .map(({ id }) => id);
}

export interface Weighed {
  id: number;
  /** Its whole name or code is what was asked for. */
  exact: boolean;
  relevance: number;
  /** What selling and being in stock make of 1. */
  mild: number;
  score: number;
}

export function weigh(matches: readonly Match[], { readings, signs }: Wanted): Weighed[] {
  const usual = usualLengths(matches);
  const mostOrdered = Math.max(0, ...matches.map(({ ordered }) => ordered));
  const alone = aloneFactor(readings, matches);
  return matches.map((match) => {
    const relevance = Math.max(0, ...readings.map((reading) => relevanceOf(reading, match, usual))) * alone(match);
    const sales = mostOrdered > 0 ? Math.log1p(match.ordered) / Math.log1p(mostOrdered) : 0;
    const mild = 1 + BOUGHT_WEIGHT * sales + (match.free > 0 ? IN_STOCK_WEIGHT : 0);
    const exact = signs.some((sign) => match.attributes.includes(` ${sign} `));
    return { id: match.product_id, exact, relevance, mild, score: (exact ? 1 : relevance) * mild };
  });
}

/** What one word adds to a product's relevance, and where the product has it. */
export interface Part {
  term: Term;
  /** The spelling that counted; absent where the product has none. */
  spelling: Spelling | undefined;
  fields: { field: Field; times: number }[];
  isHead: boolean;
  relevance: number;
}

/** What a product's relevance is made of, among these matches: its words, and how much their standing side by side multiplies that. */
export function partsOf(
  match: Match,
  matches: readonly Match[],
  { readings }: Wanted,
): { parts: Part[]; together: number } {
  const usual = usualLengths(matches);
  const byRelevance = readings.toSorted((a, b) => relevanceOf(b, match, usual) - relevanceOf(a, match, usual));
  const [best = []] = byRelevance;
  const parts = best.map((term): Part => {
    const evidence = evidenceFor(term, match, usual);
    const spelling =
      evidence > 0 ? term.spellings.find((one, at) => evidenceOf(one, at, match, usual) === evidence) : undefined;
    const factor = headFactor(term, match, headOf(match.name));
    const relevance = rarity(term) * evidence * factor;
    return { term, spelling, fields: spelling ? fieldsOf(spelling, match) : [], isHead: factor > 1, relevance };
  });
  const sum = parts.reduce((total, { relevance }) => total + relevance, 0);
  const alone = aloneFactor(readings, matches)(match);
  return {
    parts: parts.map((part) => ({ ...part, relevance: part.relevance * alone })),
    together: sum > 0 ? relevanceOf(best, match, usual) / sum : 1,
  };
}

/** In which fields a product has a word, and how often. */
export function fieldsOf(spelling: Spelling, texts: Record<Field, string>): Part["fields"] {
  return FIELDS.map((field) => ({ field, times: occurrences(soughtOf(spelling), texts[field]) })).filter(
    ({ times }) => times > 0,
  );
}

type Texts = Record<Field, string>;
/** In letters. */
type Lengths = Record<Field, number>;

function relevanceOf(reading: Reading, texts: Texts, usual: Lengths): number {
  let relevance = 0;
  const head = headOf(texts.name);
  for (const term of reading)
    relevance += rarity(term) * evidenceFor(term, texts, usual) * headFactor(term, texts, head);
  if (reading.length < 2) return relevance;
  relevance *= isOnlyFor(reading, texts.name) ? PURPOSE_WEIGHT : 1;
  const neighbours = reading
    .slice(1)
    .filter((term, at) => texts.name.includes(` ${first(reading[at])} ${first(term)} `));
  return relevance * (1 + (SIDE_BY_SIDE_WEIGHT * neighbours.length) / (reading.length - 1));
}

/**
 * The part of a name at whose end stands what the thing is: `Hybrid Tomato, 500 g` up to the comma before the amount, a name
 * without any sign as a whole. Of names that are lists of properties nothing is known.
 */
export function headOf(name: string): string {
  const end = name.indexOf(` ${SIGN} ${SIGN}`);
  // Within a word the sign is only that of a decimal number.
  if (end < 0 && name.includes(` ${SIGN}`)) return "";
  const whole = end >= 0 ? name.slice(0, end + 1) : name;
  return beforePurpose(whole);
}

/** What it multiplies a word's relevance by that it says what the product is: by the name, or by the category alone. */
function headFactor(term: Term, { name, brand, category }: Texts, head: string): number {
  if (isHeadOf(term, head)) return 1 + HEAD_WEIGHT;
  if (term.spellings.some(({ stems }) => brand === ` ${stems.join(" ")} `)) return 1 + BRAND_WEIGHT;
  // A category of several kinds (Dairy and Eggs) says of none of its products which it is; some are called after a brand.
  const isOfOneKind = category !== brand && !category.includes(" and ");
  if (!isOfOneKind || !isHeadOf(term, category)) return 1;
  // `Vegetable Momos` are something else in any category.
  return term.spellings.some((spelling) => isSpelledIn(spelling, name)) ? 1 : 1 + CATEGORY_HEAD_WEIGHT;
}

/** Whether a word stands at the end of that. */
export const isHeadOf = ({ spellings }: Term, head: string) =>
  spellings.some(({ stems }) => head.endsWith(` ${stems.join(" ")} `));

/** From 0 to 1: how much the product is about the word. */
function evidenceFor({ spellings }: Term, texts: Texts, usual: Lengths): number {
  let best = 0;
  for (const [at, spelling] of spellings.entries()) best = Math.max(best, evidenceOf(spelling, at, texts, usual));
  return best;
}

function evidenceOf(spelling: Spelling, at: number, texts: Texts, usual: Lengths): number {
  const sought = soughtOf(spelling);
  let evidence = 0;
  for (const field of FIELDS) {
    const times = occurrences(sought, texts[field]);
    if (times === 0) continue;
    const { weight, byLength } = FIELD_WEIGHTS[field];
    evidence += (weight * times) / (1 - byLength + (byLength * texts[field].length) / usual[field]);
  }
  const counts = spelling.weight ?? (at === 0 ? 1 : OTHER_SPELLING_WEIGHT);
  return (evidence / (SATURATION + evidence)) * counts;
}

const rarity = ({ products }: Term) => Math.log(2 + COMMON_FROM_PRODUCTS / Math.max(1, products));

function occurrences(sought: string, text: string): number {
  let times = 0;
  // The closing space of one is the opening space of the next.
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length - 1)) times++;
  return times;
}

const first = (term: Term | undefined) => term?.spellings[0]?.stems.join(" ");

function usualLengths(matches: readonly Match[]): Lengths {
  const mean = (field: Field) =>
    matches.reduce((sum, match) => sum + match[field].length, 0) / Math.max(1, matches.length);
  return {
    name: mean("name"),
    brand: mean("brand"),
    category: mean("category"),
    description: mean("description"),
    attributes: mean("attributes"),
  };
}
