/** Characters that a secret has at least, where it is ours to choose. */
export const SECRET_LENGTH_LEAST = 32;
const DIFFERENT_CHARACTERS_LEAST = 8;
const SEQUENCE_LENGTH_MOST = 9;

/** What people write where a secret should stand. Too long to come up by chance, and none could be hex. */
const WEAK_WORDS =
  /secret|password|passphrase|change[-_ ]?(me|this|it)|insecure|example|default|placeholder|development/i;

/** Secrets of tutorials, and hashes of what is not worth hashing: they look random, and everybody has them. */
const PUBLISHED_SECRETS = new Set([
  // FastAPI's tutorial and Flask's configuration.
  "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
  "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
  // MD5 and SHA-256 of nothing, then of "password".
  "d41d8cd98f00b204e9800998ecf8427e",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "5f4dcc3b5aa765d61d8327deb882cf99",
  "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
]);

/** Whether an attacker who has read a few READMEs could guess this secret. Never of one that was drawn at random. */
export function isWeakSecret(secret: string, shortest = SECRET_LENGTH_LEAST): boolean {
  return (
    secret.length < shortest ||
    new Set(secret).size < DIFFERENT_CHARACTERS_LEAST ||
    WEAK_WORDS.test(secret) ||
    PUBLISHED_SECRETS.has(secret.toLowerCase()) ||
    repeatsItself(secret) ||
    hasSequence(secret) ||
    isTypedAlong(secret) ||
    readsLikeProse(secret)
  );
}

/** The pairs of letters that stand most often beside each other in English. */
const COMMON_PAIRS = new Set(
  "th he in er an re nd on en at es is it or ti te of ed al ar st to nt ha ou ng se le ve me hi as io de co ce".split(
    " ",
  ),
);
/** In prose about two of five pairs are common; drawn at random one of twenty at most, and not one secret in a million a third. */
const COMMON_PAIRS_SHARE_MOST = 1 / 3;

/** Whether it is a sentence without its spaces. */
function readsLikeProse(secret: string): boolean {
  const letters = secret.toLowerCase();
  let common = 0;
  for (let at = 0; at + 1 < letters.length; at++) if (COMMON_PAIRS.has(letters.slice(at, at + 2))) common++;
  return letters.length >= SECRET_LENGTH_LEAST && common / (letters.length - 1) > COMMON_PAIRS_SHARE_MOST;
}

/** The same part again and again, at least twice. */
function repeatsItself(secret: string): boolean {
  for (let part = 1; part <= secret.length / 2; part++) {
    if (secret.startsWith(secret.slice(part))) return true;
  }
  return false;
}

/** The rows of keyboards, columns from the left, and the numbers that people know by heart. */
const ALONG = [
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "qsdfghjklm",
  "zxcvbnm",
  "yxcvbnm",
  "1234567890",
  "1qaz2wsx3edc4rfv5tgb",
  "qazwsxedcrfvtgb",
  "31415926535897932384",
  "27182818284590452353",
  "14142135623730950488",
  "16180339887498948482",
];
/** So many in a row, of digits more, since many secrets have few other characters: by chance once in some hundred million. */
const lengthAlong = (line: string): number => (/^\d+$/.test(line) ? 10 : 7);

const PARTS_ALONG = ALONG.flatMap((line) => [line, line.split("").toReversed().join("")]).flatMap((line) =>
  Array.from({ length: line.length - lengthAlong(line) + 1 }, (_, at) => line.slice(at, at + lengthAlong(line))),
);

/** Whether a part of it was typed from key to key. */
function isTypedAlong(secret: string): boolean {
  const typed = secret.toLowerCase();
  return PARTS_ALONG.some((part) => typed.includes(part));
}

/** Many characters in a row that each follow the one before, as in 0123456789. */
function hasSequence(secret: string): boolean {
  let length = 1;
  for (let at = 1; at < secret.length; at++) {
    length = secret.charCodeAt(at) === secret.charCodeAt(at - 1) + 1 ? length + 1 : 1;
    if (length > SEQUENCE_LENGTH_MOST) return true;
  }
  return false;
}
