import { Elysia } from "elysia";
import { API } from "../../base/api";
import { turns } from "../../base/turns";
import { IMMUTABLE, REVALIDATED, type WebFile, webFile } from "../files";
import redocScript from "redoc/bundles/redoc.standalone.js" with { type: "file" };
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import swaggerStyle from "swagger-ui-dist/swagger-ui.css" with { type: "file" };

export const OPENAPI_PATH = `${API}/openapi.json`;
/** As the two pages name it, which stand at the root: so it is right behind a prefix too. */
const RELATIVE_OPENAPI = OPENAPI_PATH.slice(1);

/** The files that the two pages load, by what they are called. Nothing in them asks another server for anything. */
const FILES = {
  "swagger-ui.js": () => Bun.file(swaggerScript).text(),
  "swagger-ui.css": () => Bun.file(swaggerStyle).text(),
  // ReDoc shows its maker's logo from its maker's server; ours shows none.
  "redoc.js": async () => replaceOnce(await Bun.file(redocScript).text(), REDOC_LOGO, NO_IMAGE),
  "redoc.css": async () => "body { margin: 0 }",
};

/** The two pages and the files that they load; files are called by their content, so that browsers keep them. */
export interface DocsPages {
  swagger: WebFile;
  redoc: WebFile;
  files: Map<string, WebFile>;
}

/** Reads a few megabytes and names them: for the first reader. */
export async function makeDocsPages(about: { title: string; summary: string }): Promise<DocsPages> {
  const files = new Map<string, WebFile>();
  const names: Record<string, string> = {};
  for (const [name, read] of Object.entries(FILES)) {
    const [stem = "", ending = ""] = name.split(/\.(?=\w+$)/);
    const content = await read();
    // Each is up to a megabyte, and others have something to do too.
    await turns.yield();
    names[name] = `${stem}-${Bun.hash(content).toString(36)}.${ending}`;
    files.set(names[name], webFile(content, ending, { "cache-control": IMMUTABLE }));
  }
  // Relative addresses: they lead to our files behind a prefix too.
  const at = (name: keyof typeof FILES) => `docs/files/${names[name]}`;
  return { files, swagger: await swaggerPage(about, at), redoc: redocPage(about, at) };
}

type AddressOf = (name: keyof typeof FILES) => string;

const REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
/** The hash of the one style that ReDoc 2.5.4 adds whole. */
const REDOC_SCROLL_BARS = "QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc=";
const NO_IMAGE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/** Swagger UI as @elysiajs/swagger writes it, with the scripts and styles of this server. */
async function swaggerPage({ title, summary }: { title: string; summary: string }, at: AddressOf): Promise<WebFile> {
  // Loaded for the first reader: at the start of the server it would take 20 ms for nobody.
  const { swagger } = await import("@elysiajs/swagger");
  const plugin = swagger({
    provider: "swagger-ui",
    path: "/docs",
    specPath: `/${RELATIVE_OPENAPI}`, // The plugin takes one slash off.
    documentation: { info: { title, description: summary, version: "" } },
    version: "bundled",
    theme: at("swagger-ui.css"),
    autoDarkMode: false,
    swaggerOptions: {
      deepLinking: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      persistAuthorization: true,
    },
  });
  const page = await new Elysia().use(plugin).handle(new Request("http://localhost/docs"));
  const outside = 'src="https://unpkg.com/swagger-ui-dist@bundled/swagger-ui-bundle.js" crossorigin';
  const html = replaceOnce(await page.text(), outside, `src="${at("swagger-ui.js")}"`);
  return webPage(replaceOnce(html, "</head>", `${NO_ICON}</head>`));
}

function redocPage({ title }: { title: string }, at: AddressOf): WebFile {
  return webPage(`<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="${at("redoc.css")}" />
    ${NO_ICON}
</head>
<body>
    <redoc spec-url="${RELATIVE_OPENAPI}"></redoc>
    <script src="${at("redoc.js")}"></script>
</body>
</html>`);
}

/** Browsers ask for /favicon.ico unless they are told that there is none. */
const NO_ICON = '<link rel="icon" href="data:," />';

function webPage(html: string): WebFile {
  return webFile(html, "html", { "cache-control": REVALIDATED, "content-security-policy": contentPolicy(html) });
}

/** Only what the page brings itself may run, and only this server may be asked. */
function contentPolicy(html: string): string {
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code = ""]) => `'sha256-${sha256(code)}'`);
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inline].join(" "),
    // ReDoc adds an empty <style> and then its rules one by one, and one with the rules of its scroll bars.
    `style-src 'self' 'sha256-${sha256("")}' 'sha256-${REDOC_SCROLL_BARS}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src blob:", // ReDoc's search
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("base64");

/** Throws when a new version of a library no longer says what is replaced: better here than before a reader. */
function replaceOnce(text: string, old: string, replacement: string): string {
  if (text.split(old).length !== 2) throw new Error(`Expected exactly once: ${old}`);
  return text.replace(old, () => replacement);
}
