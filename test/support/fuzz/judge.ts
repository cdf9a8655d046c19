import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import type { Answer } from "../client";
import type { Document, Operation, Schema } from "../operations";
import { isSigned } from "../rules";
import { type Memory, names, namedIn, type Role } from "./memory";
import type { Sent } from "./request";

/** What admins may reach though it is another's, beside what is theirs alone to call. */
const OPEN_TO_ADMINS = new Set([
  "POST /api/v1/orders/{id}/cancellation",
  "GET /api/v1/recommend/{user_id}",
  "GET /api/v1/orders/{id}",
  "GET /api/v1/orders/{id}/events",
  "GET /api/v1/orders/{id}/returns",
  "POST /api/v1/orders/{id}/returns",
  "GET /api/v1/orders/{id}/invoice",
  "GET /api/v1/orders/{id}/packing-slip",
]);

export type Judge = ReturnType<typeof createJudge>;

/** Holds answers against the document, and against who asked. */
export function createJudge({ schemas }: Document) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const given = validatorsOf(ajv, (schema) => ({ ...schema, components: { schemas } }));
  // Clients must live with new fields, so the document allows them; we answer with none that it doesn't name.
  const answered = validatorsOf(ajv, (schema) => closed({ ...schema, components: { schemas } }));

  function faultsOfShape({ answers }: Operation, { status, headers, text, body }: Answer): string[] {
    const documented = answers[String(status)] ?? answers["4XX"];
    if (!documented) return [`answers ${status}, which is not documented`];
    const type = headers.get("content-type")?.split(";")[0] ?? "";
    const schema = documented[type];
    if (text !== "" && !schema) return [`answers with ${type}, which is not documented`];
    if (!schema || !type.endsWith("json") || answered(schema)(body)) return [];
    return [`answers what is not in the schema: ${ajv.errorsText(answered(schema).errors)}`];
  }

  function isAsDocumented({ name, bodies, parameters }: Operation, { path, query, body, text }: Sent): boolean {
    const [schema] = Object.values(bodies);
    // A table is text whatever it was made of.
    const sent = isSigned(name) || "text/csv" in bodies ? text : body;
    // What JSON leaves out is not sent.
    if (schema && !given(schema)(sent === undefined ? null : JSON.parse(JSON.stringify(sent)))) return false;
    return parameters
      .filter((parameter) => parameter.in !== "header")
      .every(({ name: parameter, in: place, required, schema: inner }) => {
        const value = (place === "path" ? path : query)[parameter];
        return value === undefined ? !required : given(inner)(asRead(inner, value));
      });
  }

  /** What is wrong with an answer; nothing, as a rule. */
  return function faultsOf(memory: Memory, role: Role, operation: Operation, sent: Sent, answer: Answer): string[] {
    const faults = isRefusedUnread(sent, answer) ? [] : faultsOfShape(operation, answer);
    if (answer.status >= 500) faults.push(`answers ${answer.status}`);
    if (/\$2[aby]\$|password_hash|node_modules|SQLITE_|PostgresError/.test(answer.text))
      faults.push("shows our insides");
    if (answer.status < 400 && !isAsDocumented(operation, sent)) faults.push("takes what is not in the schema");
    return [...faults, ...trespasses(memory, role, operation, sent, answer)];
  };
}

/** What no route documents, since each may answer it: a host that is none, and a query of too many fields. */
function isRefusedUnread({ query }: Sent, { status, body }: Answer): boolean {
  return (status === 400 && body?.code === "bad_host") || (status === 422 && Object.keys(query).length > 32);
}

/** Each schema is compiled once. */
function validatorsOf(ajv: Ajv2020, whole: (schema: Schema) => object): (schema: Schema) => ValidateFunction {
  const made = new Map<Schema, ValidateFunction>();
  return (schema) => {
    const validate = made.get(schema) ?? ajv.compile(whole(schema));
    made.set(schema, validate);
    return validate;
  };
}

/** The same where objects have no fields but those that are named, unless it says that they have. */
function closed<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map(closed) as Part;
  if (typeof part !== "object" || part === null) return part;
  const parts = Object.entries(part).map(([name, inner]) => [name, closed(inner)]);
  const isObject = "properties" in part && !("additionalProperties" in part);
  // It has the same fields as before, and says one thing more.
  return { ...Object.fromEntries(parts), ...(isObject && { additionalProperties: false }) } as Part;
}

/** What somebody saw or did that was not theirs to see or do. */
function trespasses(memory: Memory, role: Role, operation: Operation, sent: Sent, answer: Answer): string[] {
  const { people, owners } = memory;
  const caller = role === "nobody" ? undefined : people[role];
  const faults: string[] = [];
  const done = answer.status < 400;
  if (done && !caller && operation.access !== "public") faults.push("lets in who is not signed in");
  if (done && !caller?.is_admin && operation.access === "admin") faults.push("lets in who is no admin");
  const others = names.filter((name) => name !== role);
  if (!caller?.is_admin && others.some((other) => answer.text.includes(people[other].email)))
    faults.push("shows the e-mail of another");
  if (done && !caller?.is_admin && ownersIn(answer.body).some((id) => id !== caller?.id))
    faults.push("shows what belongs to another");
  if (done && operation.access === "user" && !(caller?.is_admin && OPEN_TO_ADMINS.has(operation.name))) {
    const body = typeof sent.body === "object" && sent.body !== null ? sent.body : {};
    const owner = namedIn(operation.path, { ...sent.path, ...sent.query, ...body })
      .map((thing) => owners.get(thing))
      .find((name) => name !== undefined && name !== role);
    if (owner) faults.push(`reaches what belongs to ${owner}`);
  }
  return faults;
}

/** What a reader makes of the text in an address: digits are a number where a number is wanted. */
function asRead({ type }: Schema, value: unknown): unknown {
  const text = typeof value === "string" ? value.toWellFormed() : JSON.stringify(value);
  if (type === "integer" || type === "number") return /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function ownersIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(ownersIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "user_id" ? [inner] : ownersIn(inner)));
}
