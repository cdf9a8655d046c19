import type { AnyElysia } from "elysia";
import { z } from "zod";
import { publicRoutes } from "../access";
import { OPENAPI_PATH, type WebFile, docsPages, webFile } from "./pages";
import { type About, type OpenApi, buildOpenApi } from "../openapi/build";

const Endpoints = z
  .object({
    total: z.int(),
    endpoints: z.array(
      z.object({
        method: z.string(),
        path: z.string(),
        summary: z.string(),
        access: z.enum(["public", "user", "admin"]),
      }),
    ),
  })
  .meta({ id: "Endpoints" });

/** Documents every route of `app`: the OpenAPI document, two pages that show it, and a short list of the endpoints. */
export function docs(app: AnyElysia, about: About) {
  // Everything is made for its first reader, when all routes are there; most servers that start have none.
  const document = once(() => buildOpenApi(app, about));
  const files: Record<string, () => WebFile | Promise<WebFile>> = {
    [OPENAPI_PATH]: () => webFile(JSON.stringify(document()), "application/json"),
    ...docsPages(about),
  };

  const routes = publicRoutes("operating").get("/api-endpoints", () => listEndpoints(document()), {
    response: { 200: Endpoints },
    detail: { summary: "List every endpoint" },
  });
  for (const [path, make] of Object.entries(files)) {
    const file = once(make);
    routes.get(path, async ({ request }) => send(await file(), request), { detail: { hide: true } });
  }
  return routes;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function listEndpoints({ paths }: OpenApi): z.infer<typeof Endpoints> {
  const endpoints = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary = "", "x-access": access }]) => ({
      method: method.toUpperCase(),
      path,
      summary,
      access,
    })),
  );
  return { total: endpoints.length, endpoints };
}

function send({ body, headers }: WebFile, request: Request): Response {
  const known = request.headers.get("if-none-match") === headers.etag;
  return known ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
}
