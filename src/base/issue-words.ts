import { z } from "zod";

/**
 * Says what is wrong with a field in the shop's words, so that nobody reads a library's. A schema that has words of its own
 * keeps them.
 */
function issueInWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "This is missing." : `Give ${KINDS[issue.expected] ?? "something else"}.`;
    case "too_small":
      return bound(issue.origin, issue.minimum, { isLeast: true, inclusive: issue.inclusive !== false });
    case "too_big":
      return bound(issue.origin, issue.maximum, { isLeast: false, inclusive: issue.inclusive !== false });
    case "invalid_format":
      return FORMATS[issue.format] ?? "This is not written as it should be.";
    case "invalid_value":
      return issue.values.length === 1
        ? `Only ${String(issue.values[0])} is possible.`
        : `Give one of ${words(issue.values)}.`;
    case "not_multiple_of":
      return `Give a multiple of ${issue.divisor}.`;
    case "unrecognized_keys":
      return "There is no such field.";
    case "invalid_union":
      return "This is none of what is possible here.";
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return "This is not valid.";
    default:
      return undefined;
  }
}

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  date: "a date",
  null: "null",
};

const FORMATS: Record<string, string> = {
  email: "Give an e-mail address such as asha@example.com.",
  url: "Give an address such as https://shop.example.",
  datetime: "Give a moment such as 2030-01-31T12:00:00Z.",
  date: "Give a day such as 2030-01-31.",
  uuid: "Give a UUID.",
};

function bound(
  origin: string,
  limit: number | bigint,
  { isLeast, inclusive }: { isLeast: boolean; inclusive: boolean },
): string {
  const most = isLeast ? "least" : "most";
  if (origin === "string") return `Give at ${most} ${count(limit, "character")}.`;
  if (origin === "array" || origin === "set") return `Give at ${most} ${limit}.`;
  if (inclusive) return `Give ${limit} or ${isLeast ? "more" : "less"}.`;
  return `Give ${isLeast ? "more" : "less"} than ${limit}.`;
}

const count = (number: number | bigint, thing: string) => `${number} ${thing}${Number(number) === 1 ? "" : "s"}`;

const words = (values: readonly unknown[]) => values.map(String).join(", ");

/** Holds for every schema of the program from then on. */
export function speakInOwnWords(): void {
  z.config({ customError: (issue) => issueInWords(issue) });
}
