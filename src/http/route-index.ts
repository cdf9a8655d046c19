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
}

const newPart = (): Part => ({ named: new Map(), parameter: undefined, rules: new Map() });

/** Is asked for its routes once, at the first question: by then all of them are there. */
export function indexRoutes(routes: () => readonly Route[]): RouteIndex {
  let made: ReturnType<typeof build> | undefined;
  const index = () => (made ??= build(routeTable(routes())));
  return {
    find: (method, path) => {
      const wanted = method === "HEAD" ? "GET" : method;
      return partsAt(index().root, path)
        .find(({ rules }) => rules.has(wanted))
        ?.rules.get(wanted);
    },
    at: (method, pattern) => index().byPattern.get(`${method} ${pattern}`),
    methodsAt: (path) => {
      const methods = partsAt(index().root, path).flatMap(({ rules }) => [...rules.keys()]);
      // What answers GET answers HEAD.
      return [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))].toSorted();
    },
  };
}

function build(table: readonly RouteRule[]): { root: Part; byPattern: Map<string, RouteRule> } {
  const root = newPart();
  for (const rule of table) {
    let part = root;
    for (const name of partsOf(rule.path)) part = name.startsWith(":") ? parameterOf(part) : namedOf(part, name);
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

/** The router's own habit: a slash at the end is none. */
const partsOf = (path: string): string[] =>
  path
    .replace(/(?<=.)\/$/, "")
    .split("/")
    .slice(1);

/** Where this address may end, what is named before what is a parameter. */
function partsAt(root: Part, path: string): Part[] {
  // No address of ours has more parts, and one with thousands need not be taken apart.
  const names = path.length > LONGEST_PATH ? [] : partsOf(path);
  const walk = (part: Part, depth: number): Part[] => {
    const name = names[depth];
    if (name === undefined) return part.rules.size > 0 ? [part] : [];
    const named = part.named.get(name);
    return [
      ...(named ? walk(named, depth + 1) : []),
      ...(part.parameter && name !== "" ? walk(part.parameter, depth + 1) : []),
    ];
  };
  return names.length > 0 && names.length <= MOST_PARTS ? walk(root, 0) : [];
}

const MOST_PARTS = 12;
const LONGEST_PATH = 8_192;
