import { type Field, FIELDS } from "../search-index/documents";
import type { Candidate } from "./queries";
import { COMMON, type Query, type Reading, type Term } from "../search-index/terms";

/** What a word counts in each field, and how much the length of the field takes from that (0 nothing, 1 in proportion). */
const FIELD_WEIGHTS: Record<Field, { weight: number; byLength: number }> = {
  name: { weight: 3, byLength: 0.4 },
  brand: { weight: 2, byLength: 0 },
  category: { weight: 2, byLength: 0 },
  description: { weight: 1, byLength: 0.75 },
  attributes: { weight: 0.5, byLength: 0.75 },
};
/** How soon saying a word again stops to count. */
const SATURATION = 4;
/** What it adds that the words stand side by side in the name as they were asked for. */
const SIDE_BY_SIDE = 0.3;
/** What a spelling other than the best one counts. */
const OTHER_SPELLING = 0.9;
/** The most that it adds to be bought often, and to be in stock. */
const BOUGHT = 0.05;
const IN_STOCK = 0.05;

/**
 * The ids of the products, the best answer first. Relevance is BM25F (Robertson and Zaragoza 2009): for each word, its
 * weighted occurrences in all fields, each in proportion to the field's usual length, saturated, times how rare the word is.
 * What sells and is in stock adds a tenth at most. Equal products stand in the order of their ids.
 */
export function rank(candidates: readonly Candidate[], wanted: Query): number[] {
  const usual = usualLengths(candidates);
  const mostOrdered = Math.max(0, ...candidates.map(({ ordered }) => ordered));
  return candidates
    .map((candidate) => {
      const relevance = Math.max(...wanted.map((reading) => relevanceOf(reading, candidate, usual)));
      const sales = mostOrdered > 0 ? Math.log1p(candidate.ordered) / Math.log1p(mostOrdered) : 0;
      const mild = 1 + BOUGHT * sales + (candidate.free > 0 ? IN_STOCK : 0);
      return { id: candidate.product_id, score: relevance * mild };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id }) => id);
}

type Texts = Record<Field, string>;
/** In letters. */
type Lengths = Record<Field, number>;

function relevanceOf(reading: Reading, texts: Texts, usual: Lengths): number {
  let relevance = 0;
  for (const term of reading) relevance += rarity(term) * evidenceFor(term, texts, usual);
  if (reading.length < 2) return relevance;
  const neighbours = reading
    .slice(1)
    .filter((term, at) => texts.name.includes(` ${first(reading[at])} ${first(term)} `));
  return relevance * (1 + (SIDE_BY_SIDE * neighbours.length) / (reading.length - 1));
}

/** From 0 to 1: how much the product is about the word. */
function evidenceFor({ spellings }: Term, texts: Texts, usual: Lengths): number {
  let best = 0;
  for (const [at, spelling] of spellings.entries()) {
    let evidence = 0;
    const sought = ` ${spelling.stems.join(" ")}${spelling.unfinished ? "" : " "}`;
    for (const field of FIELDS) {
      const times = occurrences(sought, texts[field]);
      if (times === 0) continue;
      const { weight, byLength } = FIELD_WEIGHTS[field];
      evidence += (weight * times) / (1 - byLength + (byLength * texts[field].length) / usual[field]);
    }
    best = Math.max(best, (evidence / (SATURATION + evidence)) * (at === 0 ? 1 : OTHER_SPELLING));
  }
  return best;
}

const rarity = ({ products }: Term) => Math.log(2 + COMMON / Math.max(1, products));

function occurrences(sought: string, text: string): number {
  let times = 0;
  // The closing space of one is the opening space of the next.
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length - 1)) times++;
  return times;
}

const first = (term: Term | undefined) => term?.spellings[0]?.stems.join(" ");

function usualLengths(candidates: readonly Candidate[]): Lengths {
  const mean = (field: Field) =>
    candidates.reduce((sum, candidate) => sum + candidate[field].length, 0) / Math.max(1, candidates.length);
  return {
    name: mean("name"),
    brand: mean("brand"),
    category: mean("category"),
    description: mean("description"),
    attributes: mean("attributes"),
  };
}
