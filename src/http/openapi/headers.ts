import type { Call } from "./calls";
import type { Header, Parameter } from "./document";

/** The conditions that a caller may set: handlers that answer 304 or 412 read them. */
export function conditionsOf({ answers }: Call): Parameter[] {
  const conditions: Parameter[] = [];
  if (answers.has("304")) conditions.push(condition("If-None-Match", "The ETag you have. While it holds: 304."));
  if (answers.has("412")) conditions.push(condition("If-Match", "The ETag you read. If it no longer holds: 412."));
  return conditions;
}

const condition = (name: string, description: string): Parameter => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
});

/** The headers of an answer that follow from the rules all routes share. `paged`: the query asks for a page. */
export function headersOf({ answers }: Call, status: string, paged: boolean): Record<string, Header> | undefined {
  if (status === "429" || status === "503") return { "Retry-After": count("Seconds to wait") };
  if (status !== "200") return undefined;
  if (answers.has("304")) return { ETag: text("For If-None-Match and If-Match") };
  // A list that is a bare array has no place of its own for these.
  if (!paged || answers.get("200")?.def.type !== "array") return undefined;
  return LIST_HEADERS;
}

const text = (description: string) => ({ description, schema: { type: "string" as const } });
const count = (description: string) => ({ description, schema: { type: "integer" as const } });

const LIST_HEADERS = {
  "X-Total-Count": count("How many there are in all"),
  Link: text("The first, prev, next and last page"),
};

/** For the `detail.responses` of a list that always comes whole: nothing in its query tells that it has these too. */
export const wholeListAnswer = { 200: { description: "OK", headers: LIST_HEADERS } };
