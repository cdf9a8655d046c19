/**
 * How a word sounds, roughly, so that two spellings of one sound come out alike: letters that are said alike are one,
 * doubled ones count once, vowels that follow each other are any vowel, and a silent `e` at the end is nothing. It is made
 * for words in Latin letters; of others it says only that they are themselves.
 */
export function soundOf(word: string): string {
  return word
    .replace(/c(?=[eiy])/g, "s")
    .replace(/g(?=[eiy])/g, "j")
    .replace(/ph/g, "f")
    .replace(/ck|[cq]/g, "k")
    .replace(/z/g, "s")
    .replace(/(?<=.)e$/, "")
    .replace(/[aeiouy]+/g, "a")
    .replace(/(.)\1+/g, "$1");
}
