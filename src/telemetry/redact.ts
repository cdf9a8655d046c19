/** What stands in place of a secret. */
const MASK = "[masked]";

const WORDS =
  "password|passwd|pwd|passcode|passphrase|secret|token|credential|signature|authorization|cookie|api_?key|private_?key";

const SECRET_NAMES = new RegExp(`${WORDS}|pass$|dsn$|_hash$|(^|[_-])auth$`, "i");

/**
 * Secrets that give themselves away inside of longer text: by how they look, by what stands before them, in addresses.
 * Lengths are bounded where a long text without a secret would be gone through again and again.
 */
const SECRET_TEXTS: [RegExp, string][] = [
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  [/(bearer|basic) +[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\$2[aby]\$\d\d\$[./\w]{53}/g, MASK],
  // Stripe's keys, secrets of webhooks, and keys of our own.
  [/\b(?:[sr]k_(?:live|test)|whsec)_[\w+/=-]+/g, MASK],
  [/(?<![\w-])sk_[\w-]{43}(?![\w-])/g, MASK],
  // Up to the last @: a password may have one itself. Without a name before it in Redis.
  [/(:\/\/[^\s:/@]*):[^\s"']{1,500}@/g, `$1:${MASK}@`],
  // In quotes to their end, whatever stands between them, also where they are escaped themselves.
  [
    new RegExp(String.raw`((?:${WORDS})\w{0,20}\\*["']?\s*[=:]\s*)(\\*["'])(?:(?!\2)(?:\\.|[^\\]))+`, "gi"),
    `$1$2${MASK}`,
  ],
  [new RegExp(String.raw`((?:${WORDS})\w{0,20}["']?\s*[=:]\s*)[^\s"'\\&,;}]+`, "gi"), `$1${MASK}`],
  // Our own tokens: 256 bits in base64url, which is 43 characters of either case.
  [/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/g, MASK],
];

/** One look tells most text from text that needs another. */
const SUSPICIOUS = new RegExp(String.raw`eyJ|bearer|basic|\$2|:\/\/|[sr]k_|whsec_|${WORDS}`, "i");
const SHORTEST_TOKEN = 43;

/** Text that is to be read although there is a secret in it: a letter that a developer has no letterbox for. */
export class Unredacted {
  constructor(readonly text: string) {}
}

/** A copy without what must not be written down: fields by their name, and text by what it looks like. */
export function redact<Value>(value: Value): Value {
  // The copy has the shape of what came in.
  return redactValue(value, 0) as Value;
}

const DEEPEST = 16;

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Unredacted) return value.text;
  if (depth > DEEPEST) return MASK;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const fields = Object.entries(value).map(([name, inner]) => [
    name,
    SECRET_NAMES.test(name) && inner !== null ? MASK : redactValue(inner, depth + 1),
  ]);
  return Object.fromEntries(fields);
}

export function redactText(text: string): string {
  if (text.length < SHORTEST_TOKEN && !SUSPICIOUS.test(text)) return text;
  return SECRET_TEXTS.reduce((masked, [pattern, instead]) => masked.replaceAll(pattern, instead), text);
}
