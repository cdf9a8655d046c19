export const SHORTEST_SECRET = 32;
const FEWEST_CHARACTERS = 8;
const LONGEST_SEQUENCE = 9;

/** What people write where a secret should stand. Too long to come up by chance, and none could be hex. */
const WORDS = /secret|password|passphrase|change[-_ ]?(me|this|it)|insecure|example|default|placeholder|development/i;

/** Secrets of tutorials, and hashes of what is not worth hashing: they look random, and everybody has them. */
const KNOWN = new Set([
  // FastAPI's tutorial and Flask's configuration.
  "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
  "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
  // MD5 and SHA-256 of nothing, then of "password".
  "d41d8cd98f00b204e9800998ecf8427e",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "5f4dcc3b5aa765d61d8327deb882cf99",
  "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
]);

/** Whether somebody who has read a few READMEs could guess this secret. Never of one that was drawn at random. */
export function isGuessable(secret: string): boolean {
  return (
    secret.length < SHORTEST_SECRET ||
    new Set(secret).size < FEWEST_CHARACTERS ||
    WORDS.test(secret) ||
    KNOWN.has(secret.toLowerCase()) ||
    repeatsItself(secret) ||
    hasSequence(secret)
  );
}

/** The same part again and again, at least twice. */
function repeatsItself(secret: string): boolean {
  for (let part = 1; part <= secret.length / 2; part++) {
    if (secret.startsWith(secret.slice(part))) return true;
  }
  return false;
}

/** Many characters in a row that each follow the one before, as in 0123456789. */
function hasSequence(secret: string): boolean {
  let length = 1;
  for (let at = 1; at < secret.length; at++) {
    length = secret.charCodeAt(at) === secret.charCodeAt(at - 1) + 1 ? length + 1 : 1;
    if (length > LONGEST_SEQUENCE) return true;
  }
  return false;
}
