import { fold, LONGEST_WORD } from "../base/text";
import { amountsIn, canonical, decimal, DECIMAL, SIGN } from "./amounts";

/** A piece of a folded text that is looked up as one thing. */
export interface Token {
  kind: "word" | "number" | "amount" | "run";
  /** As it is written, folded. */
  text: string;
  /**
   * What stands for it in the index. Of an amount its ways to be written, the best first; of a run of letters without spaces
   * its pairs, one after the other; otherwise the word itself.
   */
  terms: string[];
  /** Of an amount: the number and the unit as words. Of a version: the number that it is. */
  words: string[];
  /** Whether it is a part of the compound that the token before is a part of. */
  joins: boolean;
  at: number;
}

/** The tokens of a text, in their order. */
export function tokensOf(text: string): Token[] {
  return tokensIn(fold(text).slice(0, LONGEST_TEXT));
}

/** The words of a text that is being typed, amounts as the words that they are written with: `500 m` may go on as `500 ml`. */
export function wordsBeingTyped(text: string): string[] {
  return tokensOf(text).flatMap(({ kind, terms, words }) => (kind === "amount" ? words : terms));
}

function tokensIn(folded: string): Token[] {
  const amounts = amountsIn(folded);
  const tokens: Token[] = [];
  let from = 0;
  for (const { at, length, terms, words } of amounts) {
    tokens.push(...wordTokens(folded, from, at));
    tokens.push({ kind: "amount", text: folded.slice(at, at + length), terms, words, joins: false, at });
    from = at + length;
  }
  tokens.push(...wordTokens(folded, from, folded.length));
  return tokens;
}

function wordTokens(folded: string, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  // Masked rather than cut out, so that what stands before a piece can still be seen.
  const text = to === folded.length ? folded : folded.slice(0, to);
  // Most texts have no such script, and are read quicker.
  const pieces = HAS_RUN.test(text) ? PIECE_OR_RUN : PIECE;
  pieces.lastIndex = from;
  let end = -1;
  for (let match = pieces.exec(text); match; match = pieces.exec(text)) {
    // By number: groups with names are made into an object, which costs as much as the rest of a word.
    const [piece, asDecimal, run] = match;
    const at = match.index;
    const joins = at === end + 1 && JOINER.test(text[end] ?? "");
    end = at + piece.length;
    if (asDecimal !== undefined) {
      const [exactly, plainly] = [decimal(piece), canonical(piece)];
      const words = exactly === plainly ? [] : [plainly];
      tokens.push({ kind: "number", text: piece, terms: [exactly], words, joins, at });
    } else if (run !== undefined) {
      const letters = Array.from(piece);
      const pairs = letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
      tokens.push({ kind: "run", text: piece, terms: pairs.length > 0 ? pairs : [piece], words: [], joins, at });
    } else {
      const kind = DIGITS.test(piece) ? "number" : "word";
      tokens.push({ kind, text: piece, terms: [piece], words: [], joins, at });
    }
  }
  return tokens;
}

/** Scripts that put no space between words: what is asked for may begin anywhere in them. */
const RUN =
  "[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]";
const HAS_RUN = new RegExp(`(?=[\\p{L}\\p{M}])${RUN}`, "u");
const PIECE = new RegExp(`(${DECIMAL.source})|[\\p{L}\\p{N}\\p{M}]{1,${LONGEST_WORD}}`, "gu");
const PIECE_OR_RUN = new RegExp(
  `(${DECIMAL.source})|((?:(?=[\\p{L}\\p{M}])${RUN}){1,${LONGEST_WORD}})|(?:(?!(?=[\\p{L}\\p{M}])${RUN})[\\p{L}\\p{N}\\p{M}]){1,${LONGEST_WORD}}`,
  "gu",
);
const DIGITS = /^\d+$/;
const JOINER = /[-'’‐‑.]/;

/** Where a phrase of a name ends: no words stand side by side across it. */
const BREAK = /[,;:()[\]|/–—\n]/;

/**
 * The words of a text as they are indexed: amounts before the words that they are written with, after each compound the
 * whole of it (`t-shirt` gives t, shirt and tshirt; `TN-2110` also tn2110), and a sign where a phrase ends.
 */
export function indexedWords(text: string, withBreaks = false): string[] {
  const folded = fold(text).slice(0, LONGEST_TEXT);
  const found: string[] = [];
  let compound: string[] = [];
  let end = 0;
  const close = () => {
    if (compound.length > 1) {
      const whole = compound.join("").replaceAll(SIGN, "");
      if (whole.length <= LONGEST_WORD) found.push(whole);
    }
    compound = [];
  };
  for (const token of tokensIn(folded)) {
    if (!token.joins) close();
    if (withBreaks && found.length > 0 && BREAK.test(folded.slice(end, token.at))) found.push(SIGN);
    end = token.at + token.text.length;
    if (token.kind === "amount") found.push(...token.terms, ...token.words);
    else if (token.kind === "run") found.push(...token.terms, ...lastOf(token.text));
    else {
      found.push(...token.terms, ...token.words);
      compound.push(...token.terms);
    }
  }
  close();
  return found;
}

/** The last letter of a run begins no pair, and is to be found too. */
const lastOf = (run: string): string[] => {
  const letters = Array.from(run);
  return letters.length > 1 ? [letters.at(-1) ?? ""] : [];
};

/** In letters, folded: some signs unfold to eighteen, and PostgreSQL's index takes no more than a megabyte of a product. */
const LONGEST_TEXT = 60_000;
