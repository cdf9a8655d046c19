import type { Reader } from "../storage/database";
import type { Query } from "../search-index/terms";
import type { Selection } from "../search-index/write";
import type { Searched } from "./counts";
import { countMatches, findMatches, findOthers, matching, RANKED_MOST } from "./queries";
import { rank } from "./rank";
import { type Level, levels } from "./relax";
import { covers, type Meaning, understand } from "./understand";

/** What a search came to, decided over the whole catalog: filters only take away from it. */
export interface Found {
  /** What the answers are made of; none where nothing was found. */
  answer: Level | undefined;
  /** The ids of the best of them, the best first. */
  best: number[];
  /** Looser answers, which follow where there are few: the best first. */
  following: { id: number; matched_words: string[] }[];
  meanings: Meaning[];
  signs: string[];
  /** The words asked for that no product has. */
  ignored_words: string[];
  /** The words asked for, when no product has them all, however they are spelled. */
  missed: string | null;
  corrected_query: string | null;
  did_you_mean: string | null;
}

/** Fewer answers than this are too few: then looser ones follow. */
const ANSWERS_ENOUGH = 10;
/** How many looser answers follow at most. */
const FOLLOWING_MOST = 40;

/** Looks a text up. */
export async function search(shop: Searched, text: string): Promise<Found> {
  const understood = await understand(shop, text);
  const { meanings, runs, signs, corrected_query, did_you_mean } = understood;
  let answer: Level | undefined;
  const best: number[] = [];
  const following = new Map<number, string[]>();
  for await (const level of levels(shop, understood)) {
    const matches = await findMatches(shop.database, level.query, signs);
    const ranked = rank(matches, { readings: level.wanted, signs });
    if (answer === undefined) {
      if (ranked.length === 0) continue;
      answer = level;
      best.push(...ranked.slice(0, RANKED_MOST));
    } else {
      const known = new Set(best);
      for (const id of ranked) if (!known.has(id) && !following.has(id)) following.set(id, level.matched_words);
    }
    if (best.length + following.size >= ANSWERS_ENOUGH) break;
  }
  const asked = meanings.map((meaning) => meaning.asked.text);
  return {
    answer,
    best,
    following: [...following].slice(0, FOLLOWING_MOST).map(([id, matched_words]) => ({ id, matched_words })),
    meanings,
    signs,
    ignored_words: meanings
      .filter((meaning, at) => isIgnored(meaning) && !runs.some(covers(at)))
      .map((meaning) => meaning.asked.text),
    missed: asked.length > 0 && answer?.full !== true ? asked.join(" ") : null,
    corrected_query,
    did_you_mean,
  };
}

const isIgnored = ({ asked, term }: Meaning) => !asked.isFunctionWord && (term?.products ?? 0) === 0;

/** The ids on one page of the answers, and how many answers there are, among the selected products only if there is a selection. */
export async function pageOfFound(
  reader: Reader,
  { answer, best, signs }: Found,
  { limit, offset }: { limit: number; offset: number },
  within?: Selection,
): Promise<{ ids: number[]; total: number }> {
  if (answer === undefined) return { ids: [], total: 0 };
  const { query } = answer;
  const first = within ? await bestWithin(reader, answer, signs, within) : best;
  const ids = first.slice(offset, offset + limit);
  if (first.length < RANKED_MOST) return { ids, total: first.length };
  if (ids.length < limit) {
    const rest = { except: first, limit: limit - ids.length, offset: Math.max(0, offset - first.length) };
    ids.push(...(await findOthers(reader, query, within, rest)));
  }
  return { ids, total: await countMatches(reader, query, within) };
}

async function bestWithin(
  reader: Reader,
  { query, wanted }: Level,
  signs: readonly string[],
  within: Selection,
): Promise<number[]> {
  const matches = await findMatches(reader, query, signs, within);
  return rank(matches, { readings: wanted, signs }).slice(0, RANKED_MOST);
}

/**
 * SQL for the ids of all the answers, for lists with an order of their own. Its placeholders follow the `taken` ones of the
 * statement that it becomes part of.
 */
export const everythingFound = (reader: Reader, { answer }: Found, taken: number): Selection =>
  matching(reader, answer?.query ?? NOTHING, taken + 1);

const NOTHING: Query = { readings: [] };
