/** Who may call a route. Every route is made by a function of access.ts, so none is open by accident. */
export type Access = "public" | "user" | "admin";

/** What a route takes. What is left out is as for most routes: JSON of a few kilobytes, as cheap as a look at a product. */
export interface Takes {
  /** `json`; `form` for JSON too; `raw` for signed bodies, which are needed as they came; `bytes` for pictures; `table` for files. */
  body?: "json" | "form" | "raw" | "bytes" | "table";
  /** A call without any body is one, too. */
  optional_body?: boolean;
  /** The most that its body may hold. */
  most_bytes?: number;
  /** The most names and texts that its JSON may hold. */
  most_strings?: number;
  /** The most rows of a list that always comes whole. */
  most_rows?: number;
  /** The most milliseconds that one call keeps the event loop or the database busy, on a shop of 20,000 products. */
  most_ms?: number;
  /** As how many calls the limit on calls counts one; with 0 it is counted apart. */
  weight?: number;
  /** False where all that its answer waits for is no work of the database: then nothing of the wait is charged as such. */
  asks_database?: boolean;
}

/** For the `detail` of a route: what it takes. */
export const takes = ({
  body,
  optional_body,
  most_bytes,
  most_strings,
  most_rows,
  most_ms,
  weight,
  asks_database,
}: Takes) => ({
  ...(body !== undefined && { "x-body": body }),
  ...(optional_body !== undefined && { "x-optional-body": optional_body }),
  ...(most_bytes !== undefined && { "x-most-bytes": most_bytes }),
  ...(most_strings !== undefined && { "x-most-strings": most_strings }),
  ...(most_rows !== undefined && { "x-most-rows": most_rows }),
  ...(most_ms !== undefined && { "x-most-ms": most_ms }),
  ...(weight !== undefined && { "x-weight": weight }),
  ...(asks_database !== undefined && { "x-asks-database": asks_database }),
});

/** The `detail` that routes of one kind share. */
export const declare = (access: Access, tag: string, usual: Takes) => ({
  tags: [tag],
  "x-access": access,
  security: access === "public" ? [] : [{ oauth2: [] }, { bearer: [] }],
  ...takes(usual),
});

/** What most bodies fit into many times. */
const USUAL_BODY_BYTES = 16_384;

const USUAL_BODY_STRINGS = 300;

/** A page of a hundred products with all that hangs on them takes a good part of it. */
export const USUAL_MS = 50;

/** For routes that take free JSON, or a long text beside it. */
export const FREE_JSON = { most_bytes: 262_144, most_strings: 1_000 };

/** A route, who may call it, what it takes and what it does. */
export interface RouteRule extends Required<Omit<Takes, "most_rows">> {
  most_rows: number | null;
  method: string;
  path: string;
  access: Access;
  /** Whether it reads anything of the query, and so knows which fields there are. */
  has_query: boolean;
  /** What it is about. The scopes of keys are made of it. */
  tag: string;
  summary: string;
}

/** What is kept of a route's options, which Elysia does not type. */
export interface DeclaredDetail {
  "x-access"?: Access;
  tags?: readonly string[];
  "x-body"?: Required<Takes>["body"];
  "x-optional-body"?: boolean;
  "x-most-bytes"?: number;
  "x-most-strings"?: number;
  "x-most-rows"?: number;
  "x-most-ms"?: number;
  "x-weight"?: number;
  "x-asks-database"?: boolean;
  summary?: string;
}

export interface Route {
  method: string;
  path: string;
  hooks?: { detail?: DeclaredDetail; query?: unknown; standaloneValidator?: { query?: unknown }[] };
}

/**
 * Every route with who may call it and what it takes. Throws where a route does not say who: then the shop does not start,
 * since it can't have been thought about. Answers to a browser's preflight are none of ours.
 */
export function routeTable(routes: readonly Route[]): RouteRule[] {
  const own = routes.filter(({ method }) => method !== "OPTIONS");
  return own.map(({ method, path, hooks }) => {
    const detail = hooks?.detail ?? {};
    const access = detail["x-access"];
    if (access === undefined) throw new Error(`${method} ${path} does not say who may call it: see http/access.ts.`);
    return {
      method,
      path,
      access,
      has_query: [hooks, ...(hooks?.standaloneValidator ?? [])].some((hook) => hook?.query !== undefined),
      tag: detail.tags?.[0] ?? "",
      summary: detail.summary ?? "",
      body: detail["x-body"] ?? "json",
      optional_body: detail["x-optional-body"] ?? false,
      most_bytes: detail["x-most-bytes"] ?? USUAL_BODY_BYTES,
      most_strings: detail["x-most-strings"] ?? USUAL_BODY_STRINGS,
      most_rows: detail["x-most-rows"] ?? null,
      most_ms: detail["x-most-ms"] ?? USUAL_MS,
      weight: detail["x-weight"] ?? 1,
      asks_database: detail["x-asks-database"] ?? true,
    };
  });
}
