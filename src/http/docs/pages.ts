import { Elysia } from "elysia";
import { API } from "../../base/api";
import redocScript from "redoc/bundles/redoc.standalone.js" with { type: "file" };
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import swaggerStyle from "swagger-ui-dist/swagger-ui.css" with { type: "file" };

export const OPENAPI_PATH = `${API}/openapi.json`;

/** A file for browsers, ready to be sent. */
export interface WebFile {
  body: string;
  headers: Record<string, string> & { etag: string };
}

/** The two pages and everything that they load, by address. Nothing in them asks another server for anything. */
export const docsPages = (about: { title: string; summary: string }) => ({
  "/docs": () => swaggerPage(about),
  "/docs/swagger-ui.js": async () => webFile(await Bun.file(swaggerScript).text(), JAVASCRIPT),
  "/docs/swagger-ui.css": async () => webFile(await Bun.file(swaggerStyle).text(), CSS),
  "/redoc": () => redocPage(about),
  // ReDoc shows its maker's logo from its maker's server; ours shows none.
  "/redoc/redoc.js": async () =>
    webFile(replaceOnce(await Bun.file(redocScript).text(), REDOC_LOGO, NO_IMAGE), JAVASCRIPT),
  "/redoc/page.css": () => webFile("body { margin: 0 }", CSS),
});

const REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
/** The hash of the one style that ReDoc 2.5.4 adds whole. */
const REDOC_SCROLL_BARS = "QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc=";
const NO_IMAGE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";
const JAVASCRIPT = "text/javascript; charset=utf-8";
const CSS = "text/css; charset=utf-8";

/** Browsers keep it, and ask each time whether it is still the same: after an upgrade nobody sees the old one. */
export function webFile(body: string, type: string): WebFile {
  return {
    body,
    headers: { "content-type": type, etag: `"${Bun.hash(body).toString(36)}"`, "cache-control": "no-cache" },
  };
}

/** Swagger UI as @elysiajs/swagger writes it, with the scripts and styles of this server. */
async function swaggerPage({ title, summary }: { title: string; summary: string }): Promise<WebFile> {
  // Loaded for the first reader: at the start of the server it would take 20 ms for nobody.
  const { swagger } = await import("@elysiajs/swagger");
  const plugin = swagger({
    provider: "swagger-ui",
    path: "/docs",
    specPath: `/${OPENAPI_PATH}`, // The plugin takes one slash off.
    documentation: { info: { title, description: summary, version: "" } },
    version: "bundled",
    theme: "/docs/swagger-ui.css",
    autoDarkMode: false,
    swaggerOptions: { deepLinking: true, tryItOutEnabled: true, displayRequestDuration: true },
  });
  const page = await new Elysia().use(plugin).handle(new Request("http://localhost/docs"));
  const outside = 'src="https://unpkg.com/swagger-ui-dist@bundled/swagger-ui-bundle.js" crossorigin';
  const html = replaceOnce(await page.text(), outside, 'src="/docs/swagger-ui.js"');
  return webPage(replaceOnce(html, "</head>", `${NO_ICON}</head>`));
}

function redocPage({ title }: { title: string }): WebFile {
  return webPage(`<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="/redoc/page.css" />
    ${NO_ICON}
</head>
<body>
    <redoc spec-url="${OPENAPI_PATH}"></redoc>
    <script src="/redoc/redoc.js"></script>
</body>
</html>`);
}

/** Browsers ask for /favicon.ico unless they are told that there is none. */
const NO_ICON = '<link rel="icon" href="data:," />';

function webPage(html: string): WebFile {
  const page = webFile(html, "text/html; charset=utf-8");
  return { ...page, headers: { ...page.headers, "content-security-policy": contentPolicy(html) } };
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
