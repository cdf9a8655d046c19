/**
 * `bun run figures [folders…]`: how long files and functions are, in `src` and `cli` where nothing else is said. A function counts from its
 * first line to its last, with those inside it.
 */
import { Glob } from "bun";
import { parseSync } from "oxc-parser";

const USUAL_FILE_LINES = 120;
const LONGEST_SHOWN = 12;

interface Length {
  name: string;
  lines: number;
}

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

function functionsIn(file: string, text: string): Length[] {
  const found: Length[] = [];
  const lineAt = (place: number) => text.slice(0, place).split("\n").length;
  const walk = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, name);
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    const node = value as { type: string; start: number; end: number; id?: { name?: string }; key?: { name?: string } };
    const called = node.id?.name ?? node.key?.name ?? name;
    if (FUNCTION.test(node.type)) {
      found.push({ name: `${called} in ${file}`, lines: lineAt(node.end) - lineAt(node.start) + 1 });
    }
    for (const child of Object.values(node)) walk(child, called);
  };
  walk(parseSync(file, text).program, "a function");
  return found;
}

function tell(what: string, lengths: readonly Length[], more: string): void {
  const sorted = lengths.toSorted((one, other) => other.lines - one.lines);
  const at = (share: number) => sorted[Math.floor(sorted.length * (1 - share))]?.lines;
  console.log(`${sorted.length} ${what}: ${at(0.5)} lines in the middle, ${at(0.9)} at p90${more}. The longest:`);
  for (const { name, lines } of sorted.slice(0, LONGEST_SHOWN)) console.log(`  ${String(lines).padStart(4)} ${name}`);
}

const folders = process.argv.length > 2 ? process.argv.slice(2) : ["src", "cli"];
const paths = folders.flatMap((folder) => [...new Glob(`${folder}/**/*.{ts,tsx}`).scanSync()]);
const texts = await Promise.all(paths.map(async (path) => ({ path, text: await Bun.file(path).text() })));
const files = texts.map(({ path, text }) => ({ name: path, lines: text.trimEnd().split("\n").length }));
const long = files.filter(({ lines }) => lines > USUAL_FILE_LINES).length;
tell("files", files, `, ${long} of more than ${USUAL_FILE_LINES}`);
tell(
  "functions",
  texts.flatMap(({ path, text }) => functionsIn(path, text)),
  "",
);
