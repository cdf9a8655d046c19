import { z } from "zod";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a set of zod schemas looks like on the wire, in each direction. */
export interface Shapes {
  input(schema: z.ZodType): JsonSchema;
  output(schema: z.ZodType): JsonSchema;
  /** Every schema with an id, under the name by which the others mention it. */
  components: Record<string, JsonSchema>;
  /** The schema itself, where this one only mentions it by name. */
  resolve(schema: JsonSchema): JsonSchema;
}

const COMPONENTS = "#/components/schemas/";

/**
 * Converts what comes in and what goes out to JSON Schema. A schema with an id that looks different in the two
 * directions (a default that may be left out, but is always answered) is kept twice: `Cart` and `CartInput`.
 */
export function readShapes(inputs: z.ZodType[], outputs: z.ZodType[]): Shapes {
  const input = convert(inputs, "input");
  const output = convert(outputs, "output");
  const different = differentNames(input.named, output.named);
  const inputName = (name: string) => (different.has(name) ? `${name}Input` : name);

  const components = {
    ...renameAll(input.named, inputName),
    ...renameAll(output.named, asItIs),
  };
  return {
    input: (schema) => mention(input.get(schema), inputName),
    output: (schema) => mention(output.get(schema), asItIs),
    components,
    resolve: (schema) => components[schema.$ref?.slice(COMPONENTS.length) ?? ""] ?? schema,
  };
}

/** The names of the components mentioned anywhere inside. */
export function mentionedNames(node: unknown): Set<string> {
  const mentions = JSON.stringify(node ?? {}).matchAll(/"\$ref":"#\/(?:components\/schemas|\$defs)\/([^"]+)"/g);
  return new Set([...mentions].map(([, name = ""]) => name));
}

/** All schemas in one conversion, so that zod gathers those with an id, and refuses two different ones of one name. */
function convert(schemas: z.ZodType[], io: "input" | "output") {
  const position = new Map([...new Set(schemas)].map((schema, index) => [schema, String(index)]));
  const together = z.object(Object.fromEntries([...position].map(([schema, index]) => [index, schema])));
  const converted = z.toJSONSchema(together, { io, unrepresentable: "any", override: tidy });
  return {
    named: converted.$defs ?? {},
    get: (schema: z.ZodType) => converted.properties?.[position.get(schema) ?? ""] as JsonSchema,
  };
}

/** Takes out what is true of every JavaScript number or object, and says nothing about the shop. */
function tidy({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }) {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  // The format says it in one word; and a number that was text has no pattern any more.
  if (jsonSchema.format || jsonSchema.type !== "string") delete jsonSchema.pattern;
  if (jsonSchema.propertyNames && Bun.deepEquals(jsonSchema.propertyNames, { type: "string" })) {
    delete jsonSchema.propertyNames;
  }
  // Only a strict object refuses unknown fields; an answer may gain some one day.
  const { def } = zodSchema._zod;
  if (def.type === "object" && !def.catchall) delete jsonSchema.additionalProperties;
}

/** The names whose schema differs between the two, or mentions one that does. */
function differentNames(left: Record<string, JsonSchema>, right: Record<string, JsonSchema>): Set<string> {
  const shared = Object.keys(left).filter((name) => name in right);
  const different = new Set(shared.filter((name) => !Bun.deepEquals(left[name], right[name])));
  for (let before = -1; before < different.size;) {
    before = different.size;
    for (const name of shared) if (!mentionedNames(left[name]).isDisjointFrom(different)) different.add(name);
  }
  return different;
}

const renameAll = (schemas: Record<string, JsonSchema>, rename: (name: string) => string) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [rename(name), mention(schema, rename)]));

const asItIs = (name: string) => name;

/** A copy that mentions others where OpenAPI keeps them. */
function mention(schema: JsonSchema, rename: (name: string) => string): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === "$ref" && typeof value === "string" ? COMPONENTS + rename(value.replace("#/$defs/", "")) : value,
  );
}
