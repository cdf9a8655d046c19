import { z } from "zod";
import { version } from "../../package.json";
import { API } from "../base/api";
import { ShopError } from "../base/errors";
import type { Reader } from "../storage/database";
import { isUpToDate } from "../storage/migrate";
import { publicRoutes, type Web } from "./access";
import { ownPath } from "./arrival";
import { takes } from "./declared";
import { failures } from "./problem";

const Welcome = z
  .object({ message: z.string(), version: z.string(), docs: z.string(), api: z.string() })
  .meta({ id: "Welcome" });
const Health = z.object({ status: z.literal("healthy") }).meta({ id: "Health" });
const Readiness = z
  .object({
    status: z.literal("ready"),
    warning: z.string().optional().meta({ description: "What is not in the way yet and will be" }),
  })
  .meta({ id: "Readiness" });

/** Outside of the API: who this is, whether it runs, and whether it can work. */
export const healthRoutes = ({ shop }: Web) =>
  publicRoutes("operating")
    .get(
      "/",
      ({ request }) => {
        const page = pageFor(shop, request);
        // A person with a browser looks for something to look at.
        if (page !== undefined) return leadTo(ownPath(request, page));
        return {
          message: "Welcome to Sanset",
          version,
          docs: ownPath(request, "/docs"),
          api: ownPath(request, API),
        };
      },
      {
        response: { 200: Welcome },
        detail: {
          responses: { 302: { description: "To a page, for a browser" } },
          summary: "Say who this is",
          description:
            "Where `Accept` asks for `text/html`, as a browser's does, it leads to the shop's page, or to these documents.",
        },
      },
    )
    .get(
      "/favicon.ico",
      // Browsers ask for it wherever a document names no icon: a day's answer instead of a broken link.
      ({ set }) => {
        set.status = 204;
        set.headers["cache-control"] = "public, max-age=86400";
      },
      {
        response: { 204: z.void() },
        detail: { summary: "Say to browsers that there is no icon", ...takes({ weight: 0 }) },
      },
    )
    .get("/healthz", () => ({ status: "healthy" as const }), {
      response: { 200: Health },
      detail: { summary: "Say that the program runs", ...takes({ weight: 0 }) },
    })
    .get("/readyz", () => readiness(shop), {
      response: { 200: Readiness, ...failures(503) },
      detail: { summary: "Say that the database is there and up to date", ...takes({ weight: 0 }) },
    });

/** Which page a browser is led to from the root; undefined for programs, and where there is none. */
function pageFor({ settings }: Web["shop"], request: Request): string | undefined {
  if (!/\btext\/html\b/i.test(request.headers.get("accept") ?? "")) return undefined;
  if (settings.shopPage) return "/shop";
  return settings.docs ? "/docs" : undefined;
}

/** A Response passes by the route's schema, whose type knows JSON alone. */
const leadTo = (location: string) =>
  new Response(null, {
    status: 302,
    headers: { location, "cache-control": "no-store", vary: "Accept" },
  }) as unknown as z.infer<typeof Welcome>;

async function readiness(shop: Web["shop"]): Promise<z.infer<typeof Readiness>> {
  await checkReady(shop);
  const warning = shop.database.warning();
  return { status: "ready", ...(warning !== undefined && { warning }) };
}

async function checkReady({ database }: Web["shop"]): Promise<void> {
  if (await isMigrated(database)) {
    const problem = await database.problem();
    if (problem === undefined) return;
    throw new ShopError("database_failed", problem);
  }
  throw new ShopError("database_failed", "The database waits for its migrations: run sanset migrate up.");
}

async function isMigrated(database: Reader): Promise<boolean> {
  try {
    return await isUpToDate(database);
  } catch (error) {
    throw new ShopError("database_failed", "The database can't be used.", {}, { cause: error });
  }
}
