import type { AnyElysia } from "elysia";
import { API } from "../../base/api";
import { isLoopback } from "../../base/loopback";
import { prefixOf } from "../arrival";
import { readCall } from "./calls";
import type { Operation } from "./document";
import { describeCall } from "./operation";
import { type JsonSchema, mentionedNames, readShapes } from "./schemas";
import { Problem } from "../problem";
import { describeFields, SILENT, type Wording } from "./wording";

/** What the routes cannot say about the API as a whole. */
export interface About {
  title: string;
  version: string;
  /** One line. */
  summary: string;
  /** What holds for the whole API, in Markdown. */
  description: string;
  /** A sentence for each tag, in the order in which they appear. */
  tags: Record<string, string>;
  wording?: Wording;
}

export type OpenApi = ReturnType<typeof buildOpenApi>;

/**
 * The OpenAPI 3.1 document of every route of `app` that is not hidden, made from the zod schemas that check its
 * requests. A schema with `.meta({ id })` becomes a named component. `publicUrl` is where customers reach the shop. Throws when two routes share an operationId, or
 * two schemas an id.
 */
export function buildOpenApi(app: AnyElysia, { tags, wording = SILENT, ...info }: About, publicUrl?: string) {
  const calls = app.routes.map(readCall).filter((call) => call !== undefined);
  const parameters = calls.flatMap((call) => Object.values(call.parameters).flat());
  const shapes = readShapes(
    [...parameters, ...calls.map((call) => call.body).filter((body) => body !== undefined)],
    // Parameters stand here too: what is text in the query may be a number once it is read.
    [...parameters, ...calls.flatMap((call) => [...call.answers.values()]), Problem],
  );

  const paths: Record<string, Record<string, Operation>> = {};
  const ids = new Set<string>();
  for (const call of calls) {
    const operation = describeCall(call, shapes, wording);
    if (ids.has(operation.operationId)) throw new Error(`Two routes are called ${operation.operationId}`);
    ids.add(operation.operationId);
    (paths[call.path] ??= {})[call.method.toLowerCase()] = operation;
  }

  const schemas = onlyMentioned(shapes.components, paths);
  describeFields(schemas, wording);
  return {
    openapi: "3.1.1",
    info: { ...info, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: serverUrl(publicUrl) }],
    tags: Object.entries(tags)
      .filter(([name]) => calls.some((call) => call.detail.tags?.includes(name)))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: { securitySchemes: waysIn(publicUrl), schemas },
  };
}

/**
 * Where the API is, for generators and for "Try it out": the shop's own address. On this machine it goes by several names, of
 * which a browser lets a page ask its own alone, so there it is where the document came from.
 */
function serverUrl(publicUrl: string | undefined): string {
  if (publicUrl === undefined) return "/";
  return isLoopback(new URL(publicUrl).hostname) ? prefixOf(publicUrl) || "/" : publicUrl;
}

/** In the order in which people need them: most have a password, and no token. */
const waysIn = (publicUrl: string | undefined) => ({
  oauth2: {
    type: "oauth2",
    description: "Sign in: the username is your e-mail. Leave client_id and client_secret empty.",
    flows: { password: { tokenUrl: `${serverUrl(publicUrl).replace(/\/$/, "")}${API}/auth/token`, scopes: {} } },
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "An access token or a key that you already have.",
  },
});

/** The components that the paths mention, or that one of these mentions. */
function onlyMentioned(components: Record<string, JsonSchema>, paths: object) {
  const mentioned = mentionedNames(paths);
  // A set that grows while it is walked is walked to its new end.
  for (const name of mentioned) for (const next of mentionedNames(components[name])) mentioned.add(next);
  return Object.fromEntries(Object.entries(components).filter(([name]) => mentioned.has(name)));
}
