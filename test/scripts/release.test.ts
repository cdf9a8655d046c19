import { expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { dependencies, devDependencies, version } from "../../package.json";
import { newFolder } from "../support/program";

setDefaultTimeout(180_000);

/** The machine that the test runs on: its runtime is there and need not be downloaded. */
const HERE = `bun-${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

function run(folder: string, command: string[]): { exitCode: number; out: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: folder, stdout: "pipe", stderr: "pipe" });
  return { exitCode, out: stdout.toString() + stderr.toString() };
}

/** The project as git has it, committed in a folder of its own. */
function newCheckout(): string {
  const folder = join(newFolder(), "sanset");
  const { out } = run(".", ["git", "ls-files", "--cached", "--others", "--exclude-standard"]);
  for (const file of out.split("\n").filter((name) => name !== "" && existsSync(name)))
    cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  for (const words of [
    ["init", "-q"],
    ["add", "-A"],
    ["commit", "-qm", "All of it"],
  ]) {
    expect(run(folder, [...git, ...words]).exitCode).toBe(0);
  }
  return folder;
}

test("a release has its binary, checksums that hold, a bill of materials and notes, and says what could not be built", async () => {
  const folder = newCheckout();
  const to = join(folder, "released");
  const release = (into: string, ...targets: string[]) =>
    run(folder, [process.execPath, "scripts/release.ts", "--to", into, ...targets]);
  const { exitCode, out } = release(to, HERE, "bun-plan9-x64");
  expect([exitCode, out]).toEqual([1, expect.stringContaining("bun-plan9-x64 could not be built")]);
  expect(out).toContain("Not built: bun-plan9-x64.");
  expect(out).not.toContain("not committed");

  const binary = `sanset-${version}-${HERE.slice(4)}${process.platform === "win32" ? ".exe" : ""}`;
  const bill = `sanset-${version}.cdx.json`;
  expect(readdirSync(to).toSorted()).toEqual(["NOTES.md", "SHA256SUMS", binary, bill].toSorted());
  for (const line of (await Bun.file(join(to, "SHA256SUMS")).text()).trim().split("\n")) {
    const [sum = "", name = ""] = line.split("  ");
    const bytes = await Bun.file(join(to, name)).bytes();
    expect([name, new Bun.CryptoHasher("sha256").update(bytes).digest("hex")]).toEqual([name, sum]);
  }
  expect(await Bun.file(join(to, "NOTES.md")).text()).toStartWith(`# Sanset ${version}\n\n`);

  const { bomFormat, components, dependencies: links } = await Bun.file(join(to, bill)).json();
  const named = new Map<string, string>(
    components.map((one: { name: string; version: string }) => [one.name, one.version]),
  );
  expect(bomFormat).toBe("CycloneDX");
  expect(named.get("bun")).toBe(Bun.version);
  for (const [name, exact] of Object.entries(dependencies))
    expect(`${name} ${named.get(name)}`).toBe(`${name} ${exact}`);
  for (const name of ["fast-check", "oxlint", "smtp-server"]) {
    expect([name, name in devDependencies, named.has(name)]).toEqual([name, true, false]);
  }
  // What a package of ours needs is in the binary as well.
  expect(named.has("memoirist")).toBe(true);
  expect(links[0].dependsOn).toContain(`pkg:npm/elysia@${dependencies.elysia}`);

  const built = (into: string) => JSON.parse(run(folder, [join(into, binary), "version", "--json"]).out);
  const commit = run(folder, ["git", "rev-parse", "HEAD"]).out.trim();
  expect(built(to)).toMatchObject({ version, commit, is_dirty: false });

  const files = readdirSync(to);
  const refused = release(to, HERE);
  expect([refused.exitCode, refused.out]).toEqual([2, expect.stringContaining("is not empty")]);
  expect(readdirSync(to)).toEqual(files);

  await Bun.write(join(folder, "README.md"), "Other words.");
  const elsewhere = join(folder, "released-again");
  const changed = release(elsewhere, HERE);
  expect([changed.exitCode, changed.out]).toEqual([0, expect.stringContaining("not committed")]);
  expect(built(elsewhere)).toMatchObject({ commit, is_dirty: true });
  expect(run(folder, [join(elsewhere, binary), "version"]).out).toContain(`${commit} with changes that are not in it`);
});
