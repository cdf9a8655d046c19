import { Command } from "commander";
import { type RouteRule, routeTable } from "../../src/http/declared";
import { type RouteCost, routeCosts } from "../../src/http/openapi/costs";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { appOfNoShop } from "./openapi";

export const routesCommand = ({ print }: Terminal) =>
  new Command("routes")
    .description("list every route and who may call it; needs no database")
    .option("--markdown", "as the page in docs/", false)
    .option("--cost", "the most that one call of each can cost", false)
    .addHelpText("after", "\nExamples:\n  sanset routes\n  sanset routes --cost")
    .action(({ markdown, cost }: { markdown: boolean; cost: boolean }) => {
      if (cost) {
        const costs = routeCosts(appOfNoShop());
        return print(costs, table(["METHOD", "PATH", "CALLS", "BYTES", "STRINGS", "ROWS", "MS"], costs.map(costRow)));
      }
      const routes = routeTable(appOfNoShop().routes);
      return print(routes, markdown ? page(routes) : table(["METHOD", "PATH", "ACCESS", "WHAT"], routes.map(rowOf)));
    });

const rowOf = ({ method, path, access, summary }: RouteRule) => [method, path, access, summary];

const costRow = ({ method, path, calls, bytes, strings, rows, ms }: RouteCost) => [
  method,
  path,
  calls,
  bytes,
  strings,
  rows ?? "all",
  ms,
];

const WHO = { public: "everybody", user: "who is signed in", admin: "admins" };

function page(routes: RouteRule[]): string {
  return `# Routes and who may call them

Made by \`sanset routes --markdown > docs/routes.md\`; a test compares the two. A route that does not say who may call it
keeps the shop from starting. *Who is signed in* reaches what is theirs: the rest answers 404, as if it were not there.

| method | path | who | what |
|---|---|---|---|
${routes
  .map(({ method, path, access, summary }) => `| ${method} | \`${path}\` | ${WHO[access]} | ${summary} |`)
  .join("\n")}`;
}
