import { stem } from "../search-index/stem";
import { perShop } from "../shop/per-shop";
import type { Reader } from "../storage/database";
import { LateIds } from "../storage/late-ids";
import type { Searched } from "./counts";
import { editsBetween } from "../base/edit-distance";
import { soundOf } from "../base/sound";
import { findWordsAfter } from "./queries";

/** Shorter words sound like too many others. */
const SOUND_TELLS_FROM_LETTERS = 5;

/**
 * The words of the shop, kept in memory to find those that look like a misspelt one: about 100 bytes a word. It only
 * proposes; how many products have a word is always asked of the index.
 */
export class Vocabulary {
  readonly #words = new Set<string>();
  /** By length, each with its letters as bits: most words are ruled out by these two alone. */
  readonly #byLength = new Map<number, { words: string[]; letters: number[] }>();
  /** Those that are long enough to be told by their sound. */
  readonly #bySound = new Map<string, string[]>();
  readonly #otherwiseStemmed: string[] = [];
  readonly #ids = new LateIds();

  /** Takes in the words that came since. */
  async refresh(reader: Reader): Promise<void> {
    for (const { id, word } of await findWordsAfter(reader, await this.#ids.above(reader))) {
      this.#ids.note(id);
      this.add(word);
    }
  }

  add(word: string): void {
    if (this.#words.has(word)) return;
    this.#words.add(word);
    const alike = this.#byLength.get(word.length) ?? { words: [], letters: [] };
    this.#byLength.set(word.length, alike);
    alike.words.push(word);
    alike.letters.push(lettersOf(word));
    if (word.length >= SOUND_TELLS_FROM_LETTERS) {
      const sound = soundOf(word);
      const same = this.#bySound.get(sound);
      if (same) same.push(word);
      else this.#bySound.set(sound, [word]);
    }
    if (!word.startsWith(stem(word))) this.#otherwiseStemmed.push(word);
  }

  /** Words that begin so though their stem does not: `fries`, of which the index knows `fry`. */
  otherwiseStemmed(beginning: string): string[] {
    return this.#otherwiseStemmed.filter((word) => word.startsWith(beginning));
  }

  /** The other words that take at most so many edits, the nearest first. */
  near(word: string, mostEdits: number): { word: string; edits: number }[] {
    const found: { word: string; edits: number }[] = [];
    const letters = lettersOf(word);
    for (let length = word.length - mostEdits; length <= word.length + mostEdits; length++) {
      const { words = [], letters: theirs = [] } = this.#byLength.get(length) ?? {};
      for (const [at, other] of words.entries()) {
        // Each edit changes at most two letters' bits.
        if (bitsIn(letters ^ (theirs[at] ?? 0)) > 2 * mostEdits) continue;
        const edits = editsBetween(word, other, mostEdits);
        if (edits > 0 && edits <= mostEdits) found.push({ word: other, edits });
      }
    }
    return found.sort(nearestFirst);
  }

  /** The other words that sound like this one, however many letters they are apart: `biscuit` for `bisket`. */
  soundingLike(word: string): string[] {
    if (word.length < SOUND_TELLS_FROM_LETTERS) return [];
    return (this.#bySound.get(soundOf(word)) ?? []).filter((other) => other !== word);
  }

  /** The words that begin with something at most one edit away from this, the shortest first. */
  beginningLike(word: string): string[] {
    const found: string[] = [];
    const letters = lettersOf(word);
    for (const [length, alike] of this.#byLength) {
      if (length < word.length - 1) continue;
      for (const [at, other] of alike.words.entries()) {
        if (bitsIn(letters & ~(alike.letters[at] ?? 0)) > 1) continue;
        const beginnings = [word.length, word.length + 1, word.length - 1].map((size) => other.slice(0, size));
        if (beginnings.some((beginning) => editsBetween(word, beginning, 1) <= 1)) found.push(other);
      }
    }
    return found.sort((a, b) => a.length - b.length || compare(a, b));
  }
}

const vocabularyFor = perShop(() => new Vocabulary());

/** The words of this shop as they are now. */
export async function vocabularyOf(shop: Searched): Promise<Vocabulary> {
  const vocabulary = vocabularyFor(shop);
  // What two copies of the database show at one moment can't be told apart from words that come late.
  await shop.database.onPrimary(() => vocabulary.refresh(shop.database));
  return vocabulary;
}

function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at++) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

/** How many bits are set (Warren, Hacker's Delight, 5-1). */
function bitsIn(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const nearestFirst = (a: { word: string; edits: number }, b: { word: string; edits: number }) =>
  a.edits - b.edits || compare(a.word, b.word);
