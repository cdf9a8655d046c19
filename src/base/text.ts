/**
 * Text as search and sorting see it: small letters without accents. Ligatures, full-width letters, ß and both Turkish
 * i's become plain ones, so that whoever types `strasse`, `STRASSE` or `Straße` means the same. SQLite folds ASCII only and
 * PostgreSQL by its locale, hence here, once, for both.
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .toLowerCase()
    .replace(LETTERS_WITHOUT_DECOMPOSITION, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .normalize("NFC");
}

/** What a person typed as it is compared: folded, without spaces around it, and with single ones inside. */
export function wordKey(text: string): string {
  return fold(text).trim().replace(/\s+/g, " ");
}

/** The words of a text, folded: runs of letters and digits. Nothing else that is typed can be an operator. */
export function wordsOf(text: string): string[] {
  return fold(text).match(WORD) ?? [];
}

/**
 * The words of a text with, after each compound, the whole of it: `t-shirt` gives t, shirt and tshirt; `TN-2110` also
 * tn2110. This is what is indexed, so that both spellings find it.
 */
export function wordsAndCompounds(text: string): string[] {
  const found: string[] = [];
  for (const [compound] of fold(text).slice(0, LONGEST_TEXT).matchAll(COMPOUND)) {
    const parts = compound.match(WORD) ?? [];
    found.push(...parts);
    const whole = parts.join("");
    if (parts.length > 1 && whole.length <= LONGEST_WORD) found.push(whole);
  }
  return found;
}

/**
 * One form for singular and plural (the three rules of Harman's S stemmer). A stronger stemmer knows one language only and
 * takes `universal` for `university`; what it found more in a catalog of 19,406 products was nothing.
 */
export function stem(word: string): string {
  if (word.length < 4 || !word.endsWith("s")) return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (SIBILANT_PLURAL.test(word)) return word.slice(0, -2);
  return word.endsWith("ss") || word.endsWith("us") || word.endsWith("is") ? word : word.slice(0, -1);
}

// oxlint-disable-next-line no-control-regex -- ASCII is meant, the whole of it
const PLAIN = /^[\x00-\x7f]*$/;

// Latin, Greek and Cyrillic accents, Hebrew and Arabic points. Not the vowel signs of Indic scripts: those are letters.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;

const PLAIN_LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ŧ: "t",
  ı: "i",
  ĸ: "k",
  ς: "σ",
};
const LETTERS_WITHOUT_DECOMPOSITION = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");

/** Longer ones are cut: PostgreSQL's index takes no word of more than 2,046 bytes. */
const LONGEST_WORD = 64;
const WORD = new RegExp(`[\\p{L}\\p{N}\\p{M}]{1,${LONGEST_WORD}}`, "gu");
const COMPOUND = /[\p{L}\p{N}\p{M}]+(?:[-'’‐‑][\p{L}\p{N}\p{M}]+)*/gu;
/** In letters, folded: some signs unfold to eighteen, and PostgreSQL's index takes no more than a megabyte of a product. */
const LONGEST_TEXT = 60_000;
const SIBILANT_PLURAL = /(?:ss|x|z|ch|sh)es$/;
