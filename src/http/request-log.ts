import type { Shop } from "../shop/shop";
import type { Arrival } from "./arrival";
import { traceOf } from "./trace";

/** Asked for so often, by whatever watches over the program, that none is worth a line unless it fails. */
const UNLOGGED = new Set(["/healthz", "/readyz", "/metrics"]);

/** Paths may be of any length; what is beyond this tells nothing more. */
const LONGEST_PATH = 300;
const LONGEST_USER_AGENT = 300;

/** A request that was answered. */
export interface Answered {
  request: Request;
  arrival: Arrival;
  response: Response;
  ms: number;
}

/**
 * One line a request, once it is answered. It names the route's pattern and who called; the path, where the client is and
 * what it says it is are there where LOG_REQUESTS asks for them, and the path of what there is nothing at always. The query
 * never is: what a customer searched for, or a token, belongs in no log. A call that took long is a warning. Undefined where
 * the log wants none of it.
 */
export function requestLog({ log, settings }: Shop): ((answered: Answered) => void) | undefined {
  const { logLevel, slowCallMs } = settings;
  const isVerbose = logLevel === "debug" || logLevel === "info";
  if (!isVerbose && (logLevel !== "warn" || slowCallMs === 0)) return undefined;
  return ({ request, arrival, response, ms }) => {
    const isSlow = slowCallMs > 0 && ms >= slowCallMs;
    if (!isSlow && !isVerbose) return;
    const route = arrival.rule?.path ?? "none";
    if (!isSlow && response.status < 400 && UNLOGGED.has(route)) return;
    log(isSlow ? "warn" : "info", isSlow ? "A request took long." : "request", {
      method: request.method,
      route,
      ...aboutClient(arrival, request, settings),
      status: response.status,
      ms: Math.round(ms * 100) / 100,
      request_id: response.headers.get("x-request-id"),
      ...traceOf(request),
      user_id: arrival.callerId,
    });
  };
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
