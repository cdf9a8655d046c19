import { cpSync, rmSync } from "node:fs";
import { version } from "../package.json";

/**
 * Makes the package of the client in a folder, ready for `npm publish` there: `bun scripts/build-client.ts dist/client`. It
 * has the version of the API that it speaks.
 */
const out = process.argv[2] ?? "dist/client";
rmSync(out, { recursive: true, force: true });
const { success, logs } = await Bun.build({
  entrypoints: ["client/index.ts"],
  outdir: `${out}/dist`,
  target: "browser",
});
if (!success) throw new AggregateError(logs, "The client can't be built.");
await Bun.write(`${out}/dist/index.d.ts`, Bun.file("client/published.d.ts"));
await Bun.write(`${out}/dist/types.d.ts`, Bun.file("client/types.ts"));
const description: object = await Bun.file("client/package.json").json();
await Bun.write(`${out}/package.json`, `${JSON.stringify({ ...description, version }, undefined, 2)}\n`);
cpSync("client/README.md", `${out}/README.md`);
cpSync("client/examples", `${out}/examples`, { recursive: true });
cpSync("LICENSE", `${out}/LICENSE`);
