import type { AnyElysia } from "elysia";
import { API } from "../../base/api";
import { readCall } from "./calls";
import type { Operation } from "./document";
import { describeCall } from "./operation";
import { type JsonSchema, mentionedNames, readShapes } from "./schemas";
import { Problem } from "../problem";

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
}

export type OpenApi = ReturnType<typeof buildOpenApi>;

/**
 * The OpenAPI 3.1 document of every route of `app` that is not hidden, made from the zod schemas that check its
 * requests. A schema with `.meta({ id })` becomes a named component. Throws when two routes share an operationId, or
 * two schemas an id.
 */
export function buildOpenApi(app: AnyElysia, { tags, ...info }: About) {
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
    const operation = describeCall(call, shapes);
    if (ids.has(operation.operationId)) throw new Error(`Two routes are called ${operation.operationId}`);
    ids.add(operation.operationId);
    (paths[call.path] ??= {})[call.method.toLowerCase()] = operation;
  }

  return {
    openapi: "3.1.1",
    info: { ...info, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    tags: Object.entries(tags)
      .filter(([name]) => calls.some((call) => call.detail.tags?.includes(name)))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: { securitySchemes, schemas: onlyMentioned(shapes.components, paths) },
  };
}

// In this order: Swagger UI puts the cursor into the last one, and most people have a password, not a token.
const securitySchemes = {
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "An access token that you already have.",
  },
  oauth2: {
    type: "oauth2",
    description: "Sign in: the username is your e-mail. The client fields stay empty.",
    flows: { password: { tokenUrl: `${API}/auth/token`, scopes: {} } },
  },
};

/** The components that the paths mention, or that one of these mentions. */
function onlyMentioned(components: Record<string, JsonSchema>, paths: object) {
  const mentioned = mentionedNames(paths);
  // A set that grows while it is walked is walked to its new end.
  for (const name of mentioned) for (const next of mentionedNames(components[name])) mentioned.add(next);
  return Object.fromEntries(Object.entries(components).filter(([name]) => mentioned.has(name)));
}
