import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "../support/client";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";
import { PROGRAM } from "../support/usual";

const folder = mkdtempSync(join(tmpdir(), "sanset-openapi-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs in a folder of its own: the command must need nothing there, and leave nothing behind. */
async function sanset(...args: string[]) {
  const run = Bun.spawn([...PROGRAM, ...args], { cwd: folder, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([run.stdout.text(), run.stderr.text(), run.exited]);
  return { stdout, stderr, code };
}

// What is served does not depend on the engine, and the command opens none.
describe.each(engines.slice(0, 1))("sanset openapi", (engine) => {
  test("prints the document that a server serves, and touches no database", async () => {
    const served = await call(await freshShop(engine), "GET", "/api/v1/openapi.json");
    const { stdout, stderr, code } = await sanset("openapi");
    expect(JSON.parse(stdout)).toEqual(served.body);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("prints the same with --json", async () => {
    expect((await sanset("openapi", "--json")).stdout).toBe((await sanset("openapi")).stdout);
  });

  test("writes the document to a file", async () => {
    const file = join(folder, "api.json");
    const { stdout, code } = await sanset("openapi", "--out", file);
    expect({ stdout, code }).toEqual({ stdout: `Wrote ${file}.\n`, code: 0 });
    expect(await Bun.file(file).text()).toBe((await sanset("openapi")).stdout);
  });

  test("says in one line that it can't write there", async () => {
    expect(await sanset("openapi", "--out", folder)).toEqual({
      stdout: "",
      stderr: `${folder} can't be written: it is a folder.\n`,
      code: 1,
    });
  });
});
