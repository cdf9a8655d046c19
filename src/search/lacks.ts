import { type Language, stemsOf } from "../search-index/stem";
import { one, type Spelling } from "../search-index/terms";
import { countEach, type Searched } from "./counts";

/** `without sugar`: what an answer is to be without. */
export interface Lack {
  /** As it was typed. */
  text: string;
  /** How a product says that it is: `no sugar`, `sugar-free`, `unsalted`. */
  said: Spelling[];
  /** How a product is called that it is not. */
  name: Spelling;
}

/** A lack as a word that is asked for. */
interface LackingWord {
  text: string;
  kind: "phrase";
  exact: Spelling[];
  isFunctionWord: false;
}

/**
 * What is to be without something: where products that have the other words say so (`unsalted`, `no sugar`) that is asked
 * for, and otherwise those are left out that are called by it.
 */
export async function lackedIn(
  shop: Searched,
  lacks: readonly Lack[],
  others: readonly { exact: Spelling[]; isFunctionWord: boolean }[],
): Promise<{ words: LackingWord[]; without: Spelling[] }> {
  if (lacks.length === 0) return { words: [], without: [] };
  const beside = others.flatMap(({ exact, isFunctionWord }) =>
    isFunctionWord ? [] : [{ spellings: exact, products: 0 }],
  );
  const counts = await countEach(
    shop,
    lacks.map(({ said }) => one([{ spellings: said, products: 0 }, ...beside])),
  );
  const isSaid = (_: Lack, at: number) => (counts[at] ?? 0) > 0;
  return {
    words: lacks.filter(isSaid).map(({ text, said }) => ({ text, kind: "phrase", exact: said, isFunctionWord: false })),
    without: lacks.filter((lack, at) => !isSaid(lack, at)).map(({ name }) => name),
  };
}

/** How a language says that something is to be without what follows. */
const WITHOUT: Record<Language, readonly string[]> = {
  en: ["without", "no", "bina"],
  de: ["ohne"],
  fr: ["sans"],
  es: ["sin"],
  pt: ["sem"],
  it: ["senza"],
  nl: ["zonder"],
  sv: ["utan"],
  da: ["uden"],
  no: ["uten"],
};

/** What a folded text wants to be without, and the rest of it. */
export function lacksIn(text: string, languages: readonly Language[]): { lacks: Lack[]; wanted: string } {
  const lacks: Lack[] = [];
  const wanted = text.replace(lackPattern(languages), (said, word: string) => {
    lacks.push(lackOf(said, word, languages));
    return " ";
  });
  return { lacks, wanted };
}

const lackPattern = (languages: readonly Language[]) =>
  new RegExp(
    `(?<=^|\\s)(?:${languages.flatMap((language) => WITHOUT[language]).join("|")})\\s(?:added\\s|any\\s)?(\\p{L}{3,})(?=\\s|$)`,
    "gu",
  );

function lackOf(text: string, word: string, languages: readonly Language[]): Lack {
  const stemOf = (other: string) => stemsOf(other, languages)[0] ?? other;
  const thing = stemOf(word);
  const said = [
    ...["no", "no added", "zero", "non", ...languages.flatMap((language) => WITHOUT[language])].map((not) => [
      ...not.split(" "),
      thing,
    ]),
    [thing, "free"],
    ...[`${thing}free`, `${thing}less`, `un${thing}ed`].map((one) => [stemOf(one)]),
  ];
  return {
    text: text.trim(),
    said: said.map((stems) => ({ stems })),
    name: { stems: [thing], fields: ["name"] },
  };
}
