import { Elysia } from "elysia";
import type { Shop } from "../shop/shop";

interface Call {
  startedAt: number;
  userId: number | null;
}

const calls = new WeakMap<Request, Call>();

/** Whoever finds out who is calling says so here, for the log. */
export function noteCaller(request: Request, userId: number): void {
  const call = calls.get(request);
  if (call) call.userId = userId;
}

/** Who asks whether the program lives asks often, and is not worth a line. */
const UNLOGGED = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * One line a request, once it is answered. It names the route's pattern, not its address: what somebody searched for, or
 * a token in a query, is nobody's business. Costs nothing where the log does not want it.
 */
export function requestLog({ log, settings }: Shop) {
  const plugin = new Elysia({ name: "request-log" });
  if (settings.logLevel !== "debug" && settings.logLevel !== "info") return plugin;
  return plugin
    .onRequest(({ request }) => {
      calls.set(request, { startedAt: performance.now(), userId: null });
    })
    .onAfterResponse({ as: "global" }, ({ request, route, set }) => {
      // Elysia knows no route for what nothing answers to, though its types say otherwise.
      const pattern = (route as string | undefined) ?? "none";
      const { startedAt, userId } = calls.get(request) ?? { startedAt: performance.now(), userId: null };
      if (UNLOGGED.has(pattern)) return;
      log("info", "request", {
        method: request.method,
        route: pattern,
        status: set.status ?? 200,
        ms: Math.round((performance.now() - startedAt) * 100) / 100,
        request_id: set.headers["x-request-id"],
        user_id: userId,
      });
    });
}
