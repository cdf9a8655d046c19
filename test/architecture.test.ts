import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import { join } from "node:path";
import { architectureFaults, readLevels } from "./support/architecture";

const root = join(import.meta.dir, "..");
const levelsText = await Bun.file(join(root, "docs/levels.txt")).text();
const levels = readLevels(levelsText);

test("imports point downward, as docs/levels.txt says", async () => {
  const paths = [...new Glob("{src,cli,data}/**/*.ts").scanSync({ cwd: root })].toSorted();
  const tree = await Promise.all(paths.map(async (path) => [path, await Bun.file(join(root, path)).text()] as const));
  expect(tree.length).toBeGreaterThan(200);
  expect(architectureFaults(new Map(tree), levels)).toEqual([]);
});

/** What is wrong with a made-up tree. */
const faults = (files: Record<string, string>) =>
  architectureFaults(new Map(Object.entries(files)), [
    ["base"],
    ["storage", "mail"],
    ["http"],
    ["orders"],
    ["app"],
    ["server"],
  ]);

describe("the test of imports sees", () => {
  test("nothing where all is well", () => {
    const files = {
      "src/base/money.ts": `import { z } from "zod";\n`,
      "src/storage/open.ts": `import { money } from "../base/money";\n`,
      "src/orders/schema.ts": `import { money } from "../base/money";\n`,
      "src/orders/routes.ts": `import { Elysia } from "elysia";\nimport type { Order } from "./schema";\n`,
      "src/app.ts": `import { orderRoutes } from "./orders/routes";\n`,
      "cli/main.ts": `import { money } from "../src/base/money";\nimport { Command } from "commander";\n`,
    };
    expect(faults(files)).toEqual([]);
  });

  test.each([
    ["an import upward", `import { place } from "../orders/orders";`],
    ["an import upward of a type alone", `import type { Order } from "../orders/orders";`],
    ["one in several lines", `import {\n  type Order,\n  place,\n} from "../orders/orders";`],
    ["an export from above", `export { place } from "../orders/orders";`],
    ["an export of everything from above", `export * from "../orders/orders";`],
    ["one for its effect alone", `import "../orders/orders";`],
    ["one that is made late", `const orders = await import("../orders/orders");`],
    ["one from beside it", `import { send } from "../mail/orders";`],
    ["one of a folder that no level knows", `import { send } from "../elsewhere/orders";`],
  ])("%s", (_, text) => {
    expect(faults({ "src/storage/open.ts": `${text}\n` })).toEqual([
      expect.stringMatching(/^src\/storage\/open\.ts imports src\/\w+\/orders: \w+ does not stand below storage$/),
    ]);
  });

  test("a circle of files, also of types", () => {
    const circle = {
      "src/orders/states.ts": `import type { Order } from "./schema";\n`,
      "src/orders/schema.ts": `import { states } from "./states";\n`,
    };
    expect(faults(circle)).toEqual([expect.stringContaining(": a circle")]);
  });

  test.each([
    ["src/elsewhere/thing.ts", "", "no level says where elsewhere stands"],
    ["src/loose.ts", "", "lies in no folder"],
    ["src/base/run.ts", `spawn("cli/main.ts");`, "names cli/"],
    ["src/orders/orders.ts", `if (tx.engine === "sqlite") await tx.run(sql);`, "asks which engine it is"],
    ["cli/main.ts", `const wait = engine !== "postgres";`, "asks which engine it is"],
    ["src/orders/orders.ts", `import { Elysia } from "elysia";`, "Elysia is known to"],
    ["src/orders/orders.ts", `import { jwt } from "@elysiajs/jwt";`, "Elysia is known to"],
    ["src/storage/open.ts", `import { Database } from "bun:sqlite";`, "bun:sqlite is known to"],
    ["src/orders/orders.ts", `import { Matrix } from "ml-matrix";`, "ml-matrix is known to"],
    ["src/orders/orders.ts", `import { Command } from "commander";`, "commander is known to"],
    ["src/orders/orders.ts", `import { createTransport } from "nodemailer";`, "nodemailer is known to"],
    ["src/orders/orders.ts", `import Stripe from "stripe";`, "stripe is known to"],
    ["src/orders/orders.ts", `import * as sentry from "@sentry/bun";`, "Sentry is known to"],
    ["src/orders/orders.ts", `import { list } from "./routes";`, "only the app imports routes"],
    [
      "src/orders/orders.ts",
      `import { list } from "../storage/sqlite/open";`,
      "no file outside of storage/ knows the engine",
    ],
    ["src/orders/orders.ts", `import { Web } from "../http/access";`, "only routes know http/"],
    ["src/orders/orders.ts", `import { words } from "../../data/words";`, "data/ is known to demo/"],
    ["src/orders/orders.ts", `import { shop } from "../../test/support/shop";`, "is no part of it"],
    ["src/orders/schema.ts", `import { place } from "./orders";`, "a schema stands on other schemas"],
    ["src/orders/queries.ts", `import { place } from "./orders";`, "queries stand on schemas"],
    ["cli/main.ts", `import { createApp } from "../src/app";`, "the app is made by the server"],
    ["cli/main.ts", `import { findOrder } from "../src/orders/queries";`, "verbs, not queries"],
    ["data/words.ts", `import { money } from "../src/base/money";`, "data/ knows nothing of the shop"],
  ])("%s with %p", (file, text, rule) => {
    expect(faults({ [file]: text })).toContainEqual(expect.stringContaining(rule));
  });

  test("a line of the levels that is none, and the order from bottom to top", () => {
    expect(readLevels("# a comment\n\napp\norders  carts\n\nbase\n")).toEqual([["base"], ["orders", "carts"], ["app"]]);
  });
});
