import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createClient, type FullAnswer, type Given, type Options, Problem } from "../../client";
import type * as published from "../../client/published";
import { newFolder, run, startServer } from "../support/program";

const root = join(import.meta.dir, "../..");
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  const env = { DATABASE_URL: `sqlite:///${newFolder()}/shop.db` };
  expect((await run(["seed", "--products", "30", "--orders", "20", "--customers", "5"], { env })).exitCode).toBe(0);
  server = await startServer({ env });
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

test("the package that is published has the client's own types", () => {
  // Each holds where it compiles.
  const made: typeof published.createClient = createClient;
  const options: published.Options = {} satisfies Options;
  const given: published.Given<"GET /orders/{id}"> = { path: { id: 5 } } satisfies Given<"GET /orders/{id}">;
  const full = {} as FullAnswer<"GET /shop"> satisfies published.FullAnswer<"GET /shop">;
  const problem: new (...words: ConstructorParameters<typeof published.Problem>) => published.Problem = Problem;
  expect([made, options, given, full, problem]).toHaveLength(5);
});

test("installed, it runs the storefront's example from nothing to an order, and its types hold", async () => {
  const project = newFolder();
  const at = join(project, "node_modules/@sanset/client");
  const built = Bun.spawnSync([process.execPath, join(root, "scripts/build-client.ts"), at], { cwd: root });
  expect(built.stderr.toString()).toBe("");
  const packed = Object.keys(JSON.parse(await Bun.file(join(at, "package.json")).text()));
  expect(packed).toContain("version");
  await Bun.write(join(project, "shop.ts"), Bun.file(join(at, "examples/guest-checkout.ts")));
  const options = {
    strict: true,
    module: "nodenext",
    noEmit: true,
    lib: ["esnext", "dom", "dom.iterable"],
    types: ["bun"],
  };
  await Bun.write(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["shop.ts"] }));
  await Bun.write(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await Bun.$`ln -s ${join(root, "node_modules/bun-types")} ${join(project, "node_modules/bun-types")}`;
  await Bun.$`mkdir -p ${join(project, "node_modules/@types")} && ln -s ${join(root, "node_modules/@types/bun")} ${join(project, "node_modules/@types/bun")}`;
  const checked = Bun.spawnSync([process.execPath, "check", "--no-script"], { cwd: project });
  expect([checked.exitCode, checked.stdout.toString() + checked.stderr.toString()]).toEqual([
    0,
    expect.stringContaining("No type errors"),
  ]);
  const example = Bun.spawn([process.execPath, "shop.ts", "milk"], {
    cwd: project,
    env: { ...process.env, SHOP_URL: server.url },
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = await new Response(example.stdout).text();
  expect([await example.exited, await new Response(example.stderr).text()]).toEqual([0, ""]);
  expect(JSON.parse(said)).toMatchObject({ order_id: expect.any(Number), total: expect.any(Number) });
}, 60_000);
