/**
 * Writes the types of the client from the shop's OpenAPI document: a line for each call, and the shapes that they speak of.
 * `bun sanset openapi | bun client/generate.ts` writes client/types.ts.
 */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  description?: string;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Operation {
  summary?: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const HEADING = "// Made by: bun sanset openapi | bun client/generate.ts\n";

/** The text of types.ts: `Shapes` by name, and `Calls` by method and path below /api/v1. */
export function typesOf({ paths, components }: Document): string {
  const shapes = Object.entries(components.schemas).map(([name, schema]) => `  ${key(name)}: ${typeOf(schema)};`);
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]) =>
        `  /** ${commentOf(operation)} */\n  "${method.toUpperCase()} ${path.replace(/^\/api\/v1/, "")}": ${typeOfCall(operation)};`,
    ),
  );
  return `${HEADING}export interface Shapes {\n${shapes.join("\n")}\n}\n\nexport interface Calls {\n${calls.join("\n")}\n}\n`;
}

const commentOf = ({ summary = "", deprecated }: Operation) =>
  `${summary.replaceAll("*/", "* /")}${deprecated ? " @deprecated" : ""}`;

/** Headers that the client has words of its own for. */
const HEADERS: Record<string, string> = {
  "if-match": "ifMatch",
  "if-none-match": "ifNoneMatch",
  "idempotency-key": "idempotencyKey",
};

function typeOfCall({ parameters = [], requestBody, responses }: Operation): string {
  const groups = ["path", "query"].flatMap((place) => {
    const inPlace = parameters.filter((parameter) => parameter.in === place);
    if (inPlace.length === 0) return [];
    const fields = inPlace.map(({ name, required, schema }) => `${key(name)}${required ? "" : "?"}: ${typeOf(schema)}`);
    return [`${place}${inPlace.some(({ required }) => required) ? "" : "?"}: { ${fields.join("; ")} }`];
  });
  const headers = parameters.flatMap(({ name, in: place }) => {
    const word = place === "header" ? HEADERS[name.toLowerCase()] : undefined;
    return word === undefined ? [] : [`${word}?: string`];
  });
  return `{ ${[...groups, ...bodyOf(requestBody), ...headers, `answer: ${answerOf(responses)}`].join("; ")} }`;
}

function bodyOf(body: Operation["requestBody"]): string[] {
  if (!body) return [];
  const json = body.content["application/json"]?.schema;
  return [`body${body.required === false ? "?" : ""}: ${json ? typeOf(json) : "Blob | string"}`];
}

function answerOf(responses: Operation["responses"]): string {
  const types = Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([, { content }]) => {
      const json = content?.["application/json"]?.schema;
      return json ? typeOf(json) : content ? "string" : "undefined";
    });
  return [...new Set(types)].join(" | ") || "undefined";
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return `Shapes[${JSON.stringify(schema.$ref.split("/").at(-1))}]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return [...new Set(union.map(typeOf))].join(" | ");
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "array":
      return `(${typeOf(schema.items ?? {})})[]`;
    case "object":
      return typeOfObject(schema);
    default:
      return "unknown";
  }
}

function typeOfObject({ properties, required = [], additionalProperties }: Schema): string {
  if (!properties) {
    return `Record<string, ${typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown"}>`;
  }
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${key(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)}`,
  );
  return fields.length === 0 ? "Record<string, never>" : `{ ${fields.join("; ")} }`;
}

const key = (name: string) => (/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name));

if (import.meta.main) await Bun.write(`${import.meta.dir}/types.ts`, typesOf(await Bun.stdin.json()));
