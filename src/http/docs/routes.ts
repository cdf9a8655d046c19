import type { AnyElysia } from "elysia";
import { z } from "zod";
import { ShopError } from "../../base/errors";
import { publicRoutes } from "../access";
import { once, REVALIDATED, sendFile, webFile } from "../files";
import { makeDocsPages, OPENAPI_PATH } from "./pages";
import { type About, type OpenApi, buildOpenApi } from "../openapi/build";

/**
 * The first reader has the pages read and the document made, in 300 ms where nothing else goes on; the others have them as they
 * are, in two.
 */
const FIRST_READER_MS = 1_000;

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

/** Makes the document beside this program; undefined where it can't. */
export type MakeElsewhere = () => Promise<OpenApi | undefined>;

/**
 * Documents every route of `app`: the OpenAPI document, two pages that show it, and a short list of the endpoints. Making the
 * document takes some tenths of a second, so where `elsewhere` is given it is made there, and nobody else waits for it.
 */
export function docs(
  app: AnyElysia,
  about: About,
  { elsewhere = async () => undefined, publicUrl }: { elsewhere?: MakeElsewhere | undefined; publicUrl?: string } = {},
) {
  // Everything is made for its first reader, when all routes are there; most servers that start have none.
  const document = once(async () => (await elsewhere()) ?? buildOpenApi(app, about, publicUrl));
  const json = once(async () => webFile(JSON.stringify(await document()), "json", { "cache-control": REVALIDATED }));
  const pages = once(() => makeDocsPages(about));
  return publicRoutes("operating", "", { most_ms: FIRST_READER_MS, asks_database: false })
    .get("/api-endpoints", async () => listEndpoints(await document()), {
      response: { 200: Endpoints },
      detail: { summary: "List every endpoint" },
    })
    .get(OPENAPI_PATH, async ({ request }) => sendFile(await json(), request), { detail: { hide: true } })
    .get("/docs", async ({ request }) => sendFile((await pages()).swagger, request), { detail: { hide: true } })
    .get("/redoc", async ({ request }) => sendFile((await pages()).redoc, request), { detail: { hide: true } })
    .get(
      "/docs/files/:name",
      async ({ params, request }) => {
        const file = (await pages()).files.get(params.name);
        if (!file) throw new ShopError("not_found", "There is no such file.");
        return sendFile(file, request);
      },
      { detail: { hide: true } },
    );
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
