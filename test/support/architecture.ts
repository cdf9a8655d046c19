import { dirname, join, normalize } from "node:path";

/** The text of each file, by its path from the root. */
export type Tree = ReadonlyMap<string, string>;

/** The folders of `src/` from bottom to top, as `docs/levels.txt` has them. */
export function readLevels(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.map((line) => line.trim().split(/\s+/)).toReversed();
}

/** Who may import a module. A rule that this file does not check is only a wish. */
const ONLY: { module: RegExp; within: RegExp; rule: string }[] = [
  {
    module: /^elysia$|^@elysiajs\//,
    within: /routes\.ts$|^src\/(app|server)\.ts$|^src\/http\/|^src\/auth\/tokens\.ts$|^src\/idempotency\/header\.ts$/,
    rule: "Elysia is known to http/, routes, app and server",
  },
  { module: /^bun:sqlite$/, within: /^src\/storage\/sqlite\//, rule: "bun:sqlite is known to storage/sqlite/" },
  { module: /^ml-matrix$/, within: /^src\/recommend\//, rule: "ml-matrix is known to recommend/" },
  { module: /^commander$/, within: /^cli\//, rule: "commander is known to cli/" },
  { module: /^nodemailer$/, within: /^src\/mail\//, rule: "nodemailer is known to mail/" },
  { module: /^stripe$/, within: /^src\/payments\/gateways\//, rule: "stripe is known to payments/gateways/" },
  { module: /^@sentry\//, within: /^src\/telemetry\//, rule: "Sentry is known to telemetry/" },
  { module: /^cli\//, within: /^cli\//, rule: "only cli/ imports cli/" },
  { module: /^src\/.*routes$/, within: /^src\/app\.ts$/, rule: "only the app imports routes" },
  {
    module: /^src\/app$/,
    within: /^src\/server\.ts$|^cli\/commands\/(jobs|openapi|overview|routes)\.ts$/,
    rule: "the app is made by the server, and looked at by the commands that list what is in it",
  },
  { module: /^src\/server$/, within: /^cli\//, rule: "only cli/ starts the server" },
  {
    module: /^src\/storage\/(sqlite\/|postgres\/|group-commit$)/,
    within: /^src\/storage\//,
    rule: "no file outside of storage/ knows the engine",
  },
  // Everything that HTTP knows stays with HTTP: an area's verbs serve the command line too.
  {
    module: /^src\/http\//,
    within:
      /routes\.ts$|^src\/(app|server)\.ts$|^src\/http\/|^src\/idempotency\/header\.ts$|^cli\/commands\/(openapi|routes)\.ts$/,
    rule: "only routes know http/",
  },
  { module: /queries$/, within: /^src\//, rule: "the command line asks verbs, not queries" },
  { module: /^data\//, within: /^src\/demo\/|^data\//, rule: "data/ is known to demo/" },
  { module: /^src\//, within: /^(src|cli)\//, rule: "data/ knows nothing of the shop" },
  { module: /^(bench|test|scripts)\//, within: /^$/, rule: "what tests and measures the shop is no part of it" },
];

/** Of all areas, these files know only so much. */
const AT_MOST: { files: RegExp; may: RegExp; rule: string }[] = [
  {
    files: /schema\.ts$/,
    may: /schema$|^src\/base\/|^src\/(accounts\/common-passwords|orders\/states)(\.txt)?$/,
    rule: "a schema stands on other schemas",
  },
  {
    files: /queries\.ts$/,
    may: /(schema|queries|states|pricing)$|^src\/(base|storage)\/|^src\/(shop\/(settings|shop)|catalog\/filter(s|-sources)|search-index\/(dialect|documents|engines|terms|write))$/,
    rule: "queries stand on schemas and other queries",
  },
];

/** The only files of `src/` that lie in no folder. */
const LOOSE = new Set(["src/app.ts", "src/server.ts"]);

/** Only storage and the search's dialects tell the engines apart: what differs has a name there. */
const KNOWS_ENGINES = /^src\/(storage|search-index)\//;
const ASKS_FOR_ENGINE =
  /\bengine\s*[!=]==?\s*["'`]|["'`](sqlite|postgres)["'`]\s*[!=]==?|case ["'](sqlite|postgres)["']/;

/** What is wrong with how the files of a tree import each other, each in a sentence. */
export function architectureFaults(tree: Tree, levels: readonly (readonly string[])[]): string[] {
  const levelOf = new Map(levels.flatMap((folders, level) => folders.map((folder) => [folder, level] as const)));
  const imports = new Map([...tree].map(([file, text]) => [file, importsOf(file, text)]));
  const faults: string[] = [];
  for (const [file, text] of tree) {
    const folder = folderOf(file);
    if (folder !== undefined && !levelOf.has(folder)) faults.push(`${file}: no level says where ${folder} stands`);
    if (/^src\/[^/]+\.ts$/.test(file) && !LOOSE.has(file)) faults.push(`${file}: lies in no folder`);
    if (file.startsWith("src/") && /\bcli\//.test(text)) faults.push(`${file}: names cli/`);
    if (ASKS_FOR_ENGINE.test(text) && !KNOWS_ENGINES.test(file)) faults.push(`${file}: asks which engine it is`);
    for (const path of imports.get(file) ?? []) {
      faults.push(...strays(file, path).map((rule) => `${file} imports ${path}: ${rule}`));
      const upward = isUpward(folder, folderOf(path), levelOf);
      if (upward) faults.push(`${file} imports ${path}: ${folderOf(path)} does not stand below ${folder}`);
    }
  }
  const circle = circleIn(imports);
  if (circle.length > 0) faults.push(`${circle.join(" → ")}: a circle`);
  return faults;
}

function strays(file: string, path: string): string[] {
  const forbidden = ONLY.filter(({ module, within }) => module.test(path) && !within.test(file));
  const tooMuch = AT_MOST.filter(({ files, may }) => files.test(file) && path.startsWith("src/") && !may.test(path));
  return [...forbidden, ...tooMuch].map(({ rule }) => rule);
}

function isUpward(from: string | undefined, to: string | undefined, levelOf: ReadonlyMap<string, number>): boolean {
  if (from === undefined || to === undefined || from === to) return false;
  return (levelOf.get(to) ?? Number.POSITIVE_INFINITY) >= (levelOf.get(from) ?? -1);
}

/** `src/orders/queries.ts` lies in orders, `src/app.ts` is app; undefined for what is not of the shop. */
function folderOf(path: string): string | undefined {
  return /^src\/([^/.]+)/.exec(path)?.[1];
}

const IMPORT = /^\s*(?:import|export)\b[^"'`;()]*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

/** What a file imports, types too: packages by name, own files from the root without their ending. */
export function importsOf(file: string, text: string): string[] {
  const named = [...text.matchAll(IMPORT)].map(([, from, bare, late]) => from ?? bare ?? late ?? "");
  return named.map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

/** The files of one circle, the first one twice; empty where there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of imports.get(file) ?? []) {
      const circle = imports.has(`${next}.ts`) ? walk(`${next}.ts`, [...path, file]) : [];
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const circle = walk(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
