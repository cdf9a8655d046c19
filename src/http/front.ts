import type { Server } from "bun";
import { Elysia } from "elysia";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { afterwards } from "./afterwards";
import { answerMemory } from "./answer-memory";
import { type Arrival, arrivalOf, findArrival, noteArrival, readArrival, renamed } from "./arrival";
import type { Admission } from "./guard/admission";
import type { RouteIndex } from "./route-index";

/** What listens, and answers a request under the address that is meant. */
interface App {
  handle(request: Request): Promise<Response> | Response;
  server: Server<unknown> | null;
}

type Handler = (request: Request, ...more: unknown[]) => Response | Promise<Response>;

/**
 * What stands around all of Elysia, since its own hooks for that cost a turn of the event loop for each request: a call is
 * read once, let in or refused, answered in its turn, from memory where it can be, and counted, logged and charged once its
 * answer is there.
 */
export function front(shop: Shop, app: () => App, routes: RouteIndex, admission: Admission) {
  const { settings } = shop;
  const finish = afterwards(shop, admission.chargeLook);
  const remember = answerMemory(shop);
  const plugin = new Elysia({ name: "front" }).onRequest(function letIn({ request, set }) {
    const { limits, refusal } = arrivalOf(request);
    if (limits) {
      // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
      set.headers["ratelimit-policy"] = limits.policy;
      set.headers["ratelimit"] = limits.left;
    }
    if (refusal) throw refusal;
  });
  // Elysia types what it wraps as any function.
  return plugin.wrap((handle) => (request: Request, ...more: unknown[]) => {
    // It came in under another spelling, and was read then.
    const known = findArrival(request);
    const arrival = known ?? readArrival(request, app().server, routes, settings);
    if (!known && arrival.isRenamed && !arrival.refusal) {
      const meant = renamed(request, arrival);
      noteArrival(meant, arrival);
      return app().handle(meant);
    }
    noteArrival(request, arrival);
    const turn = arrival.refusal ? undefined : turnFor(admission, request, arrival);
    const make = () => (handle as unknown as Handler)(request, ...more);
    const work = () => (remember && !arrival.refusal ? remember(request, arrival, make) : make());
    const answer = turn ? turn.then(work) : work();
    if (!finish) return answer;
    return answer instanceof Promise
      ? answer.then((response) => finish(request, arrival, response))
      : finish(request, arrival, answer);
  });
}

/** Undefined where the call may be answered at once: what is refused is refused at once, too. */
function turnFor(admission: Admission, request: Request, arrival: Arrival): Promise<void> | undefined {
  try {
    return admission.letIn(request, arrival)?.catch((error: unknown) => refuse(arrival, error));
  } catch (error) {
    refuse(arrival, error);
    return undefined;
  }
}

function refuse(arrival: Arrival, error: unknown): void {
  if (!(error instanceof ShopError)) throw error;
  arrival.refusal = error;
}
