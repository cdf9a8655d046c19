import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { bundle } from "../../web/bundle";
import { call } from "../support/client";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

const root = join(import.meta.dir, "../..");
const isPage = (file: string) => !/^web\/(build|bundle|files)\.ts$/.test(file);

describe("what the pages weigh", () => {
  test.each([
    ["admin", 45_000],
    ["shop", 30_000],
  ])("/%s goes out in at most %d bytes, all of it", (page, most) => {
    const sizes = bundle(`${page}/index.html`, `/${page}/files`).map(({ text }) => brotliCompressSync(text).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most);
  });
});

describe("what the pages are made of", () => {
  const files = [...new Glob("web/**/*.{ts,tsx}").scanSync({ cwd: root })];

  test.each(files.filter(isPage))("%s knows the public API alone", async (file) => {
    const text = await Bun.file(join(root, file)).text();
    const imports = [...text.matchAll(/from "([^"]+)"|^import "([^"]+)"/gm)].map(
      ([, one, other]) => one ?? other ?? "",
    );
    for (const path of imports) {
      if (!path.startsWith(".")) expect(["preact", "preact/hooks", "@preact/signals"]).toContain(path);
      else expect(join(file, "..", path)).toMatch(/^(web\/(kit|admin|shop|words)\/|client$)/);
    }
    // What a person reads stands with the other words, ready to be translated.
    if (!file.startsWith("web/words/")) expect(literalTextIn(text)).toEqual([]);
    // Text is text: nothing that a page shows is read as a tag.
    expect(text).not.toMatch(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/);
  });
});

test("each word is said somewhere", async () => {
  const texts = await Promise.all(
    [...new Glob("web/**/*.{ts,tsx}").scanSync({ cwd: root })].map((file) => Bun.file(join(root, file)).text()),
  );
  const all = texts.join("\n");
  for (const file of new Glob("web/words/*.ts").scanSync({ cwd: root })) {
    const names = [...(await Bun.file(join(root, file)).text()).matchAll(/export const (\w+)/g)];
    const unsaid = names.filter(([, name = ""]) => (all.match(new RegExp(`\\b${name}\\b`, "g")) ?? []).length < 2);
    expect(unsaid.map(([, name]) => name)).toEqual([]);
  }
});

describe.each(engines.slice(0, 1))("how the pages are served", (engine) => {
  test.each(["admin", "shop"])(
    "/%s is one document for every address below it, and files that never change",
    async (page) => {
      const shop = await freshShop(engine);
      const first = await call(shop, "GET", `/${page}`);
      expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(first.headers.get("cache-control")).toBe("no-cache");
      const policy = first.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe/);
      expect((await call(shop, "GET", `/${page}/orders/12?status=placed`)).text).toBe(first.text);
      const files = [...first.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, address = ""]) => address);
      expect(files.length).toBeGreaterThanOrEqual(2);
      for (const address of files) {
        const file = await call(shop, "GET", address);
        expect([address, file.status]).toEqual([address, 200]);
        expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      }
      expect((await call(shop, "GET", `/${page}/files/other.js`)).status).toBe(404);
      const etag = first.headers.get("etag") ?? "";
      expect((await call(shop, "GET", `/${page}`, { headers: { "if-none-match": etag } })).status).toBe(304);
    },
  );

  test("behind a prefix their files are named with it", async () => {
    const shop = await freshShop(engine, { PUBLIC_URL: "http://127.0.0.1:8000/backend" });
    const { text } = await call(shop, "GET", "/admin");
    expect(text).toContain('"/backend/admin/files/');
    expect(text).not.toContain('"/admin/files/');
  });

  test("each can be switched off, and the shop is off in production unless asked for", async () => {
    const shop = await freshShop(engine, { ADMIN_PAGE: "off", SHOP_PAGE: "off" });
    for (const page of ["/admin", "/shop", "/admin/orders"]) expect((await call(shop, "GET", page)).status).toBe(404);
  });
});

/** What looks like text for a person: a capital letter with a small one after it, or two words. */
function literalTextIn(source: string): string[] {
  const script = new Bun.Transpiler({ loader: "tsx" }).transformSync(source.replaceAll(/^import [^;]*;$/gm, ""));
  const literals = [...script.matchAll(/(\w+: )?(["`])((?:[^"`\\\n]|\\.)*)\2/g)];
  return literals.flatMap(([, before, , text = ""]) => {
    const plain = text.replaceAll(/\$\{[^}]*\}/g, " ");
    if (before === "class: " || NO_TEXT.test(plain)) return [];
    return /\p{Lu}\p{Ll}|\p{L}{2} \p{L}{2}/u.test(plain) ? [text] : [];
  });
}

/** Calls of the API, keys of the keyboard, headers, methods of a browser, selectors, and our own name. */
const NO_TEXT =
  /^((GET|POST|PUT|PATCH|DELETE) \/.*|Enter|Escape|Home|End|Arrow\w+|Bearer .*|-H .*|Authorization: .*|Content-Type: .*|.*A-Za-z.*|(push|replace)State|tbody th a|await shop.*|Sanset)$/s;
