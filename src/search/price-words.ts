import type { Language } from "../search-index/stem";

/** How a language says it, folded. Words that may as well belong to a name (`Air Max 90`) count beside a sign of money alone. */
export interface Words {
  most: string;
  mostBeforeMoney?: string;
  least: string;
  leastBeforeMoney?: string;
  /** What comes after the number. */
  mostAfter?: string;
  leastAfter?: string;
  between: [before: string, amid: string];
}

export const WORDS: Record<Language, Words> = {
  en: {
    most: "under|below|less than|cheaper than|up to|upto|at most|not more than|no more than|within",
    mostBeforeMoney: "max|max\\.|maximum|not over|for",
    least: "over|above|more than|at least|not less than|no less than",
    leastBeforeMoney: "min|min\\.|minimum|from|starting at|starting from",
    mostAfter:
      "or less|and less|or under|and under|or below|and below|or cheaper|se kam|ke andar|ke niche|ke neeche|tak",
    leastAfter: "or more|and more|or above|and above|and up|or over|se zyada|se jyada|se upar|ke upar",
    between: ["between", "and|to|-"],
  },
  de: {
    most: "unter|weniger als|billiger als|gunstiger als|bis zu|hochstens",
    mostBeforeMoney: "bis|max|max\\.|maximal|fur",
    least: "uber|mehr als|mindestens",
    leastBeforeMoney: "ab|min|min\\.|von",
    mostAfter: "oder weniger|oder gunstiger",
    leastAfter: "oder mehr",
    between: ["zwischen", "und|bis|-"],
  },
  fr: {
    most: "moins de|moins cher que|jusqu'a|jusqu’a",
    mostBeforeMoney: "max|maximum|sous",
    least: "plus de|au moins",
    leastBeforeMoney: "a partir de|des|min|minimum",
    mostAfter: "ou moins",
    leastAfter: "ou plus",
    between: ["entre", "et|a|-"],
  },
  es: {
    most: "menos de|por debajo de|hasta",
    mostBeforeMoney: "max|maximo|por",
    least: "mas de|por encima de",
    leastBeforeMoney: "desde|a partir de|min|minimo",
    mostAfter: "o menos",
    leastAfter: "o mas",
    between: ["entre", "y|a|-"],
  },
  pt: {
    most: "menos de|abaixo de|ate",
    mostBeforeMoney: "max|maximo|por",
    least: "mais de|acima de",
    leastBeforeMoney: "desde|a partir de|min|minimo",
    mostAfter: "ou menos",
    leastAfter: "ou mais",
    between: ["entre", "e|a|-"],
  },
  it: {
    most: "meno di|sotto i|fino a",
    mostBeforeMoney: "max|massimo|per",
    least: "piu di|oltre i",
    leastBeforeMoney: "da|a partire da|min|minimo",
    mostAfter: "o meno",
    leastAfter: "o piu",
    between: ["tra", "e|-"],
  },
  nl: {
    most: "onder|minder dan|goedkoper dan|hoogstens",
    mostBeforeMoney: "tot|max|max\\.|maximaal|voor",
    least: "boven|meer dan|minstens",
    leastBeforeMoney: "vanaf|min|min\\.",
    mostAfter: "of minder",
    leastAfter: "of meer",
    between: ["tussen", "en|-"],
  },
  sv: {
    most: "under|mindre an|billigare an|upp till|hogst",
    mostBeforeMoney: "max|for",
    least: "over|mer an|minst",
    leastBeforeMoney: "fran|min",
    mostAfter: "eller mindre",
    leastAfter: "eller mer",
    between: ["mellan", "och|-"],
  },
  da: {
    most: "under|mindre end|billigere end|op til|hojst",
    mostBeforeMoney: "max|maks|for",
    least: "over|mere end|mindst",
    leastBeforeMoney: "fra|min",
    mostAfter: "eller mindre",
    leastAfter: "eller mere",
    between: ["mellem", "og|-"],
  },
  no: {
    most: "under|mindre enn|billigere enn|opptil|hoyst",
    mostBeforeMoney: "max|maks|for",
    least: "over|mer enn|minst",
    leastBeforeMoney: "fra|min",
    mostAfter: "eller mindre",
    leastAfter: "eller mer",
    between: ["mellom", "og|-"],
  },
};
