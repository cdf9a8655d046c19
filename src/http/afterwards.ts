import type { Buckets } from "../base/instruments";
import type { Shop } from "../shop/shop";
import type { Arrival } from "./arrival";
import type { RouteRule } from "./declared";
import { type Answered, requestLog } from "./request-log";

/** What is done of every request once its answer is there: it is counted, logged, and charged. Undefined where none of it is. */
export function afterwards(shop: Shop, charge: ((answered: Answered) => void) | undefined) {
  const log = requestLog(shop);
  const count = shop.settings.metrics === "off" ? undefined : counting(shop);
  if (!log && !count && !charge) return undefined;
  return (request: Request, arrival: Arrival, response: Response): Response => {
    const ms = performance.now() - arrival.arrivedAt;
    count?.(arrival.rule, response.status, ms);
    if (!charge && !log) return response;
    const answered: Answered = { request, arrival, response, ms };
    charge?.(answered);
    log?.(answered);
    return response;
  };
}

/** Counts a request under its route and status, which it spells out once for each. */
function counting({ metrics: { requests } }: Shop): (rule: RouteRule | undefined, status: number, ms: number) => void {
  const nowhere = new Map<number, Buckets>();
  const known = new Map<RouteRule, Map<number, Buckets>>();
  return (rule, status, ms) => {
    let byStatus = rule ? known.get(rule) : nowhere;
    if (!byStatus) {
      byStatus = new Map();
      if (rule) known.set(rule, byStatus);
    }
    let buckets = byStatus.get(status);
    if (!buckets) {
      // A method that no route knows may be any word; HEAD is counted as what it asks for.
      buckets = requests.seriesOf([rule?.method ?? "other", rule?.path ?? "none", String(status)]);
      byStatus.set(status, buckets);
    }
    requests.observeIn(buckets, ms / 1000);
  };
}
