/**
 * Text as search and sorting see it: small letters without accents. Ligatures, full-width letters, ß and both Turkish
 * i's become plain ones, so that `strasse`, `STRASSE` and `Straße` mean the same. Signs are no letters (™ is not `tm`),
 * characters that only shape what stands beside them are nothing, and digits of every script are the same ten. SQLite folds
 * ASCII only and PostgreSQL by its locale, hence here, once, for both.
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .replace(INVISIBLE, "")
    .replace(FRACTIONS, (sign, at: number, whole: string) => fraction(sign, whole[at - 1]))
    .replace(RAISED_AFTER_DIGIT, "$1 $2")
    .replace(SIGNS, (sign) => (SQUARED_UNITS.test(sign) ? ` ${sign} ` : " "))
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .toLowerCase()
    .replace(OTHER_DIGITS, asciiDigit)
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

// oxlint-disable-next-line no-control-regex -- ASCII is meant, the whole of it
const PLAIN = /^[\x00-\x7f]*$/;

// Joiners, soft hyphens, marks of direction, variation selectors, and the bar that lengthens Arabic words.
const INVISIBLE = /[\p{Cf}\ufe00-\ufe0f\u0640]/gu;

// Latin, Greek and Cyrillic accents, Hebrew and Arabic points, and the dot below Indic letters, which is often left out.
// Not the vowel signs of Indic scripts: those are letters.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc\u0b3c]/g;

/** ™ and ℠ would unfold to letters, № and ℡ too. */
const SIGNS = /\p{So}/gu;
/** ㎏ and ㎖ are letters drawn as one sign. */
const SQUARED_UNITS = /[\u3300-\u33ff]/u;
/** `10²` is not 102; `m²` is m2. */
const RAISED_AFTER_DIGIT = /(\d)([\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089])/g;

const FRACTIONS = /[\u00bc-\u00be\u2153-\u215e]/g;
/** `5½` is 5.5, `½` is 0.5. */
function fraction(sign: string, before: string | undefined): string {
  const [over = "1", under = "1"] = sign.normalize("NFKD").split("\u2044");
  const decimals = String(Math.round((Number(over) / Number(under)) * 1000) / 1000).slice(1);
  return before !== undefined && /\d/.test(before) ? decimals : ` 0${decimals}`;
}

const OTHER_DIGITS = /(?![0-9])\p{Nd}/gu;
/** The decimal digits of a script stand in a row, its zero first. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && IS_DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}
const IS_DIGIT = /\p{Nd}/u;

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
  // Arabic and Persian write the same letters in two ways.
  ك: "ک",
  ي: "ی",
  ى: "ی",
  ە: "ه",
  ہ: "ه",
  ة: "ه",
  ٱ: "ا",
};
const LETTERS_WITHOUT_DECOMPOSITION = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");

/** Longer ones are cut: PostgreSQL's index takes no word of more than 2,046 bytes. */
export const LONGEST_WORD = 64;
const WORD = new RegExp(`[\\p{L}\\p{N}\\p{M}]{1,${LONGEST_WORD}}`, "gu");
