import type { AnyElysia } from "elysia";
import type { z } from "zod";
import { readCall } from "./openapi-calls";
import { type Operation, describeCall } from "./openapi-operation";
import { type JsonSchema, mentionedNames, readShapes } from "./openapi-schemas";

/** What the routes cannot say about the API as a whole. */
export interface About {
  title: string;
  version: string;
  description: string;
  /** A sentence for each tag; the tags appear in this order. */
  tags: Record<string, string>;
  /** The shape of every refusal that a route does not describe itself. */
  problem: z.ZodType;
}

export type OpenApi = ReturnType<typeof buildOpenApi>;

/**
 * The OpenAPI 3.1 document of every route of `app` that is not hidden, made from the zod schemas that check its
 * requests. A schema with `.meta({ id })` becomes a named component. Throws when two routes share an operationId, or
 * two schemas an id.
 */
export function buildOpenApi(app: AnyElysia, { title, version, description, tags, problem }: About) {
  const calls = app.routes.map(readCall).filter((call) => call !== undefined);
  const parameters = calls.flatMap((call) => Object.values(call.parameters).flat());
  const shapes = readShapes(
    [...parameters, ...calls.map((call) => call.body).filter((body) => body !== undefined)],
    // Parameters stand here too: what is text in the query may be a number once it is read.
    [...parameters, ...calls.flatMap((call) => [...call.answers.values()]), problem],
  );

  const paths: Record<string, Record<string, Operation>> = {};
  const ids = new Set<string>();
  for (const call of calls) {
    const operation = describeCall(call, shapes, problem);
    if (ids.has(operation.operationId)) throw new Error(`Two routes are called ${operation.operationId}`);
    ids.add(operation.operationId);
    (paths[call.path] ??= {})[call.method.toLowerCase()] = operation;
  }

  return {
    openapi: "3.1.1",
    info: { title, version, description, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { securitySchemes, schemas: onlyMentioned(shapes.components, paths) },
  };
}

const securitySchemes = {
  oauth2: {
    type: "oauth2",
    description: "Sign in with e-mail address (as the username) and password. The client fields stay empty.",
    flows: { password: { tokenUrl: "/api/v1/auth/token", scopes: {} } },
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "An access token that you already have.",
  },
};

/** The components that the paths mention, or that one of these mentions. */
function onlyMentioned(components: Record<string, JsonSchema>, paths: object) {
  const mentioned = mentionedNames(paths);
  // A set that grows while it is walked is walked to its new end.
  for (const name of mentioned) for (const next of mentionedNames(components[name])) mentioned.add(next);
  return Object.fromEntries(Object.entries(components).filter(([name]) => mentioned.has(name)));
}
