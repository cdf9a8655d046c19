/**
 * Numbers as programs and shopkeepers write them into tables: `4.50`, `4,50`, `$4.50`, `1,299.00`, `1.299,00`, `1 299,00 €`. What
 * may mean two things is decided by the other numbers of the file, or is none.
 */

export type DecimalSign = "." | ",";

const SIGNS = /^(?:[A-Z]{3}|[\p{Sc}₨]|Rs\.?|kr\.?|zł|лв\.?)\s*|\s*(?:[A-Z]{3}|[\p{Sc}₨]|Rs\.?|kr\.?|zł|лв\.?)$/giu;

/** Digits, points and commas, with perhaps a sign before them: an amount without its currency and its spaces. */
function bare(text: string): string {
  return text
    .trim()
    .replace(SIGNS, "")
    .replace(/(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))/g, "")
    .trim()
    .replace(/^\+/, "");
}

/** Which sign stands before the decimals of this number, where that is plain. */
export function decimalSignIn(text: string): DecimalSign | undefined {
  if (PLAIN.test(text)) return text.includes(".") && !THREE_DIGITS.test(text) ? "." : undefined;
  const number = bare(text);
  const [, last] = /([.,])\d*$/.exec(number) ?? [];
  if (last !== "." && last !== ",") return undefined;
  const other = last === "." ? "," : ".";
  const isBetweenThousands = number.split(last).length > 2;
  if (isBetweenThousands) return number.includes(other) ? undefined : other;
  return THREE_DIGITS.test(number) ? undefined : last;
}

/**
 * The number that a field holds, with this sign before its decimals; NaN for what is none, so for nothing, `1e2` and `0x10` too.
 * Between thousands stands the other sign, or none.
 */
export function numberIn(field: string, decimal: DecimalSign = "."): number {
  if (PLAIN.test(field) && (decimal === "." || !field.includes("."))) return Number(field);
  const number = bare(field);
  if (!/\d/.test(number) || !WHOLE[decimal].test(number)) return Number.NaN;
  return Number(number.replaceAll(decimal === "." ? "," : ".", "").replace(",", "."));
}

/** As most are: looked at first, since a file may have millions. */
const PLAIN = /^-?\d+(\.\d+)?$/;

/** Of three digits behind it, a sign may stand between thousands. */
const THREE_DIGITS = /^-?[1-9]\d{0,2}[.,]\d{3}$/;

const WHOLE: Record<DecimalSign, RegExp> = {
  ".": /^-?(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3})?(?:\.\d+)?$/,
  ",": /^-?(?:\d+|\d{1,3}(?:\.\d{2,3})*\.\d{3})?(?:,\d+)?$/,
};

/** What the numbers of a file say together of how they are written. */
export class DecimalEvidence {
  #commas = 0;
  #points = 0;

  see(text: string): void {
    const sign = decimalSignIn(text);
    if (sign === ",") this.#commas++;
    if (sign === ".") this.#points++;
  }

  /** The sign that most of them have; `usual` where none says. */
  sign<Usual>(usual: Usual): DecimalSign | Usual {
    if (this.#commas === this.#points) return usual;
    return this.#commas > this.#points ? "," : ".";
  }
}
