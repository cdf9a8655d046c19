import { SIGN } from "../search-index/amounts";
import type { Reading, Spelling, Term } from "../search-index/terms";
import { isSpelledIn, type Match, soughtOf } from "./queries";

/** What is left of it for what is only made for the thing that was asked for. */
export const PURPOSE_WEIGHT = 0.5;
/** After these stands what a thing is for, in a name. */
const PURPOSES = [" for ", " fur ", " pour ", " para ", " voor "];
/** Stems of what is made for something else: after the name of that. */
const ACCESSORIES = new Set(
  (
    "accessory adapter arm backpack bag battery bracket cable cartridge case charger cleaner converter cord cover dock docking drum " +
    "enclosure extender filter holder ink lamp lens lid lock mat mount mounting pad part protector remote ribbon skin sleeve splitter stand strap toner"
  ).split(" "),
);

/**
 * Whether the product is only for what is asked, whose kind comes last: of `laser printer` a `Drum for Laser Printer` or a
 * `Laser Printer Toner Cartridge`.
 */
export function isOnlyFor(reading: Reading, name: string): boolean {
  const kind = reading.at(-1);
  if (kind === undefined || reading.some(isAccessory)) return false;
  let isInName = false;
  for (const spelling of kind.spellings) {
    const sought = soughtOf(spelling);
    let at = name.indexOf(sought);
    if (at < 0) continue;
    isInName = true;
    const end = firstOf(PURPOSES, name);
    for (; at >= 0 && at < end; at = name.indexOf(sought, at + 1))
      if (spelling.unfinished || !namesAccessory(name, at + sought.length)) return false;
  }
  return isInName;
}

/** What is left of what is only for the thing that one word alone asks for, where enough products are that thing. */
const PURPOSE_ALONE_WEIGHT = 0.8;
const THINGS_LEAST = 3;
const THINGS_ONE_OF = 8;

/** What it adds, at most, to stand in the category where most things of the name are: chicken in Meat, before dog food. */
const USUAL_CATEGORY_WEIGHT = 0.5;

/** What it multiplies a product's relevance by, for one word alone. */
export function aloneFactor(readings: readonly Reading[], matches: readonly Match[]): (match: Match) => number {
  const [reading] = readings;
  const { spellings } = reading?.[0] ?? { spellings: [] };
  const [spelling] = spellings;
  if (reading?.length !== 1 || spelling === undefined) return () => 1;
  const called = matches.filter(({ name, category }) =>
    spellings.some((one) => isSpelledIn(one, name) || isSpelledIn(one, category)),
  );
  const demoted = accessoriesTo(reading, spelling, called);
  const perCategory = Map.groupBy(called, ({ category }) => category);
  return (match) => {
    // Some shops have their brands for categories.
    const alike = match.category === match.brand ? 0 : (perCategory.get(match.category)?.length ?? 0);
    const usual = 1 + (USUAL_CATEGORY_WEIGHT * alike) / Math.max(1, called.length);
    return usual * (demoted(match.name) ? PURPOSE_ALONE_WEIGHT : 1);
  };
}

/**
 * Which products are only for the thing that one word alone asks for. All that belongs to the thing is looked for by that
 * word: of `tablet` a stand for one comes after tablets, but where the word is no thing (`ssd`, of which names say how large
 * it is) nothing is.
 */
function accessoriesTo(reading: Reading, spelling: Spelling, called: readonly Match[]): (name: string) => boolean {
  const sought = soughtOf(spelling);
  const things = called.filter(({ name }) => {
    const at = name.indexOf(sought);
    return at >= 0 && !isOnlyFor(reading, name) && !IS_OF_AMOUNT.test(name.slice(0, at + 1));
  }).length;
  const isOfThings = things >= THINGS_LEAST && things * THINGS_ONE_OF >= called.length;
  return isOfThings ? (name) => isOnlyFor(reading, name) : () => false;
}

/** `256 GB SSD`: what stands after an amount is told by it. */
const IS_OF_AMOUNT = new RegExp(` ${SIGN}\\d\\S*(?: \\S+){1,2} $`);

/** So many words on a name may still say what is made for the thing: `Laptop Power Adapter`. */
const ACCESSORY_WITHIN_WORDS = 2;

/** Whether the words from here on say that it is made for what stands before. */
function namesAccessory(name: string, from: number): boolean {
  for (let words = 0; words < ACCESSORY_WITHIN_WORDS; words++) {
    const end = name.indexOf(" ", from);
    const word = name.slice(from, end);
    if (ACCESSORIES.has(word)) return true;
    if (end < 0 || word.startsWith(SIGN) || !LETTERS.test(word)) return false;
    from = end + 1;
  }
  return false;
}
const LETTERS = /^\p{L}+$/u;

/** A name up to where it says what the thing is for: an `Adapter for Laptops` is an adapter. */
export const beforePurpose = (name: string): string => name.slice(0, firstOf(PURPOSES, name) + 1);

/** Where the first of the words stands in a text, or its end. */
function firstOf(words: readonly string[], text: string): number {
  let first = text.length;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at >= 0 && at < first) first = at;
  }
  return first;
}

const isAccessory = ({ spellings: [best] }: Term): boolean => ACCESSORIES.has(best?.stems.at(-1) ?? "");
