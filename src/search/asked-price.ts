import { HIGHEST_PRICE } from "../base/fields";
import { fold } from "../base/text";
import type { Settings } from "../shop/settings";
import { amountsIn } from "../search-index/amounts";
import { type Language, stemsOf } from "../search-index/stem";
import { one } from "../search-index/terms";
import { tokensOf } from "../search-index/tokens";
import { countEach, type Searched } from "./counts";
import { functionWordsOf } from "./function-words";
import { type Words, WORDS } from "./price-words";

/** The price that a search asks for, in major units, both ends included. */
export interface AskedPrice {
  min: number | null;
  max: number | null;
}

export interface Priced {
  price: AskedPrice;
  /** The search without it, folded. */
  rest: string;
}

/**
 * The price that is asked for in words: `rice under 500`, `between ₹100 and ₹200 tea`. Undefined where there is none, where
 * nothing else is searched for, or where some product is called so: `Under 25 Stories`.
 */
export async function priceIn(shop: Searched, text: string): Promise<Priced | undefined> {
  if (!HAS_NUMBER.test(text)) return undefined;
  const read = readPrice(fold(text), shop.settings);
  if (read === undefined || !/[\p{L}\p{N}]/u.test(read.rest)) return undefined;
  const { searchLanguages } = shop.settings;
  const stems = tokensOf(read.said).flatMap(({ terms }) =>
    terms.slice(0, 1).map((term) => stemsOf(term, searchLanguages)[0] ?? term),
  );
  const [called = 0] = await countEach(shop, [one([{ spellings: [{ stems, fields: ["name"] }], products: 0 }])]);
  return called > 0 ? undefined : { price: read.price, rest: read.rest };
}

const HAS_NUMBER = /\p{Nd}/u;

interface Said {
  price: AskedPrice;
  said: string;
  rest: string;
}

function readPrice(text: string, settings: Pick<Settings, "currency" | "searchLanguages">): Said | undefined {
  const functionWords = functionWordsOf(settings.searchLanguages);
  for (const { pattern, ends } of patternsFor(settings)) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.groups ?? {};
      const [before, after] = [text.slice(0, match.index), text.slice(match.index + match[0].length)];
      const isMarked = MARKS.some((name) => groups[name] !== undefined);
      if (!isMarked && !standsAlone(text, match, { before, after, functionWords })) continue;
      if (!isMarked && groups["weak"] !== undefined) continue;
      const [one, other] = [numberIn(groups["one"], groups["oneK"]), numberIn(groups["other"], groups["otherK"])];
      if (one === undefined) continue;
      const price = {
        most: { min: null, max: one },
        least: { min: one, max: null },
        both: other === undefined || other < one ? undefined : { min: one, max: other },
      }[ends];
      if (price) return { price, said: match[0], rest: `${before} ${after}`.replace(/\s+/g, " ").trim() };
    }
  }
  return undefined;
}

/**
 * Whether a number without a sign of money can be a price: not an amount (`under 500 g`), and no number of what follows
 * (`over 50 shades`), unless all that comes before the search itself is the price (`under 500 gifts`).
 */
function standsAlone(
  text: string,
  match: RegExpExecArray,
  { before, after, functionWords }: { before: string; after: string; functionWords: ReadonlySet<string> },
): boolean {
  for (const name of ["one", "other"]) {
    const [from] = match.indices?.groups?.[name] ?? [];
    if (from !== undefined && amountsIn(text.slice(from))[0]?.at === 0) return false;
  }
  const next = after.trimStart();
  const [word = ""] = /^[\p{L}\p{N}\p{M}]+/u.exec(next) ?? [];
  const isFirst = before.trim() === "" && match.groups?.["firstToo"] !== undefined;
  const isEnded = match.groups?.["ended"] !== undefined;
  return word === "" || functionWords.has(word) || isFirst || isEnded || amountsIn(next)[0]?.at === 0;
}

/** `1,500`, `1.500` and `1,00,000` have thousands, `12,50` and `12.5` decimals; `15k` is 15,000. */
function numberIn(number: string | undefined, thousand: string | undefined): number | undefined {
  if (number === undefined) return undefined;
  const plain = /^\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}$/.test(number)
    ? number.replaceAll(/[.,]/g, "")
    : number.replace(",", ".");
  return Math.min(Number(plain) * (thousand === undefined ? 1 : 1_000), HIGHEST_PRICE);
}

interface Pattern {
  pattern: RegExp;
  ends: "most" | "least" | "both";
}

const MARKS = ["oneBefore", "oneAfter", "otherBefore", "otherAfter"];
const NUMBER = "\\d{1,3}(?:[.,]\\d{2,3})*[.,]\\d{3}|\\d{1,9}(?:[.,]\\d{1,2})?";
/** Not within a word, a number or a phrase in quotes. */
const BEGINS = "(?<![\\p{L}\\p{N}\\p{M}.,\"“”'-])";
const ENDS = '(?![\\p{L}\\p{N}\\p{M}%"“”]|[.,]\\d)';

const known = new Map<string, Pattern[]>();

function patternsFor({ currency, searchLanguages }: Pick<Settings, "currency" | "searchLanguages">): Pattern[] {
  const key = `${currency} ${searchLanguages.join()}`;
  const found = known.get(key) ?? patternsOf(marksOf(currency), searchLanguages);
  known.set(key, found);
  return found;
}

function patternsOf(marks: string, languages: readonly Language[]): Pattern[] {
  const money = (name: string) =>
    `(?:(?<${name}Before>${marks})\\s?)?(?<${name}>${NUMBER})(?<${name}K>k)?(?:\\s?(?<${name}After>/-|${marks}))?`;
  const saying = (names: readonly (keyof Words)[]) =>
    languages.flatMap((language) => names.flatMap((name) => WORDS[language][name] ?? [])).join("|");
  const before = (strong: string, weak: string, signs: string) =>
    `(?:(?<weak>${weak})\\s|(?<firstToo>${strong})\\s|(?:${signs})\\s?)${money("one")}`;
  const [first, amid] = [0, 1].map((at) => languages.map((language) => WORDS[language].between[at]).join("|"));
  return [
    { ends: "both", pattern: pattern(`(?<firstToo>${first})\\s${money("one")}\\s?(?:${amid})\\s?${money("other")}`) },
    // Without the word before it two numbers may be anything, so one of them is marked as money.
    { ends: "both", pattern: pattern(`(?<weak>)${money("one")}\\s?(?:to|-|–)\\s?${money("other")}`) },
    { ends: "most", pattern: pattern(before(saying(["most"]), saying(["mostBeforeMoney"]), "<=?|≤")) },
    { ends: "least", pattern: pattern(before(saying(["least"]), saying(["leastBeforeMoney"]), ">=?|≥")) },
    { ends: "most", pattern: pattern(`${money("one")}\\s(?<ended>${saying(["mostAfter"])})`) },
    { ends: "least", pattern: pattern(`${money("one")}\\s(?<ended>${saying(["leastAfter"])})`) },
  ];
}

const pattern = (source: string) => new RegExp(`${BEGINS}(?:${source})${ENDS}`, "dgu");

/** How the shop's currency is written, folded: its sign, its code and its name, and the rupee's `Rs`. */
function marksOf(currency: string): string {
  const written = (currencyDisplay: "code" | "name" | "narrowSymbol", amount: number) =>
    new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay, minimumFractionDigits: 0 })
      .formatToParts(amount)
      .find(({ type }) => type === "currency")
      ?.value.split(" ")
      .at(-1) ?? currency;
  const marks = [
    written("narrowSymbol", 2),
    written("code", 2),
    ...[1, 2].map((amount) => written("name", amount)),
    ...(currency === "INR" ? ["rs.", "rs"] : []),
  ];
  const escaped = [...new Set(marks.map(fold))].map((mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return escaped.toSorted((a, b) => b.length - a.length).join("|");
}
