import { Elysia } from "elysia";
import { API } from "../base/api";
import { BoundedMap } from "../base/bounded-map";
import { networkOf } from "../base/client-network";
import type { Shop } from "../shop/shop";
import type { Freshness } from "../storage/database";
import { findArrival } from "./arrival";

/** The routes that may answer what was so a moment ago: catalog, search, similar, popular. */
const MAY_LAG = /^\/(products|categories|search|recommend\/popular)(\/|$)/;

/** So many clients are remembered as those who have just changed something. */
const CLIENTS_MOST = 50_000;

type Handler = (request: Request, ...more: unknown[]) => Response | Promise<Response>;

/**
 * Lets a copy of the database answer what may lag, but to no caller who could have changed something: one that brings a token
 * or a cookie, on whatever server they changed it, and one at an address that has just changed something here, is answered by
 * a copy only where it has everything. Whose a token is, is never asked of a copy.
 */
export function replicaReads(shop: Shop): Elysia {
  const plugin = new Elysia({ name: "replica-reads" });
  const { database, settings } = shop;
  if (!database.hasReplica) return plugin;
  const lagMostMs = settings.databaseReplicaLagSeconds * 1000;
  const changedAt = new BoundedMap<string, number>(CLIENTS_MOST);
  const freshnessFor = (request: Request): Freshness => {
    const { headers } = request;
    if (headers.has("authorization") || headers.has("cookie")) return "complete";
    const changed = changedAt.get(networkOf(findArrival(request)?.address ?? null)) ?? -Infinity;
    return performance.now() - changed > lagMostMs ? "lagging" : "complete";
  };
  const note = (request: Request, answer: Response): Response => {
    changedAt.set(networkOf(findArrival(request)?.address ?? null), performance.now());
    return answer;
  };
  // Elysia types what it wraps as any function.
  return plugin.wrap((handle) => (request: Request, ...more: unknown[]) => {
    const answerIt = () => (handle as unknown as Handler)(request, ...more);
    if (request.method === "GET" || request.method === "HEAD") {
      return mayLag(request) ? database.onReplica(() => freshnessFor(request), answerIt) : answerIt();
    }
    const answer = answerIt();
    return answer instanceof Promise ? answer.then((response) => note(request, response)) : note(request, answer);
  });
}

/** What is not spelled plainly is answered by the database itself. */
function mayLag({ url }: Request): boolean {
  const at = url.indexOf(API, url.indexOf("//") + 2);
  return at > 0 && MAY_LAG.test(url.slice(at + API.length).replace(/\?.*/, ""));
}
