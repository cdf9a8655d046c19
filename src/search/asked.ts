import { fold } from "../base/text";
import { amountsIn } from "../search-index/amounts";
import { type Language, stemsOf } from "../search-index/stem";
import type { Spelling } from "../search-index/terms";
import { type Token, tokensOf } from "../search-index/tokens";
import { functionWordsOf } from "./function-words";
import { type Lack, lacksIn } from "./lacks";

/** A word of a search, or an amount, or a phrase in quotes. */
export interface AskedWord {
  /** As it was typed, folded. */
  text: string;
  kind: Token["kind"] | "phrase";
  /** How it stands in the index. */
  exact: Spelling[];
  /** It names nothing (`and`, `for`): a product need not have it. */
  isFunctionWord: boolean;
}

export interface Asked {
  /** In their order, each once. */
  words: AskedWord[];
  /** What no answer may have: `-word`. */
  without: Spelling[];
  lacks: Lack[];
}

/** A quotation mark right after a number means inches. */
const QUOTED = /(?<=^|\s)(-?)["“”]([^"“”]+)["“”](?=$|\s)/gu;
const EXCLUDED = /(?<=^|\s)-(\p{L}\S*)/gu;
/** A minus before what may be a measure: `rice -5kg`. */
const MINUS_BEFORE_NUMBER = /(?<=^|\s)-(?=\.?\d)/gu;

/** What a search says: `green tea -bags "assam ctc"`. */
export function askedIn(text: string, languages: readonly Language[]): Asked {
  const folded = fold(text);
  const without: Spelling[] = [];
  const phrases: AskedWord[] = [];
  const phraseOf = (phrase: string): Spelling[] => {
    const stems = tokensOf(phrase).flatMap(({ terms }) => terms.map((term) => stemsOf(term, languages)[0] ?? term));
    return stems.length > 0 ? [{ stems }] : [];
  };
  const rest = withoutMeasures(folded, (measure) => without.push(...phraseOf(measure)))
    .replace(QUOTED, (_, minus: string, phrase: string) => {
      const exact = phraseOf(phrase);
      if (minus) without.push(...exact);
      else if (exact.length > 0) phrases.push({ text: phrase.trim(), kind: "phrase", exact, isFunctionWord: false });
      return " ";
    })
    .replace(EXCLUDED, (_, word: string) => {
      without.push(...phraseOf(word));
      return " ";
    });
  const { lacks, wanted } = lacksIn(rest, languages);
  const words = [...phrases, ...plainWords(wanted, languages)];
  // Where nothing else is asked for, a minus is only a sign.
  return words.length > 0
    ? { words: distinct(words), without, lacks }
    : { words: distinct(plainWords(folded, languages)), without: [], lacks: [] };
}

/** The text without measures that have a minus before them; each is handed out. */
function withoutMeasures(folded: string, exclude: (measure: string) => void): string {
  return folded.split(MINUS_BEFORE_NUMBER).reduce((before, after) => {
    const [amount] = amountsIn(after);
    if (amount?.at !== 0) return `${before}-${after}`;
    exclude(after.slice(0, amount.length));
    return `${before} ${after.slice(amount.length)}`;
  });
}

function plainWords(folded: string, languages: readonly Language[]): AskedWord[] {
  const functionWords = functionWordsOf(languages);
  const words = tokensOf(folded).map((token): AskedWord => ({
    text: token.text,
    kind: token.kind,
    exact: exactly(token, languages),
    isFunctionWord: functionWords.has(token.text),
  }));
  // Of function words alone somebody may be called: The Who.
  return words.every(({ isFunctionWord }) => isFunctionWord)
    ? words.map((word) => ({ ...word, isFunctionWord: false }))
    : words;
}

/** How a token stands in the index. A single letter of a script without spaces begins a pair there. */
function exactly({ kind, terms }: Token, languages: readonly Language[]): Spelling[] {
  if (kind === "run")
    return [
      { stems: terms, ...(terms.length === 1 && Array.from(terms[0] ?? "").length === 1 && { unfinished: true }) },
    ];
  if (kind === "word") return stemsOf(terms[0] ?? "", languages).map((stem) => ({ stems: [stem] }));
  return [{ stems: terms.slice(0, 1) }];
}

const distinct = (words: readonly AskedWord[]) =>
  [...new Map(words.toReversed().map((word) => [word.text, word])).values()].toReversed();
