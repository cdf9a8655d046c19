/**
 * `bun run release`: what one can download. Binaries for every machine that Bun builds for, their checksums, a bill of materials
 * and the notes of this version, in dist/release. `bun run release bun-linux-x64 …` builds only these, and `--to FOLDER` puts
 * them into another folder, which must be empty. Exits with 1 where a binary could not be built, such as one whose runtime
 * can't be downloaded; what could be is there all the same.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { originOf } from "../cli/origin";
import { version } from "../package.json";
import { billOfMaterials } from "./release/bill-of-materials";
import { notesOf } from "./release/notes";

const TARGETS = [
  "bun-linux-x64",
  "bun-linux-arm64",
  "bun-linux-x64-musl",
  "bun-linux-arm64-musl",
  "bun-darwin-x64",
  "bun-darwin-arm64",
  "bun-windows-x64",
];

/** A runtime that comes no further is given up: a network that says nothing would be waited for without end. */
const MOST_MS_A_BINARY = 600_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: "string" } },
});
/** Only what a release made is emptied by the next one. */
const OWN_FOLDER = "dist/release";
const folder = values.to ?? OWN_FOLDER;
const targets = positionals.length > 0 ? positionals : TARGETS;

if (originOf(".").is_dirty === true) {
  console.log("There are changes that are not committed: sanset version will say so of these binaries.");
}
if (values.to === undefined) rmSync(folder, { recursive: true, force: true });
else if (existsSync(folder) && readdirSync(folder).length > 0) {
  console.error(`${folder} is not empty. Name a folder that is, or that is yet to be made.`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const missing: string[] = [];
for (const target of targets) {
  const name = `sanset-${version}-${target.replace(/^bun-/, "")}${target.includes("windows") ? ".exe" : ""}`;
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "scripts/build.ts", target, join(folder, name)], {
    stdout: "ignore",
    stderr: "pipe",
    timeout: MOST_MS_A_BINARY,
  });
  if (exitCode === 0) console.log(`${name}: ${(Bun.file(join(folder, name)).size / 1_048_576).toFixed(0)} MB`);
  else {
    missing.push(target);
    console.log(`${target} could not be built: ${reasonIn(stderr.toString())}`);
    rmSync(join(folder, name), { force: true });
  }
}

await Bun.write(
  join(folder, `sanset-${version}.cdx.json`),
  `${JSON.stringify(await billOfMaterials(), undefined, 2)}\n`,
);
await Bun.write(join(folder, "NOTES.md"), notesOf(await Bun.file("CHANGELOG.md").text(), version));

const sums: string[] = [];
for (const name of readdirSync(folder).toSorted()) {
  const bytes = await Bun.file(join(folder, name)).bytes();
  sums.push(`${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  ${name}`);
}
// As `sha256sum --check` reads it.
await Bun.write(join(folder, "SHA256SUMS"), `${sums.join("\n")}\n`);
console.log(`${folder}: ${sums.length} files and their checksums.`);

if (missing.length > 0) {
  console.error(`Not built: ${missing.join(", ")}. Run it again where Bun's runtimes can be downloaded.`);
  process.exit(1);
}

/** The line that says what failed: others tell how to call Bun. */
function reasonIn(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const failure = lines.find((line) => /error|fail|unsupported|unknown|not supported/i.test(line));
  return failure ?? lines.find(Boolean) ?? `nothing was heard for ${MOST_MS_A_BINARY / 60_000} minutes`;
}
