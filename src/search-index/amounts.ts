/**
 * A number with its unit is one thing in every spelling: `5kg`, `5 kg`, `5 kilo`, `5000 g`. In the index it is a word that
 * nobody can type, since its first letter is a sign.
 */
export const SIGN = "·";

/** A unit's kind and how many of the kind's smallest it is. */
type Unit = readonly [kind: string, times: number];

const UNITS = new Map<string, Unit>();
/** A `~` in a name stands for the space in it. */
const unit = (kind: string, times: number, names: string) => {
  for (const name of names.split(" ")) UNITS.set(name.replaceAll("~", " "), [kind, times]);
};
unit("g", 0.001, "mg milligram milligrams");
unit("g", 1, "g gm gms gr grm gram grams gramm gramme grammes ग्राम");
unit("g", 1000, "kg kgs kilo kilos kilogram kilograms kilogramme किलो किग्रा");
unit("lb", 1, "lb lbs");
unit("oz", 1, "oz ounce ounces");
unit("ml", 1, "ml mls millilitre millilitres milliliter milliliters");
unit("ml", 10, "cl");
unit("ml", 1000, "l lt ltr ltrs litre litres liter liters लीटर");
unit("mm", 1, "mm millimetre millimetres millimeter millimeters");
unit("mm", 10, "cm cms centimetre centimetres centimeter centimeters");
unit("mm", 1000, "m mtr mtrs metre metres meter meters");
unit("mm", 1_000_000, "km kilometre kilometres kilometer kilometers");
unit("in", 1, "in inch inches zoll");
unit("in", 12, "ft feet foot");
unit("mb", 0.001, "kb");
unit("mb", 1, "mb megabyte megabytes");
unit("mb", 1000, "gb gig gigs gigabyte gigabytes");
unit("mb", 1_000_000, "tb terabyte terabytes");
unit("w", 1, "w watt watts");
unit("w", 1000, "kw kilowatt kilowatts");
unit("v", 1, "v volt volts");
unit("va", 1, "va");
unit("va", 1000, "kva");
unit("amp", 1, "amp amps ampere amperes");
unit("mah", 1, "mah");
unit("mah", 1000, "ah");
unit("hz", 1, "hz");
unit("hz", 1e3, "khz");
unit("hz", 1e6, "mhz");
unit("hz", 1e9, "ghz");
unit("bit", 1, "bit bits");
unit("mbps", 1, "mbps mbit/s mb/s");
unit("mbps", 1000, "gbps gbit/s gb/s");
unit("rpm", 1, "rpm");
unit("dpi", 1, "dpi");
unit("lm", 1, "lm lumen lumens ansi~lumen ansi~lumens");
unit("mp", 1, "mp megapixel megapixels");
unit("hour", 1, "hr hrs hour hours");
unit("minute", 1, "min mins minute minutes");
unit("day", 1, "day days");
unit("month", 1, "month months");
unit("year", 1, "yr yrs year years");
unit("piece", 1, "pc pcs pce pc(s) piece pieces nos count ct");
unit("piece", 12, "dozen dozens dz doz");
unit("pack", 1, "pk pack packs packet packets pkt pkts");
for (const container of ["bottle", "pouch", "sachet", "jar", "can", "tin", "bag", "box", "roll", "tube"])
  unit(container, 1, `${container} ${container}${/(?:x|ch)$/.test(container) ? "es" : "s"}`);

const NAMES = [...UNITS.keys()].toSorted((a, b) => b.length - a.length).map((name) => name.replace(/[()]/g, "\\$&"));
/** `27"`, in every sign that is used for it. */
const INCH = `"|''|\u2032\u2032|[\u201c\u201d]`;
const NOT_WITHIN = "(?![\\p{L}\\p{N}\\p{M}])";
const FRACTION = "(?:\\d{1,2}\\s)?[1357]/[248]";
const NUMBER = `${FRACTION}(?![\\d/])|\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+[.,]\\d+|\\d+|\\.\\d+`;
/** `half a litre`, `quarter kg`. */
const WORDS = new Map([
  ["half", 0.5],
  ["aadha", 0.5],
  ["adha", 0.5],
  ["quarter", 0.25],
]);
const UNIT = `(?:${NAMES.join("|")})${NOT_WITHIN}|${INCH}`;

/** `6 x 330 ml`, `5-10 kg`, `5 kg`; not in the middle of a word or number. */
const AMOUNT = new RegExp(
  `(?<![\\p{L}\\p{N}\\p{M}.,]|[\\p{L}\\p{N}][-/])(?:(?<times>\\d{1,3})\\s?[x×*]\\s?|(?<from>${NUMBER})\\s?(?:${UNIT})?\\s?(?:[-–—~]|to(?=\\s))\\s?)?` +
    `(?<number>${NUMBER}|(?<word>${[...WORDS.keys()].join("|")})(?:\\s(?:an?|of))?(?=\\s))(?<apart>\\s?-?)(?<unit>${UNIT})(?!\\s?[-–—~]\\s?\\d)`,
  "gu",
);

export interface Amount {
  at: number;
  length: number;
  /** What stands for it in the index. Of `6 x 330 ml` also what stands for 330 ml. */
  terms: [string, ...string[]];
  /** The number and the unit as they are written, where they are words by themselves. */
  words: string[];
}

const HAS_NUMBER = new RegExp(`\\d|\\b(?:${[...WORDS.keys()].join("|")})\\b`);

/** The amounts in a folded text. */
export function amountsIn(text: string): Amount[] {
  // Without a digit or such a word there is none, and most texts end here.
  if (!HAS_NUMBER.test(text)) return [];
  const amounts: Amount[] = [];
  for (const match of text.matchAll(AMOUNT)) {
    const { times, from, word, apart = "", unit: name = "" } = match.groups ?? {};
    const number = plainNumber(match.groups?.["number"] ?? "", word);
    const [kind, factor] = UNITS.get(name) ?? ["in", 1];
    // `2 in 1` and `3 in the box` are no inches.
    if (name === "in" && apart !== "" && /^\s+\S/.test(text.slice(match.index + match[0].length))) continue;
    const one = `${SIGN}${canonical(number, factor)}${kind}`;
    const place = { at: match.index, length: match[0].length };
    const words = [word ?? canonical(number), ...unitWords(name, apart === "" ? canonical(number) : "")];
    if (from !== undefined) {
      amounts.push({
        ...place,
        terms: [`${SIGN}${canonical(plainNumber(from), factor)}-${one.slice(1)}`.replace("-", "–")],
        words: [canonical(plainNumber(from)), ...words],
      });
    } else if (times !== undefined && Number(times) !== 1) {
      amounts.push({
        ...place,
        terms: [`${SIGN}${Number(times)}x${one.slice(1)}`, one],
        words: [String(Number(times)), "x", ...words],
      });
    } else {
      amounts.push({ ...place, terms: [one], words });
    }
  }
  return amounts;
}

/** `1 1/2` is 1.5, `half` 0.5. */
function plainNumber(number: string, word?: string): string {
  if (word !== undefined) return String(WORDS.get(word) ?? 1);
  if (!number.includes("/")) return number;
  const [fraction = "", whole = "0"] = number.split(" ").toReversed();
  const [over = "1", under = "1"] = fraction.split("/");
  return String(Number(whole) + Number(over) / Number(under));
}

/** How a unit is found as a word: with the number before it where both are written as one, `pc(s)` in both its forms. */
function unitWords(name: string, number: string): string[] {
  if (!UNITS.has(name)) return [];
  const word = name.replace(/[()]/g, "");
  if (word !== name) return [`${number}${word}`, "pc", "s"];
  const [first = "", ...others] = name.split(/[ /]/);
  return [`${number}${first}`, ...others];
}

/** So large that all of its digits are kept. */
const WHOLE_MOST = 1e12;

const THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;

/** A number without thousands separators and trailing zeros; its decimal sign is one that no index splits at. */
export function canonical(number: string, factor = 1): string {
  const plain = THOUSANDS.test(number) ? number.replaceAll(",", "") : number.replace(",", ".");
  const value = Number(plain) * factor;
  // Of a whole number there is nothing to round, and rounding costs as much as finding it.
  if (Number.isInteger(value) && value < WHOLE_MOST) return String(value);
  return String(Number(value.toPrecision(12)))
    .replace(".", SIGN)
    .replace("e+", "e");
}

/**
 * A decimal number that is no amount, such as a version. A zero at its end tells: 2.0 is another HDMI than 2, of which there
 * may be two ports.
 */
export const decimal = (number: string): string =>
  /[.,]\d*0$/.test(number) && !THOUSANDS.test(number)
    ? number.replace(/^0+(?=\d)/, "").replace(/[.,]/, SIGN)
    : canonical(number);

/** A decimal number, such as the 7.50 of `7.50R16`: not a part of something with more points. */
export const DECIMAL = /(?<![\p{L}\p{N}\p{M}.,])\d+[.,]\d+(?![.,]?\d)/gu;
