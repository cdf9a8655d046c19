import type { Language } from "../shop/setting-kinds";

export type { Language } from "../shop/setting-kinds";

/**
 * One form for singular and plural of a folded word, in each of the languages; the first language's comes first. Light on
 * purpose: a stronger stemmer takes `universal` for `university`, and found nothing more in a catalog of 19,406 products.
 */
export function stemsOf(word: string, languages: readonly Language[]): string[] {
  if (word.length < 3 || !LETTERS.test(word)) return [word];
  if (languages.length === 1) return [STEMMERS[languages[0] ?? "en"](word)];
  return [...new Set(languages.map((language) => STEMMERS[language](word)))];
}

/** The first language's form. */
export const stem = (word: string, languages: readonly Language[] = ["en"]): string =>
  stemsOf(word, languages)[0] ?? word;

const LETTERS = /^[a-z]+$/;

/** An ending, what stands in its place, and how many letters must be left before it. */
type Rule = [ending: RegExp, instead: string, left: number];

/** The first rule that fits is the one that counts. */
const by =
  (rules: readonly Rule[]) =>
  (word: string): string => {
    for (const [ending, instead, left] of rules) {
      const found = ending.exec(word);
      if (found && found.index >= left) return word.replace(ending, instead);
    }
    return word;
  };

/**
 * After the light stemmers of Jacques Savoy ("Light stemming approaches for the French, Portuguese, German and Hungarian
 * languages", 2006) and the plural rules of Snowball's Scandinavian and Dutch stemmers, on letters without accents.
 */
const STEMMERS: Record<Language, (word: string) => string> = {
  en: englishStem,
  de: by([
    [/(?:ern|erinnen|innen)$/, "", 3],
    [/(?:en|er|es|em|e|n|s)$/, "", 3],
  ]),
  fr: by([
    [/eaux$/, "eau", 1],
    [/aux$/, "al", 2],
    [/x$/, "", 3],
    [/(?:euses|euse)$/, "eur", 3],
    [/ees$/, "e", 3],
    [/(?:es|e|s)$/, "", 3],
  ]),
  es: by([
    [/ces$/, "z", 2],
    [/(?:as|os)$/, "", 2],
    [/es$/, "", 3],
    [/(?:a|o|e)$/, "", 3],
    [/s$/, "", 3],
  ]),
  pt: by([
    [/(?:oes|aes|aos|ao)$/, "", 2],
    [/(?:ais|al)$/, "al", 2],
    [/(?:eis|el)$/, "el", 2],
    [/(?:ois|ol)$/, "ol", 2],
    [/(?:ns|m)$/, "m", 2],
    [/res$/, "r", 2],
    [/zes$/, "z", 2],
    [/(?:as|os|es|a|o|e)$/, "", 2],
    [/s$/, "", 3],
  ]),
  it: by([
    [/(?:che|chi|ca|co)$/, "c", 2],
    [/(?:ghe|ghi|ga|go)$/, "g", 2],
    [/(?:ie|ii|ia|io)$/, "", 3],
    [/[aeio]$/, "", 3],
  ]),
  nl: by([
    [/heden$/, "heid", 2],
    [/ieen$/, "ie", 2],
    [/([b-df-hj-np-tv-z])\1(?:en|es|e)$/, "$1", 2],
    [/(?:en|es|e|s)$/, "", 3],
  ]),
  sv: by([[/(?:ornas|arnas|ernas|orna|arna|erna|or|ar|er|en|et|na|a|e|n|s)$/, "", 3]]),
  da: by([[/(?:erne|ernes|ene|ers|er|en|et|e|s)$/, "", 3]]),
  no: by([[/(?:ene|ane|ers|er|ar|en|et|a|e|s)$/, "", 3]]),
};

function englishStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (ENDS_IN_S.has(word)) return word;
  // `cookies` and `batteries` end alike, so their singulars do too: `cooky`, `battery`.
  if (word.length > 3 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.endsWith("ie")) return `${word.slice(0, -2)}y`;
  if (word.endsWith("ves")) return F_PLURAL.test(word) ? fromVes(word) : word.slice(0, -1);
  if (word.endsWith("oes")) return SPOKEN_OE.test(word) ? word.slice(0, -1) : word.slice(0, -2);
  if (US_PLURAL.test(word)) return word.slice(0, -2);
  if (MEN.test(word)) return `${word.slice(0, -2)}an`;
  // `caches` may come from `cache` or, by its looks, from `cach`: both lose their e.
  if (SIBILANT_PLURAL.test(word)) return word.slice(0, -2);
  if (SIBILANT_E.test(word)) return word.slice(0, -1);
  if (word.length < 4 || !word.endsWith("s") || /(?:ss|us|is)$/.test(word)) return word;
  return word.slice(0, -1);
}

const IRREGULAR = new Map(
  Object.entries({
    mice: "mouse",
    children: "child",
    feet: "foot",
    teeth: "tooth",
    geese: "goose",
    people: "person",
    persons: "person",
    oxen: "ox",
    lice: "louse",
    dice: "die",
    dies: "die",
    die: "die",
    criteria: "criterion",
    indices: "index",
    matrices: "matrix",
    lenses: "lens",
    gases: "gas",
    axes: "ax",
    axe: "ax",
    thieves: "thief",
    beeves: "beef",
    movies: "movy",
  }),
);

/** Singulars, or words without one, that only look like plurals. */
const ENDS_IN_S = new Set(
  "lens gas bias alias atlas canvas christmas pancreas texas paris mars news series species always perhaps overseas its was has does this".split(
    " ",
  ),
);
const F_PLURAL =
  /(?:^|house|mid|ale)wives$|(?:kni|^li|after|half-?li)ves$|(?:loa|^lea|[^cs]lea|hal|shel|sel|wol|^cal|^el|shea|scar|hoo|dwar|whar)ves$/;
const fromVes = (word: string) => (/i(?:ves)$/.test(word) ? `${word.slice(0, -3)}fe` : `${word.slice(0, -3)}f`);
/** The e belongs to the singular: shoe, toe, canoe. */
const SPOKEN_OE = /(?:sh|^t|tipt|mistlet|^f|^d|^h|^w|^r|^al|^sl|can|ob|thr)oes$/;
const US_PLURAL =
  /(?:vir|bon|camp|cens|cact|stat|circ|walr|chor|hibisc|surpl|omnib|minib|^b|^pl|lot|geni|citr|octop|eucalypt|discus)uses$/;
const MEN = /^(?:wo|gentle|fire|police|sales|snow|post|fisher|work|sports|bats|super|spider|iron|handy)?men$/;
const SIBILANT_PLURAL = /(?:ss|x|z|ch|sh)es$/;
const SIBILANT_E = /(?:[^aeiou]x|[aeiou]x|zz|[aeiou]z|ch|sh)e$/;
