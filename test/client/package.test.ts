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

/** A program against the package that is published, in a project of its own. Its types are checked, then it runs. */
async function runAgainstPackage(file: string, source: string | Blob, words: string[] = []): Promise<string> {
  const project = newFolder();
  const at = join(project, "node_modules/@sanset/client");
  const built = Bun.spawnSync([process.execPath, join(root, "scripts/build-client.ts"), at], { cwd: root });
  expect(built.stderr.toString()).toBe("");
  const packed = Object.keys(JSON.parse(await Bun.file(join(at, "package.json")).text()));
  expect(packed).toContain("version");
  await Bun.write(join(project, file), source);
  const options = {
    strict: true,
    module: "nodenext",
    noEmit: true,
    lib: ["esnext", "dom", "dom.iterable"],
    types: ["bun"],
  };
  await Bun.write(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: [file] }));
  await Bun.write(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await Bun.$`ln -s ${join(root, "node_modules/bun-types")} ${join(project, "node_modules/bun-types")}`;
  await Bun.$`mkdir -p ${join(project, "node_modules/@types")} && ln -s ${join(root, "node_modules/@types/bun")} ${join(project, "node_modules/@types/bun")}`;
  const checked = Bun.spawnSync([process.execPath, "check", "--no-script"], { cwd: project });
  expect([checked.exitCode, checked.stdout.toString() + checked.stderr.toString()]).toEqual([
    0,
    expect.stringContaining("No type errors"),
  ]);
  const program = Bun.spawn([process.execPath, file, ...words], {
    cwd: project,
    env: { ...process.env, SHOP_URL: server.url },
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = await new Response(program.stdout).text();
  expect([await program.exited, await new Response(program.stderr).text()]).toEqual([0, ""]);
  return said;
}

test("installed, it runs the storefront's example from nothing to an order, and its types hold", async () => {
  const example = Bun.file(join(root, "client/examples/guest-checkout.ts"));
  const said = await runAgainstPackage("shop.ts", example, ["milk"]);
  expect(JSON.parse(said)).toMatchObject({ order_id: expect.any(Number), total: expect.any(Number) });
}, 120_000);

/** What a browser has, and a customer does between two blocks of the guide. */
const BROWSER = `const location = { search: "", sentTo: "", assign(url: string) { this.sentTo = url; } };`;
const TIME_PASSES = `tokens = { ...tokens, access_token: "one that is over" };`;
const CUSTOMER_PAYS = `
const page = await (await fetch(location.sentTo, { method: "POST", body: new URLSearchParams({ choice: "pay" }) })).text();
location.search = new URL(/href="([^"]+order_id=[^"]+)"/.exec(page)?.[1] ?? "").search;`;

test("docs/storefront.md's code goes from a visitor to a paid order, through a token that has run out", async () => {
  const guide = await Bun.file(join(root, "docs/storefront.md")).text();
  const blocks = [...guide.matchAll(/```ts\n([^]*?)```/g)].map(([, block = ""]) => block);
  const [begin = "", come = "", cart = "", pay = "", back = ""] = blocks;
  expect(blocks).toHaveLength(5);
  const tell = "console.log(JSON.stringify({ id, payment_status, payment_url }));";
  const program = [
    begin.replace("http://127.0.0.1:5000", server.url),
    BROWSER,
    come,
    TIME_PASSES,
    cart,
    pay,
    CUSTOMER_PAYS,
    back,
    tell,
  ];
  const said = await runAgainstPackage("guide.ts", program.join("\n"));
  expect(JSON.parse(said)).toEqual({ id: expect.any(Number), payment_status: "paid", payment_url: null });
}, 120_000);

test("client/README.md's code signs in and orders", async () => {
  const [, code = ""] = /```ts\n([^]*?)```/.exec(await Bun.file(join(root, "client/README.md")).text()) ?? [];
  const who = `const [email, password] = ["om@example.com", "password123"];`;
  const tell = `console.log((await mine("GET /orders", { query: { size: 1 } }))[0].status);`;
  const said = await runAgainstPackage(
    "readme.ts",
    [code.replace("https://api.shop.example", server.url), tell]
      .join("\n")
      .replace("const url =", `${who}\nconst url =`),
  );
  expect(said.trim()).toBe("placed");
}, 120_000);

test("docs/storefront.md and client/README.md name calls that there are", async () => {
  const document = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
  );
  for (const page of ["docs/storefront.md", "client/README.md"]) {
    const text = await Bun.file(join(root, page)).text();
    const named = [...text.matchAll(/\b((?:GET|POST|PUT|PATCH|DELETE) \/[\w/{}-]+)/g)].map(([, call = ""]) => call);
    expect(named.length).toBeGreaterThan(2);
    expect([page, named.filter((call) => !paths.includes(call))]).toEqual([page, []]);
  }
});
