import { Elysia } from "elysia";
import type { Shop } from "../shop/shop";
import { type Arrival, findArrival } from "./arrival";

/** Asked for so often, by whatever watches over the program, that none is worth a line unless it fails. */
const UNLOGGED = new Set(["/healthz", "/readyz", "/metrics"]);

/** Paths may be of any length; what is beyond this tells nothing more. */
const LONGEST_PATH = 300;
const LONGEST_USER_AGENT = 300;

/**
 * One line a request, once it is answered. It names the route's pattern and who called; the path, where the client is and
 * what it says it is are there where LOG_REQUESTS asks for them, and the path of what there is nothing at always. The query
 * never is: what a customer searched for, or a token, belongs in no log. A call that took long is a warning.
 */
export function requestLog({ log, settings }: Shop) {
  const plugin = new Elysia({ name: "request-log" });
  const { logLevel, slowCallMs } = settings;
  const lines = logLevel === "debug" || logLevel === "info";
  if (!lines && (logLevel !== "warn" || slowCallMs === 0)) return plugin;
  return plugin.onAfterResponse({ as: "global" }, ({ request, response, set }) => {
    const arrival = findArrival(request);
    const ms = arrival ? Math.round((performance.now() - arrival.arrivedAt) * 100) / 100 : 0;
    const isSlow = slowCallMs > 0 && ms >= slowCallMs;
    const status = response instanceof Response ? response.status : Number(set.status ?? 200);
    const route = arrival?.rule?.path ?? "none";
    if (!isSlow && (!lines || (UNLOGGED.has(route) && status < 400))) return;
    log(isSlow ? "warn" : "info", isSlow ? "A request took long." : "request", {
      method: request.method,
      route,
      ...(arrival && aboutClient(arrival, request, settings)),
      status,
      ms,
      request_id: set.headers["x-request-id"],
      user_id: arrival?.callerId ?? null,
    });
  });
}

function aboutClient(arrival: Arrival, request: Request, { logRequests }: Pick<Shop["settings"], "logRequests">) {
  const path = arrival.path.slice(0, LONGEST_PATH);
  if (logRequests === "brief") return arrival.rule ? {} : { path };
  return {
    path,
    address: arrival.address,
    bytes: Number(request.headers.get("content-length") ?? 0) || 0,
    user_agent: request.headers.get("user-agent")?.slice(0, LONGEST_USER_AGENT) ?? null,
  };
}
