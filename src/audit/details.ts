import { redactText } from "../telemetry/redact";

/** Longer texts are cut, each for itself, so that nothing can be hidden beside something long. */
const LONGEST_TEXT = 1_000;

/** Fields of ours that hold a secret. What a shopkeeper calls a product's attributes is theirs and stays readable. */
const SECRETS = /^((current|new)_)?password$|^(access|refresh)_token$|_hash$/;

/**
 * Fields that say who a person is or how to reach them. The audit outlives a person's data, so they are not in it; ids are.
 */
const CONTACT = /^(full_name|email|phone|address|billing_address|address_line|pincode|contact|lat|lng|customer_note)$/;

const EMAIL_IN_TEXT = /[^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+\.[^\s@<>"'(),:;]+/g;

/** A text without the e-mails in it. */
export const withoutEmails = (text: string): string => text.replaceAll(EMAIL_IN_TEXT, "[e-mail]");

/** What the audit keeps of what was given: every field, without what is a secret of ours or says how to reach a person. */
export function keptOf(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(keptFields(details));
}

function keptFields(fields: object): [string, unknown][] {
  return Object.entries(fields)
    .map(([name, value]): [string, unknown] => [name, keptField(name, value)])
    .filter(([, value]) => value !== undefined);
}

function keptField(name: string, value: unknown): unknown {
  if (SECRETS.test(name)) return "[masked]";
  if (CONTACT.test(name) && value !== null && value !== undefined) return "[contact]";
  return kept(value);
}

function kept(value: unknown): unknown {
  if (typeof value === "string") return shortened(withoutEmails(redactText(value)));
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(keptFields(value));
}

function shortened(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  // A character that is cut in two could not be stored.
  return `${text.slice(0, LONGEST_TEXT).toWellFormed()}… (${text.length} characters)`;
}
