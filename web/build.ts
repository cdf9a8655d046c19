import { join } from "node:path";
import * as admin from "./words/admin";
import * as kit from "./words/kit";
import * as shop from "./words/shop";

/** Bundles a page, as a program of its own: `bun build.ts <page> <where its files are served> <folder>`. */
const [page = "", at = "", out = ""] = process.argv.slice(2);
/** Says `h(tag, props, child)`: the newer way names each child a property, which would weigh half a kilobyte in all. */
const SHORT_JSX =
  '/** @jsxRuntime classic @jsx makeJsx @jsxFrag JsxFragment */ import { h as makeJsx, Fragment as JsxFragment } from "preact";';
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
  await Bun.write(join(out, output.path), output.path.endsWith(".css") ? withoutOldNames(text) : text);
}

/** A word that is plain text is put where it is said, and so is one with a gap: to name it first would weigh a kilobyte in all. */
function withWords(source: string): string {
  const [, file = ""] = /import \* as words from "\.\.\/words\/(\w+)";/.exec(source) ?? [];
  const words: Record<string, unknown> = { admin, kit, shop }[file] ?? {};
  return source
    .replaceAll(/(?<![\w.])words\.(\w+)\(([\w.]+(?:\([\w., ]*\))?)\)/g, (said, name: string, given: string) => {
      const [, gap = "", text] = /^\((\w+)\) => (`[^`$]*\$\{\w+\}[^`$]*`)$/.exec(String(words[name])) ?? [];
      return text?.includes(`\${${gap}}`) ? text.replace(`\${${gap}}`, () => `\${${given}}`) : said;
    })
    .replaceAll(/(?<![\w.])words\.(\w+)\b/g, (said, name: string) => {
      const word = words[name];
      return typeof word === "string" ? JSON.stringify(word) : said;
    });
}

/** The bundler says each rule with `:is` twice more, as browsers knew it by that do not know `oklch`, which ours must. */
function withoutOldNames(css: string): string {
  return css.replaceAll(/[^{}]*:-(?:webkit|moz)-any\([^{}]*\{[^{}]*\}/g, "");
}
