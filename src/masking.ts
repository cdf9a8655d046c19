/** What stands in place of a secret. */
const MASK = "[masked]";

const SECRET_NAMES =
  /pass(word|wd|phrase)?$|password|secret|token|authorization|cookie|api_?key|private_?key|dsn$|_hash$/i;

/** Secrets that give themselves away inside of longer text: JWTs, bearer tokens, bcrypt hashes, passwords in addresses. */
const SECRET_TEXTS: [RegExp, string][] = [
  [/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  [/(bearer|basic) +[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\$2[aby]\$\d\d\$[./\w]{53}/g, MASK],
  [/(\w+:\/\/[^\s:/@]+):[^\s@]+@/g, `$1:${MASK}@`],
  [/((?:password|token|secret)["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, `$1${MASK}`],
];

/** One look tells most text from text that needs another. */
const SUSPICIOUS = /eyJ|bearer|basic|\$2|:\/\/|password|token|secret/i;

/** Text that is to be read although there is a secret in it: a letter that a developer has no letterbox for. */
export class Unmasked {
  constructor(readonly text: string) {}
}

/** A copy without what must not be written down: fields by their name, and text by what it looks like. */
export function masked<Value>(value: Value): Value {
  // The copy has the shape of what came in.
  return maskedValue(value, 0) as Value;
}

const DEEPEST = 16;

function maskedValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return maskedText(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Unmasked) return value.text;
  if (depth > DEEPEST) return MASK;
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, depth + 1));
  const fields = Object.entries(value).map(([name, inner]) => [
    name,
    SECRET_NAMES.test(name) && inner !== null ? MASK : maskedValue(inner, depth + 1),
  ]);
  return Object.fromEntries(fields);
}

export function maskedText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return SECRET_TEXTS.reduce((masked, [pattern, instead]) => masked.replaceAll(pattern, instead), text);
}
