/**
 * Words in the scripts of India as people there write them in Latin letters (`बासमती` is `basmati`). The blocks of Unicode have
 * the same sounds at the same places (ISCII, IS 13194:1991), so one table serves Devanagari, Bengali, Gurmukhi, Gujarati,
 * Odia, Tamil, Telugu, Kannada and Malayalam.
 */
export const isIndic = (word: string): boolean => INDIC.test(word);
const INDIC = /^[\u0900-\u0d7f]+$/;

const BLOCK = 0x80;
const FIRST_CONSONANT = 0x15;
const CONSONANTS = "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h".split(" ");
const VOWELS = new Map(
  Object.entries({ 5: "a", 6: "a", 7: "i", 8: "i", 9: "u", 10: "u", 11: "ri", 13: "e", 14: "e", 15: "e", 16: "ai" })
    .concat(Object.entries({ 17: "o", 18: "o", 19: "o", 20: "au" }))
    .map(([place, sound]) => [Number(place), sound]),
);
/** The sign of a vowel stands so far after the vowel. */
const SIGN_AFTER_VOWEL = 0x38;
const NASAL = new Set([0x01, 0x02]);
const BREATH = 0x03;
const VIRAMA = 0x4d;

/** So many ways are tried to leave out the vowel that is written nowhere. */
const WAYS_MOST = 8;

/** The ways to write it, the likeliest first; none of a sign that stands alone. The vowel in a consonant is said or not: both are tried, except at the end. */
export function romanized(word: string): string[] {
  const sounds = soundsOf(word);
  if (sounds.length === 0) return [];
  let ways = [""];
  for (const [at, { letters, inherent }] of sounds.entries()) {
    const isLast = at === sounds.length - 1;
    const maybeSilent = inherent && at > 0 && sounds[at - 1]?.endsInVowel && sounds[at + 1]?.beginsSyllable;
    const endings = !inherent || isLast ? [""] : maybeSilent ? ["", "a"] : ["a"];
    ways = endings.flatMap((ending) => ways.map((way) => `${way}${letters}${ending}`)).slice(0, WAYS_MOST);
  }
  return ways;
}

interface Sound {
  letters: string;
  /** A consonant with the vowel that is written nowhere. */
  inherent: boolean;
  endsInVowel: boolean;
  beginsSyllable: boolean;
}

function soundsOf(word: string): Sound[] {
  const sounds: Sound[] = [];
  for (const letter of word) {
    const place = (letter.codePointAt(0) ?? 0) % BLOCK;
    const consonant = CONSONANTS[place - FIRST_CONSONANT];
    const sign = VOWELS.get(place - SIGN_AFTER_VOWEL);
    const vowel = VOWELS.get(place);
    const last = sounds.at(-1);
    if (consonant !== undefined)
      sounds.push({ letters: consonant, inherent: true, endsInVowel: true, beginsSyllable: true });
    else if (place === VIRAMA && last) Object.assign(last, { inherent: false, endsInVowel: false });
    else if (sign !== undefined && last) Object.assign(last, { letters: last.letters + sign, inherent: false });
    else if (vowel !== undefined)
      sounds.push({ letters: vowel, inherent: false, endsInVowel: true, beginsSyllable: false });
    else if (NASAL.has(place))
      sounds.push({ letters: "n", inherent: false, endsInVowel: false, beginsSyllable: false });
    else if (place === BREATH)
      sounds.push({ letters: "h", inherent: false, endsInVowel: false, beginsSyllable: false });
  }
  // The vowel of a consonant before a nasal is said.
  for (const [at, sound] of sounds.entries())
    if (sound.inherent && sounds[at + 1]?.letters === "n" && sounds[at + 1]?.inherent === false)
      Object.assign(sound, { letters: `${sound.letters}a`, inherent: false });
  return sounds;
}
