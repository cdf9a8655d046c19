import type { Listed } from "../base/page";
import type { Reader } from "../storage/database";
import { conditionOf } from "../catalog/filters";
import type { Source } from "../catalog/filter-sources";
import type { ProductFilter } from "../catalog/filter-schema";
import { FIELDS } from "../search-index/documents";
import type { Query, Reading, Term } from "../search-index/terms";
import { type AskedPrice, priceIn } from "./asked-price";
import type { Searched } from "./counts";
import {
  countMatches,
  findMatches,
  findOthers,
  isSpelledIn,
  type Match,
  matching,
  RANKED_MOST,
  type Within,
} from "./queries";
import { rank } from "./rank";
import { type Level, levels } from "./relax";
import { covers, isKnown, type Meaning, reworded, understand, type Understood } from "./understand";

/** What a search came to, decided over the whole catalog: filters only take away from it. */
export interface Found {
  /** What the answers are made of; none where nothing was found. */
  answer: Level | undefined;
  /** The ids of the best of them, the best first. */
  best: number[];
  /** The words that all of the best have; and where they are no full answers, which each of them has. */
  matched_words: string[];
  matched: ReadonlyMap<number, string[]>;
  /** Looser answers, which follow where there are few: the best first. */
  following: { id: number; matched_words: string[] }[];
  meanings: Meaning[];
  signs: string[];
  /** The words asked for that no product has. */
  ignored_words: string[];
  /** The words asked for. */
  asked: string;
  /** The same, when no product has them all, however they are spelled. */
  missed: string | null;
  corrected_query: string | null;
  did_you_mean: string | null;
  /** The text without the price that it asks for. */
  text: string;
  asked_price: AskedPrice | null;
  /** What of the catalog is answered with: what costs so, unless nothing that is found does. */
  within: Pick<ProductFilter, "min_price" | "max_price">;
}

/** Fewer answers than this are too few: then looser ones follow. */
const ANSWERS_ENOUGH = 10;
/** How many looser answers follow at most. */
const FOLLOWING_MOST = 40;

/** Looks a text up. Of a price that it asks for (`rice under 500`) it says so, and what is found has it where anything does. */
export async function search(shop: Searched, text: string): Promise<Found> {
  const priced = await priceIn(shop, text);
  if (priced === undefined) return searchWords(shop, text);
  const { price, rest } = priced;
  const found = { ...(await searchWords(shop, rest)), asked_price: price };
  const within = {
    ...(price.min !== null && { min_price: price.min }),
    ...(price.max !== null && { max_price: price.max }),
  };
  const { database, settings } = shop;
  const condition = await conditionOf(database, within, settings);
  const [any] = found.answer ? await findOthers(database, found.answer.query, condition, ONE) : [];
  if (any !== undefined) return { ...found, within };
  // Nothing costs so little: the rest is shown all the same, and no answer to the whole search.
  return { ...found, answer: found.answer && { ...found.answer, full: false } };
}

const ONE = { except: [], limit: 1, offset: 0 };

async function searchWords(shop: Searched, text: string): Promise<Found> {
  const understood = await understand(shop, text);
  const { meanings, signs, corrected_query } = understood;
  const matchedAll = meanings.filter((_, at) => isMet(understood, at)).map(({ asked }) => asked.text);
  let answer: Level | undefined;
  const best: number[] = [];
  const matched = new Map<number, string[]>();
  const following = new Map<number, string[]>();
  for await (const level of levels(shop, understood)) {
    const matches = await findMatches(shop.database, level.query, signs);
    const ranked = rank(matches, { readings: level.wanted, signs });
    const read = { ...understood, meanings: level.widened ?? meanings };
    for (const match of level.full ? [] : matches) matched.set(match.product_id, matchedWords(match, read));
    if (answer === undefined) {
      if (ranked.length === 0) continue;
      answer = level;
      best.push(...ranked.slice(0, RANKED_MOST));
    } else if (!answer.full) {
      // With few answers to some of the words those to others are as near: of `onion tomato potato` each is wanted.
      const known = new Set(best);
      best.push(...ranked.filter((id) => !known.has(id)).slice(0, RANKED_MOST - best.length));
      answer = withReadings(answer, level.query.readings);
    } else {
      const known = new Set(best);
      for (const id of ranked)
        if (!known.has(id) && !following.has(id)) following.set(id, matched.get(id) ?? matchedAll);
    }
    if (best.length + following.size >= ANSWERS_ENOUGH) break;
    // What is loose itself is followed by nothing looser.
    if (!answer.full && answer.leavesOut !== true) break;
  }
  const asked = meanings.map((meaning) => meaning.asked.text);
  return {
    answer,
    best,
    matched,
    matched_words: answer?.full === true ? matchedAll : inCommon(best.map((id) => matched.get(id) ?? [])),
    following: [...following].slice(0, FOLLOWING_MOST).map(([id, matched_words]) => ({ id, matched_words })),
    meanings,
    signs,
    ignored_words: meanings
      .filter(({ asked }, at) => !asked.isFunctionWord && !isMet(understood, at))
      .map(({ asked }) => asked.text),
    asked: asked.join(" "),
    missed: asked.length > 0 && answer?.full !== true ? asked.join(" ") : null,
    corrected_query,
    did_you_mean: answer?.widened ? reworded(answer.widened, ({ as }) => as) : understood.did_you_mean,
    text,
    asked_price: null,
    within: {},
  };
}

const withReadings = (level: Level, readings: readonly Reading[]): Level => ({
  ...level,
  query: { ...level.query, readings: [...level.query.readings, ...readings] },
});

/** Whether some product has the word, by itself or as a part of its neighbours. */
const isMet = ({ meanings, runs }: Understood, at: number): boolean =>
  meanings[at]?.asked.isFunctionWord === false && (isKnown(meanings[at].term) || runs.some(covers(at)));

/** Which of the words that were asked for a product has, wherever it has them. */
function matchedWords(match: Match, { meanings, runs }: Understood): string[] {
  const has = (term: Term) =>
    term.spellings.some((spelling) => FIELDS.some((field) => isSpelledIn(spelling, match[field])));
  return meanings
    .filter(({ asked, term }, at) => {
      const run = runs.find(covers(at));
      return !asked.isFunctionWord && ((isKnown(term) && has(term)) || (run !== undefined && has(run.term)));
    })
    .map(({ asked }) => asked.text);
}

const inCommon = (lists: readonly string[][]): string[] =>
  (lists[0] ?? []).filter((word) => lists.every((list) => list.includes(word)));

/** The ids on one page of the answers, and how many answers there are, among the selected products only if there is a selection. */
export async function pageOfFound(
  reader: Reader,
  { answer, best, signs }: Found,
  { limit, offset }: { limit: number; offset: number },
  within?: Within,
): Promise<Omit<Listed<number>, "next">> {
  if (answer === undefined) return { items: [], total: 0 };
  const { query } = answer;
  const first = within ? await bestWithin(reader, answer, signs, within) : best;
  const ids = first.slice(offset, offset + limit);
  if (first.length < RANKED_MOST) return { items: ids, total: first.length };
  if (ids.length < limit) {
    const rest = { except: first, limit: limit - ids.length, offset: Math.max(0, offset - first.length) };
    ids.push(...(await findOthers(reader, query, within, rest)));
  }
  return { items: ids, ...(await countMatches(reader, query, within)) };
}

async function bestWithin(
  reader: Reader,
  { query, wanted }: Level,
  signs: readonly string[],
  within: Within,
): Promise<number[]> {
  const matches = await findMatches(reader, query, signs, within);
  return rank(matches, { readings: wanted, signs }).slice(0, RANKED_MOST);
}

/** All the answers, for lists with an order of their own and for what is counted of them. */
export const everythingFound = (reader: Reader, { answer }: Found): Pick<Source, "sql" | "values"> =>
  matching(reader, answer?.query ?? NOTHING);

const NOTHING: Query = { readings: [] };
