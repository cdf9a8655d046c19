import { readCall } from "../../src/http/openapi/calls";
import type { TestShop } from "./shop";

interface Declared {
  method: string;
  pattern: RegExp;
  statuses: ReadonlySet<string>;
}

const known = new WeakMap<TestShop["app"], Declared[]>();

/** What any route may answer, whatever it is: too many calls, a shop that is too busy or broken, a key without the scope. */
const OF_ALL = /^(429|5\d\d)$/;

/** The routes of an app with the statuses that its document says; those without parameters first, as the router takes them. */
function declaredBy(app: TestShop["app"]): Declared[] {
  const routes = app.routes.toSorted((a, b) => a.path.split(":").length - b.path.split(":").length);
  return routes.flatMap((route) => {
    const described = readCall(route);
    if (!described) return [];
    const pattern = new RegExp(
      `^${described.path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+")}/?$`,
    );
    return [
      {
        method: route.method,
        pattern,
        statuses: new Set([...described.answers.keys(), ...Object.keys(described.detail.responses ?? {})]),
      },
    ];
  });
}

/** Throws where a route answers with a status that its document does not know: clients are made from that document. */
export function expectDeclared(app: TestShop["app"], method: string, path: string, status: number): void {
  if (OF_ALL.test(String(status))) return;
  let declared = known.get(app);
  if (!declared) known.set(app, (declared = declaredBy(app)));
  const asked = path.replace(/[?#].*$/, "");
  const route = declared.find((one) => one.method === method && one.pattern.test(asked));
  if (route && !route.statuses.has(String(status))) {
    throw new Error(`${method} ${asked} answers ${status}, which its document does not say.`);
  }
}
