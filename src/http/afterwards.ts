import { Elysia } from "elysia";
import type { Buckets } from "../base/instruments";
import type { Shop } from "../shop/shop";
import { findArrival } from "./arrival";
import { type Answered, requestLog } from "./request-log";

type Handler = (request: Request, ...more: unknown[]) => Response | Promise<Response>;

/**
 * What is done of every request once its answer is there: it is counted, logged, and charged. It stands around all of
 * Elysia, since its own hook for that costs a turn of the event loop for each request.
 */
export function afterwards(shop: Shop, charge: ((answered: Answered) => void) | undefined) {
  const log = requestLog(shop);
  const counts = shop.settings.metrics !== "off";
  const plugin = new Elysia({ name: "afterwards" });
  if (!log && !counts && !charge) return plugin;
  const count = counting(shop);
  const finish = (request: Request, response: Response): Response => {
    const arrival = findArrival(request);
    // What is answered under the address that it means was done there.
    if (!arrival || arrival.isDone) return response;
    arrival.isDone = true;
    const ms = performance.now() - arrival.arrivedAt;
    const answered: Answered = { request, arrival, response, ms };
    if (counts) count(answered);
    charge?.(answered);
    log?.(answered);
    return response;
  };
  // Elysia types what it wraps as any function.
  return plugin.wrap((handle) => (request: Request, ...more: unknown[]) => {
    const answer = (handle as unknown as Handler)(request, ...more);
    return answer instanceof Promise ? answer.then((response) => finish(request, response)) : finish(request, answer);
  });
}

/** Counts a request under its route and status, which it spells out once for each. */
function counting({ metrics: { requests } }: Shop): (answered: Answered) => void {
  const nowhere = {};
  const known = new WeakMap<object, Map<number, Buckets>>();
  return ({ arrival: { rule }, response: { status }, ms }) => {
    const byStatus = known.get(rule ?? nowhere) ?? new Map<number, Buckets>();
    known.set(rule ?? nowhere, byStatus);
    let buckets = byStatus.get(status);
    if (!buckets) {
      // A method that no route knows may be any word; HEAD is counted as what it asks for.
      buckets = requests.seriesOf([rule?.method ?? "other", rule?.path ?? "none", String(status)]);
      byStatus.set(status, buckets);
    }
    requests.observeIn(buckets, ms / 1000);
  };
}
