import { redactText } from "../telemetry/redact";

/** Longer texts are cut, each for itself, so that nothing can be hidden beside something long. */
const LONGEST_TEXT = 1_000;

/** Fields of ours that hold a secret. What a shopkeeper calls a product's attributes is theirs and stays readable. */
const SECRETS = /^((current|new)_)?password$|^(access|refresh)_token$|_hash$/;

/** What the audit keeps of what was given: every field, without what is a secret of ours. */
export function keptOf(details: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(details).map(([name, value]) => [name, SECRETS.test(name) ? "[masked]" : kept(value)]);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function kept(value: unknown): unknown {
  if (typeof value === "string") return shortened(redactText(value));
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, kept(inner)]));
}

function shortened(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  // A character that is cut in two could not be stored.
  return `${text.slice(0, LONGEST_TEXT).toWellFormed()}… (${text.length} characters)`;
}
