import type { Language } from "../search-index/stem";

const words = (text: string) => text.split(" ");

/** Words that name nothing: a product need not have them, and no misspelling is taken for one. Folded. */
const FUNCTION_WORDS: Record<Language, readonly string[]> = {
  en: words(
    "a an and are as at be by for from in into is it its n of off on or s that the their this to was with without your my aur ka ki ke ko wala wale wali mujhe chahiye " +
      "any some me please want need show buy best cheap cheapest online price prices",
  ),
  de: words(
    "der die das den dem des ein eine einen einem einer und oder mit ohne fur von vom zu zum zur im in am an auf aus bei ist",
  ),
  fr: words("le la les l un une des du de d et ou avec sans pour par sur sous dans en au aux a"),
  es: words("el la los las un una unos unas y o e de del con sin para por en al a su"),
  pt: words("o a os as um uma uns umas e ou de do da dos das com sem para por em no na nos nas ao aos"),
  it: words(
    "il lo la i gli le un uno una e o di del dello della dei degli delle con senza per da in nel nella a al alla",
  ),
  nl: words("de het een en of van voor met zonder in op aan bij te uit om"),
  sv: words("en ett den det och eller av for med utan i pa till fran som"),
  da: words("en et den det og eller af for med uden i pa til fra som"),
  no: words("en et ei den det og eller av for med uten i pa til fra som"),
};

const known = new Map<string, ReadonlySet<string>>();

export function functionWordsOf(languages: readonly Language[]): ReadonlySet<string> {
  const key = languages.join();
  const found = known.get(key) ?? new Set(languages.flatMap((language) => FUNCTION_WORDS[language]));
  known.set(key, found);
  return found;
}
