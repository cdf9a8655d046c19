import { ShopError } from "../base/errors";
import type { BundledFile } from "../../web/bundle";
import { publicRoutes } from "./access";
import { prefixOf } from "./arrival";
import { IMMUTABLE, once, REVALIDATED, sendFile, type WebFile, webFile } from "./files";

/** Has the pages bundled, where that was not done yet: takes a second from source, and nothing in the binary. */
export const bundlePages = () => import("../../web/files");

/** A page that the program brings along: one document for every address below `at`, and the files that it loads. */
export function pageRoutes(at: "/admin" | "/shop", publicUrl: string) {
  const page = once(async () => {
    const { adminFiles, shopFiles } = await bundlePages();
    return makePage(at === "/admin" ? adminFiles : shopFiles, at, prefixOf(publicUrl));
  });
  const detail = { hide: true, summary: "A page for browsers" };
  const document = async ({ request }: { request: Request }) => sendFile((await page()).document, request);
  return publicRoutes("operating")
    .get(at, document, { detail })
    .get(`${at}/*`, document, { detail })
    .get(
      `${at}/files/:name`,
      async ({ params, request }) => {
        const file = (await page()).files.get(params.name);
        if (!file) throw new ShopError("not_found", "There is no such file.");
        return sendFile(file, request);
      },
      { detail: { hide: true, summary: "A file of a page" } },
    );
}

function makePage(bundled: readonly BundledFile[], at: string, prefix: string) {
  const files = new Map<string, WebFile>();
  let document: WebFile | undefined;
  for (const { name, text } of bundled) {
    const ending = name.slice(name.lastIndexOf(".") + 1);
    // The bundle names its files from the root.
    const placed = prefix === "" ? text : text.replaceAll(`${at}/files/`, `${prefix}${at}/files/`);
    if (ending === "html") document = webFile(placed, ending, { "cache-control": REVALIDATED, ...DOCUMENT_HEADERS });
    else files.set(name, webFile(placed, ending, { "cache-control": IMMUTABLE }));
  }
  if (!document) throw new Error(`The bundle of ${at} has no document.`);
  return { document, files };
}

/** Nothing in a page is inline and nothing comes from elsewhere, but for pictures of products. */
const DOCUMENT_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob: https:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};
