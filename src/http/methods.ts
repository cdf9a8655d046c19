interface Route {
  method: string;
  path: string;
}

const known = new WeakMap<object, { pattern: RegExp; method: string }[]>();

/** The methods that this address knows, for the Allow of a 405; none when there is nothing at this address. */
export function methodsAt(routes: readonly Route[], path: string): string[] {
  const patterns = known.get(routes) ?? routes.map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  known.set(routes, patterns);
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  // Whoever answers GET answers HEAD.
  return [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))].toSorted();
}

/** `/products/:id` → `^/products/[^/]+$` */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.]/g, "\\.").replaceAll(/:\w+/g, "[^/]+")}$`);
}
