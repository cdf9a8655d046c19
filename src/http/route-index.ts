import { type Route, type RouteRule, routeTable } from "./declared";

/** What is known of the routes, by address and by pattern. */
export interface RouteIndex {
  /** The route that answers at this address: the one that the router takes. */
  find(method: string, path: string): RouteRule | undefined;
  /** A route by the pattern that it was declared with: `/products/:id`. */
  at(method: string, pattern: string): RouteRule | undefined;
  /** The methods that this address knows, for the Allow of a 405; none when there is nothing at this address. */
  methodsAt(path: string): string[];
}

/** A part of an address: what may follow it, and what answers where it ends. */
interface Part {
  named: Map<string, Part>;
  parameter: Part | undefined;
  rules: Map<string, RouteRule>;
  /** What answers whatever follows: `/admin/*`. */
  rest: Map<string, RouteRule>;
}

const newPart = (): Part => ({ named: new Map(), parameter: undefined, rules: new Map(), rest: new Map() });

/** Is asked for its routes once, at the first question: by then all of them are there. */
export function indexRoutes(routes: () => readonly Route[]): RouteIndex {
  let made: ReturnType<typeof build> | undefined;
  const index = () => (made ??= build(routeTable(routes())));
  return {
    find: (method, path) => findRule(index().root, path, method === "HEAD" ? "GET" : method),
    at: (method, pattern) => index().byPattern.get(`${method} ${pattern}`),
    methodsAt: (path) => {
      const methods = METHODS.filter((method) => findRule(index().root, path, method) !== undefined);
      // What answers GET answers HEAD.
      return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).toSorted();
    },
  };
}

const METHODS = ["DELETE", "GET", "PATCH", "POST", "PUT"];

function build(table: readonly RouteRule[]): { root: Part; byPattern: Map<string, RouteRule> } {
  const root = newPart();
  for (const rule of table) {
    let part = root;
    if (rule.path.endsWith("/*")) {
      for (const name of rule.path.slice(1, -2).split("/")) part = namedOf(part, name);
      part.rest.set(rule.method, rule);
      continue;
    }
    // The router's own habit: a slash at the end is none.
    const names = rule.path
      .replace(/(?<=.)\/$/, "")
      .split("/")
      .slice(1);
    for (const name of names) part = name.startsWith(":") ? parameterOf(part) : namedOf(part, name);
    part.rules.set(rule.method, rule);
  }
  return { root, byPattern: new Map(table.map((rule) => [`${rule.method} ${rule.path}`, rule])) };
}

const parameterOf = (part: Part): Part => (part.parameter ??= newPart());

function namedOf(part: Part, name: string): Part {
  const known = part.named.get(name) ?? newPart();
  part.named.set(name, known);
  return known;
}

/** No address of ours is longer, and one of a thousand parts need not be taken apart. */
const LONGEST_PATH = 8_192;

function findRule(root: Part, path: string, method: string): RouteRule | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const end = path.length > 1 && path.endsWith("/") ? path.length - 1 : path.length;
  return walk(root, path, method, 1, end);
}

/** From one slash to the next, what is named before what is a parameter, back again where that leads nowhere. */
function walk(part: Part, path: string, method: string, start: number, end: number): RouteRule | undefined {
  if (start > end) return part.rules.get(method);
  const slash = path.indexOf("/", start);
  const stop = slash === -1 || slash > end ? end : slash;
  const name = path.slice(start, stop);
  const named = part.named.get(name);
  const found = named && walk(named, path, method, stop + 1, end);
  if (found) return found;
  const other = part.parameter && name !== "" ? walk(part.parameter, path, method, stop + 1, end) : undefined;
  return other ?? part.rest.get(method);
}
