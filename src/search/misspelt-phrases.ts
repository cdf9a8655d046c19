import { slipBetween } from "../base/edit-distance";
import { soundOf } from "../base/sound";
import type { AskedWord } from "./asked";
import type { Searched } from "./counts";
import { findSynonyms, LONGEST_PHRASE, listSynonymPhrases, stemsOfPhrase } from "./synonyms";
import type { Spelling } from "../search-index/terms";

/** Neighbours that were meant for a phrase that has synonyms: `cold drnk`. */
export interface MisspeltPhrase {
  at: number;
  /** How its words are spelled. */
  words: string[];
  spellings: Spelling[];
}

/** The words beside it speak for each word of a phrase, so that short ones may have a slip too. */
const mostSlip = (letters: number) => (letters >= 6 ? 1.7 : letters >= 4 ? 1 : letters === 3 ? 0.6 : 0);
const SOUND_FROM_LETTERS = 4;

/** The phrases of synonyms that are meant where words stand that no product has. Words that products have are what they are. */
export async function misspeltPhrases(
  shop: Searched,
  asked: readonly AskedWord[],
  isUnknown: (at: number) => boolean,
): Promise<MisspeltPhrase[]> {
  if (asked.length < 2 || !asked.some((_, at) => isUnknown(at))) return [];
  const phrases = await listSynonymPhrases(shop.database);
  const found: (Omit<MisspeltPhrase, "spellings"> & { slip: number })[] = [];
  for (const [at] of asked.entries()) {
    for (let length = 2; length <= LONGEST_PHRASE && at + length <= asked.length; length++) {
      if (!asked.slice(at, at + length).some((_, place) => isUnknown(at + place))) continue;
      const typed = asked.slice(at, at + length).map(({ text }, place) => ({ text, isFixed: !isUnknown(at + place) }));
      for (const words of phrases) {
        const slip = words.length === length ? slipOf(typed, words) : undefined;
        if (slip !== undefined) found.push({ at, words, slip });
      }
    }
  }
  found.sort((a, b) => b.words.length - a.words.length || a.slip - b.slip);
  const meant = found.filter((one, place) => !found.slice(0, place).some((other) => overlap(one, other)));
  const synonyms = await findSynonyms(
    shop,
    meant.map(({ words }) => words.join(" ")),
  );
  return meant.flatMap(({ at, words }) => {
    const spellings = synonyms.get(stemsOfPhrase(words.join(" "), shop.settings.searchLanguages)) ?? [];
    return spellings.length > 0 ? [{ at, words, spellings }] : [];
  });
}

/** How much slip there is in all; undefined where that is too much to be believed. */
function slipOf(typed: readonly { text: string; isFixed: boolean }[], words: readonly string[]): number | undefined {
  let sum = 0;
  for (const [place, { text, isFixed }] of typed.entries()) {
    const word = words[place] ?? "";
    if (text === word) continue;
    const most = isFixed ? 0 : mostSlip(Math.min(text.length, word.length + 1));
    const soundsAlike = text.length >= SOUND_FROM_LETTERS && soundOf(text) === soundOf(word);
    const slip = Math.min(slipBetween(text, word, most), soundsAlike ? 1 : Infinity);
    if (most === 0 || slip > most) return undefined;
    sum += slip;
  }
  return sum > 0 ? sum : undefined;
}

const overlap = (one: Pick<MisspeltPhrase, "at" | "words">, other: Pick<MisspeltPhrase, "at" | "words">) =>
  one.at < other.at + other.words.length && other.at < one.at + one.words.length;
