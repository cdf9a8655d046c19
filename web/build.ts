import { join } from "node:path";
import * as admin from "./words/admin";
import * as kit from "./words/kit";
import * as shop from "./words/shop";

/** Bundles a page, as a program of its own: `bun build.ts <page> <where its files are served> <folder>`. */
const [page = "", at = "", out = ""] = process.argv.slice(2);
/** Says `h(tag, props, child)`: the newer way names each child a property, which would weigh half a kilobyte in all. */
const SHORT_JSX =
  '/** @jsxRuntime classic @jsx makeJsx @jsxFrag JsxFragment */ import { h as makeJsx, Fragment as JsxFragment } from "preact";';
/** A word that is given plain names, members and calls without anything hard to read in them. */
const PLAIN = String.raw`[\w.]+(?:\((?:[\w., ]|\([\w., ]*\))*\))?`;
const SAID_WITH = new RegExp(String.raw`(?<![\w.])words\.(\w+)\((${PLAIN}(?:, ${PLAIN})*)\)`, "g");

const names = "[name]-[hash].[ext]";

const { outputs } = await Bun.build({
  entrypoints: [page],
  target: "browser",
  minify: true,
  splitting: true,
  publicPath: `${at}/`,
  naming: { entry: names, chunk: names, asset: names },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [
    {
      name: "sources",
      setup: (build) => {
        build.onLoad({ filter: /web\/(admin|kit|shop)\/[^/]*\.tsx$/ }, async ({ path }) => ({
          contents: SHORT_JSX + withWords(await Bun.file(path).text()),
          loader: "tsx",
        }));
        build.onLoad({ filter: /web\/(admin|kit|shop)\/[^/]*\.ts$/ }, async ({ path }) => ({
          contents: withWords(await Bun.file(path).text()),
          loader: "ts",
        }));
      },
    },
  ],
});

for (const output of outputs) {
  const text = await output.text();
  const kind = output.path.slice(output.path.lastIndexOf("."));
  const small = { ".css": withoutOldNames, ".html": withoutSpaces, ".js": shortlyNamed }[kind] ?? String;
  await Bun.write(join(out, output.path), await small(text));
}

/**
 * The bundler gives a parameter of an inner function another name than that of an outer one, also where that is not needed: with
 * the same short name again and again a page is a kilobyte smaller. Without the tool, as in production from source, it is not.
 */
async function shortlyNamed(script: string): Promise<string> {
  const tool = await import("oxc-minify").catch(() => undefined);
  const made = await tool?.minify("page.js", script, { module: true, compress: true, mangle: { toplevel: true } });
  return made && made.errors.length === 0 ? made.code : script;
}

/** A word is put where it is said, also one with gaps: to name it first would weigh more than a kilobyte in all. */
function withWords(source: string): string {
  const [, file = ""] = /import \* as words from "\.\.\/words\/(\w+)";/.exec(source) ?? [];
  const words: Record<string, unknown> = { admin, kit, shop }[file] ?? {};
  const said = source
    .replaceAll(SAID_WITH, (said, name: string, given: string) => filled(String(words[name]), given) ?? said)
    .replaceAll(/(?<![\w.])words\.(\w+)\b/g, (said, name: string) => {
      const word = words[name];
      return typeof word === "string" ? JSON.stringify(word) : said;
    });
  return said.includes("many(") ? `import { many } from "../words/kit"; ${said}` : said;
}

/** The body of a word with what it is given in its gaps; nothing where it is more than one expression of plain text and `many`. */
function filled(word: string, given: string): string | undefined {
  const [, gaps = "", body = ""] = /^\((\w+(?:, \w+)*)\) => (`[^`]*`|many\([^()`]*\))$/.exec(word) ?? [];
  const names = gaps.split(", ");
  const parts = given.match(new RegExp(PLAIN, "g")) ?? [];
  if (body === "" || parts.length !== names.length) return undefined;
  const value = (text: string) => text.replaceAll(/\b\w+\b/g, (name) => parts[names.indexOf(name)] ?? name);
  if (body.startsWith("many")) {
    const texts = body.slice(5, -1).split(/, (?=(?:[^"]*"[^"]*")*[^"]*$)/);
    return `many(${texts.map((text) => (text.startsWith('"') ? text : value(text))).join(", ")})`;
  }
  return body.replaceAll(/\$\{([^}]*)\}/g, (_, inside: string) => {
    const texts = inside.split(/(?=")|(?<=")(?=[,)])/);
    return `\${${texts.map((text) => (text.startsWith('"') ? text : value(text))).join("")}}`;
  });
}

/**
 * The bundler writes for browsers that do not know `oklch`, `light-dark` and the logical sides, which ours must: it says each rule
 * with `:is` twice more, and each colour by way of two properties.
 */
function withoutOldNames(css: string): string {
  return css
    .replaceAll(/[^{}]*:-(?:webkit|moz)-any\([^{}]*\{[^{}]*\}/g, "")
    .replaceAll(
      /var\(--buncss-light,(\w+\((?:[^()]|\([^()]*\))*\))\)\s*var\(--buncss-dark,(\w+\((?:[^()]|\([^()]*\))*\))\)/g,
      "light-dark($1,$2)",
    )
    .replaceAll(/--buncss-\w+:[^;}]*;?/g, "")
    .replaceAll(/@media \(prefers-color-scheme:dark\)\{:root\{\}\}/g, "")
    .replaceAll(/,-apple-system[^;}]*/g, ",sans-serif")
    .replaceAll(/padding-(block|inline)-start:([^;}]*);padding-\1-end:\2/g, "padding-$1:$2")
    .replaceAll(/margin-(block|inline)-start:([^;}]*);margin-\1-end:\2/g, "margin-$1:$2")
    .replaceAll(/: (?=[a-z])/g, ":");
}

/** Lines and their beginnings are for who writes the document. */
function withoutSpaces(html: string): string {
  return html.replaceAll(/\s*\n\s*/g, "").replaceAll(/ crossorigin| \/(?=>)/g, "");
}
