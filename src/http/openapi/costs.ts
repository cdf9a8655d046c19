import type { AnyElysia } from "elysia";
import { z } from "zod";
import { type RouteRule, routeTable } from "../declared";
import { MOST_QUERY_FIELDS } from "../guard/admission";
import { type Call, readCall } from "./calls";

/** The most that one call of a route can cost. */
export interface RouteCost {
  method: string;
  path: string;
  /** As how many calls it counts. */
  calls: number;
  /** Of its body. */
  bytes: number;
  /** Names and texts in its body and its query. */
  strings: number;
  /** Of its answer; null where all of a list comes that only admins add to. */
  rows: number | null;
  ms: number;
}

/** What each route can cost at most, as it is declared: its body, its query and its answer are bounded by that. */
export function routeCosts(app: AnyElysia): RouteCost[] {
  const calls = new Map(app.routes.map((route) => [`${route.method} ${route.path}`, readCall(route)]));
  return routeTable(app.routes).map((rule) => costOf(rule, calls.get(`${rule.method} ${rule.path}`)));
}

function costOf(
  { method, path, weight, most_bytes, most_strings, most_rows, most_ms }: RouteRule,
  call: Call | undefined,
): RouteCost {
  const hasBody = call === undefined ? method !== "GET" : call.body !== undefined;
  return {
    method,
    path,
    calls: weight,
    bytes: hasBody ? most_bytes : 0,
    strings: (hasBody ? most_strings : 0) + 2 * MOST_QUERY_FIELDS,
    rows: most_rows ?? (call === undefined ? 1 : rowsOf(call)),
    ms: most_ms,
  };
}

/** So many of a list as its `size` or `limit` lets a caller ask for. */
function rowsOf({ answers, parameters: { query } }: Call): number | null {
  const answer = answers.get("200");
  const shape = answer?.def.type === "array" ? answer : itemsOf(answer);
  if (!shape) return 1;
  const schema = z.toJSONSchema(z.intersection(z.unknown(), query[0] ?? z.object({})), {
    io: "output",
    unrepresentable: "any",
  });
  const properties = (schema.allOf ?? []).flatMap((part) => (typeof part === "object" ? [part.properties ?? {}] : []));
  const limits = properties
    .flatMap(({ size, limit }) => [size, limit])
    .flatMap((field) => (typeof field === "object" ? [field.maximum] : []));
  return limits.find((limit) => limit !== undefined) ?? null;
}

function itemsOf(answer: z.ZodType | undefined): z.ZodType | undefined {
  const items = answer instanceof z.ZodObject ? (answer.shape["items"] as unknown) : undefined;
  return items instanceof z.ZodArray ? items : undefined;
}
