import type { AnyElysia, DocumentDecoration } from "elysia";
import { z } from "zod";
import { bodyTypes } from "../bodies";
import type { DeclaredDetail } from "../declared";
import { Problem } from "../problem";

type Place = "path" | "query" | "header";

/** A route, as far as the document is concerned. */
export interface Call {
  method: string;
  /** With parameters in braces: `/products/{id}`. */
  path: string;
  detail: DocumentDecoration & DeclaredDetail;
  parameters: Record<Place, z.ZodType[]>;
  body: z.ZodType | undefined;
  bodyTypes: string[];
  answers: Map<string, z.ZodType>;
}

/** What the document reads of a route's hooks, which Elysia types as `any`. */
type Hooks = Partial<Record<"params" | "query" | "headers" | "body" | "response", unknown>> & {
  detail?: Call["detail"];
  standaloneValidator?: Hooks[];
};

/** Undefined for what has no place in the document: hidden routes, WebSockets, routes of every method. */
export function readCall(route: AnyElysia["routes"][number]): Call | undefined {
  const hooks: Hooks = route.hooks ?? {};
  const detail = hooks.detail ?? {};
  if (detail.hide || !["GET", "POST", "PUT", "PATCH", "DELETE"].includes(route.method)) return undefined;

  // A guard may keep its schemas apart from those of the route; both count, and the route has the last word.
  const all = [...(hooks.standaloneValidator ?? []), hooks];
  const schemasOf = (slot: keyof Hooks) => all.map((hook) => hook[slot]).filter((value) => isZod(value));
  const body = schemasOf("body").at(-1);
  const parameters = { path: schemasOf("params"), query: schemasOf("query"), header: schemasOf("headers") };
  const own = all.flatMap((hook) => answersOf(hook.response));
  return {
    method: route.method,
    path: route.path.replace(/:(\w+)/g, "{$1}").replace(/(.)\/$/, "$1"),
    detail,
    parameters,
    body,
    bodyTypes: bodyTypes[detail["x-body"] ?? "json"],
    answers: inOrder([...own, ...followingFrom(detail, body !== undefined, parameters)]),
  };
}

/** The failures that follow from who may call a route and what it takes: none lists them itself. */
function followingFrom(
  { "x-access": access, "x-body": body, parameters: more = [] }: Call["detail"],
  hasBody: boolean,
  { path, query }: Call["parameters"],
): [status: string, schema: z.ZodType][] {
  const statuses = new Set<number>();
  // Customers are no admins, and a program's key does not open everything that its admin does.
  if (access === "user" || access === "admin") for (const status of [401, 403]) statuses.add(status);
  if (hasBody) for (const status of [400, 413, 415, 422]) statuses.add(status);
  if (path.length + query.length > 0) statuses.add(422);
  // A query that is read by nobody is refused, too.
  if (access !== undefined && body !== "raw") statuses.add(422);
  // An Idempotency-Key may be none, or one of another request.
  if (more.length > 0) for (const status of [400, 422]) statuses.add(status);
  if (access !== undefined) statuses.add(429);
  return [...statuses].map((status) => [String(status), Problem]);
}

/** What answers a status the route says itself, where it does. */
function inOrder(answers: [status: string, schema: z.ZodType][]): Call["answers"] {
  const first = new Map<string, z.ZodType>();
  for (const [status, schema] of answers) if (!first.has(status)) first.set(status, schema);
  return new Map([...first].toSorted(([one], [other]) => Number(one) - Number(other)));
}

const isZod = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

function answersOf(response: unknown): [status: string, schema: z.ZodType][] {
  if (isZod(response)) return [["200", response]];
  return Object.entries(response ?? {}).filter((entry): entry is [string, z.ZodType] => isZod(entry[1]));
}
