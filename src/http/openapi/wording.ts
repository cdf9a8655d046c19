import type { Parameter } from "./document";
import type { JsonSchema } from "./schemas";

/** What routes and schemas need not say each for itself: see words.ts and examples.ts. */
export interface Wording {
  /** What a field or parameter of this name means, where it says nothing for itself. */
  words: Readonly<Record<string, string>>;
  /** A body for the schema of this id, where it has no example of its own. */
  examples: Readonly<Record<string, unknown>>;
}

export const SILENT: Wording = { words: {}, examples: {} };

/** Says what each field of these schemas means, where it does not say so itself. */
export function describeFields(components: Record<string, JsonSchema>, { words }: Wording): void {
  for (const schema of Object.values(components)) describeIn(schema, words);
}

function describeIn(schema: JsonSchema | boolean | undefined, words: Wording["words"]): void {
  if (typeof schema !== "object") return;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (typeof field === "object" && field.description === undefined && words[name] !== undefined) {
      field.description = words[name];
    }
    describeIn(field, words);
  }
  const parts = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flat();
  for (const part of [...parts, ...(schema.allOf ?? [])]) describeIn(part, words);
}

/** The same for a parameter. */
export function withWords(parameter: Parameter, { words }: Wording): Parameter {
  const description = parameter.description ?? words[parameter.name];
  return description === undefined ? parameter : { ...parameter, description };
}

/** A body of this schema as a caller may send it: its own example, or the one that is written down for it. */
export function exampleOf(
  schema: JsonSchema,
  resolve: (schema: JsonSchema) => JsonSchema,
  { examples }: Wording,
): unknown {
  const whole = resolve(schema);
  const own: unknown = Array.isArray(whole.examples) ? whole.examples[0] : whole["example"];
  const name = schema.$ref
    ?.split("/")
    .at(-1)
    ?.replace(/Input$/, "");
  return own ?? (name === undefined ? undefined : examples[name]);
}
