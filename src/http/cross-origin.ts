import { cors } from "@elysiajs/cors";
import { Elysia } from "elysia";
import type { Shop } from "../shop/shop";

/** Lets browsers on the sites that are set call the API. Tokens travel in a header, so no cookies are ever allowed. */
export function crossOrigin({ settings }: Shop): Elysia {
  const plugin = new Elysia();
  if (settings.corsOrigins.length === 0) return plugin;
  // Where any site may read an answer, it is the same for all of them. The package would say `Vary: *`, which forbids
  // every cache to keep it, so this says it instead, and the package only answers the browser's question beforehand.
  if (settings.corsOrigins === "any") plugin.headers({ "access-control-allow-origin": "*" });
  plugin.use(
    cors({
      origin: settings.corsOrigins === "any" ? [] : [...settings.corsOrigins],
      credentials: false,
      methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      allowedHeaders: [
        "Authorization",
        "Content-Type",
        "If-Match",
        "If-None-Match",
        "Idempotency-Key",
        "Last-Event-ID",
        "X-Request-Id",
        // What browsers are given for tracing: W3C's, and Sentry's.
        "baggage",
        "sentry-trace",
        "traceparent",
        "tracestate",
      ],
      exposeHeaders: [
        "ETag",
        "Idempotent-Replayed",
        "Link",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "X-Request-Id",
        "X-Total-Count",
      ],
      maxAge: 600,
    }),
  );
  return plugin;
}
