import type { AnyElysia, DocumentDecoration } from "elysia";
import { z } from "zod";
import type { Access } from "../access";
import { bodyTypesAt } from "../bodies";

type Place = "path" | "query" | "header";

/** A route, as far as the document is concerned. */
export interface Call {
  method: string;
  /** With parameters in braces: `/products/{id}`. */
  path: string;
  detail: DocumentDecoration & { "x-access"?: Access };
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
  return {
    method: route.method,
    path: route.path.replace(/:(\w+)/g, "{$1}").replace(/(.)\/$/, "$1"),
    detail,
    parameters: { path: schemasOf("params"), query: schemasOf("query"), header: schemasOf("headers") },
    body: schemasOf("body").at(-1),
    bodyTypes: bodyTypesAt(route.path),
    answers: new Map(all.flatMap((hook) => answersOf(hook.response))),
  };
}

const isZod = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

function answersOf(response: unknown): [status: string, schema: z.ZodType][] {
  if (isZod(response)) return [["200", response]];
  return Object.entries(response ?? {}).filter((entry): entry is [string, z.ZodType] => isZod(entry[1]));
}
