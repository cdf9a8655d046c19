import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, newClient } from "../support/client";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

const SHOPIFY = [
  "Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src",
  "top,Top,Tops,Size,S,TOP-S,shopify,3,10,https://x.example/1.jpg",
  "top,,,,M,TOP-M,shopify,0,11,",
  "cap,Cap,Hats,Title,Default Title,CAP,shopify,2,dear,",
].join("\n");

describe.each(engines)("files over HTTP on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;
  let customer: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true });
    customer = await newClient(shop);
  });
  afterAll(() => shop.close());

  async function send(
    body: string | Uint8Array<ArrayBuffer>,
    query = "",
    headers: Record<string, string> = { "content-type": "text/csv" },
    as = admin,
  ) {
    const address = `http://localhost/api/v1/admin/products/bulk-upload${query}`;
    const answer = await shop.app.handle(
      new Request(address, { method: "POST", headers: { authorization: `Bearer ${as.token}`, ...headers }, body }),
    );
    return { status: answer.status, body: (await answer.json()) as object };
  }

  async function download(path: string, as = admin) {
    const answer = await shop.app.handle(
      new Request(`http://localhost/api/v1/admin/${path}`, {
        headers: { authorization: `Bearer ${as.token}` },
      }),
    );
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  }

  const count = async () => (await shop.database.first<{ n: number }>("SELECT COUNT(*) AS n FROM products"))?.n;

  test("a preview says what an upload would do, and the upload does exactly that", async () => {
    const preview = await send(SHOPIFY, "?dry_run=true");
    expect(preview).toMatchObject({
      status: 200,
      body: {
        dry_run: true,
        program: "Shopify",
        rows: 3,
        new: 3,
        refused: 1,
        problems: [{ line: 4, column: "Variant Price" }],
        first: [{ line: 2, what: "new", product: { name: "Top" } }, {}, {}],
      },
    });
    expect(await count()).toBe(0);
    const done = await send(SHOPIFY);
    expect(done.body).toEqual({ ...Object(preview.body), dry_run: false });
    expect((await admin.get("/products/slug/top")).body).toMatchObject({
      variants: [
        { sku: "TOP-S", stock: 3 },
        { sku: "TOP-M", stock: 0 },
      ],
    });
    expect((await send(SHOPIFY)).body).toMatchObject({ new: 0, unchanged: 3, refused: 1 });
    const update = "sku;price\nTOP-S;12,50\n";
    expect((await send(update)).body).toMatchObject({ different: 1, changed: 0 });
    expect((await send(update, "?update=true")).body).toMatchObject({ changed: 1 });
    const audit = (await admin.get("/admin/audit?size=3")).body;
    expect(JSON.stringify(audit)).toContain("bulk-upload");
  });

  test("in any encoding, compressed, and with columns that are named", async () => {
    const utf16 = Buffer.from("\ufeffArtikel;Preis\nKäse;4,50\n", "utf16le");
    const octets = { "content-type": "application/octet-stream" };
    const map = `?map=${encodeURIComponent("Artikel=name;Preis=price")}`;
    expect((await send(Bun.gzipSync(Uint8Array.from(utf16)), map, octets)).body).toMatchObject({ new: 1 });
    expect((await admin.get("/products/slug/kase")).body).toMatchObject({ name: "Käse", price: 4.5 });
    const json = { "content-type": "application/jsonl" };
    expect((await send('{"slug":"j","name":"J","category":"C","price":1}', "", json)).body).toMatchObject({ new: 1 });
  });

  test("what is refused says why, without what was sent, and changes nothing", async () => {
    const before = await count();
    for (const [body, query] of [
      ["<secret>,b\n1,2\n", ""],
      ["Artikel,Geheim\nx,1\n", ""],
      ["slug,name,price,geheim\na,A,1,2\n", ""],
      ["slug,name,price,attr.geheim,attr.geheim\na,A,1,2,3\n", ""],
      ["slug,name,price\na,A,1\n", "?map=geheim%3Dprice"],
      ["", ""],
      ["slug,name\n", ""],
      [Uint8Array.from([0x73, 0xff, 0xe9, 0x0a]), ""],
    ] as const) {
      const { status, body: problem } = await send(body, query);
      expect([body, status]).toEqual([body, 422]);
      expect(JSON.stringify(problem)).not.toMatch(/geheim|secret/i);
    }
    expect((await send("slug,name,price\na,A,dear\n")).body).toMatchObject({
      new: 0,
      refused: 1,
      problems: [{ line: 2 }],
    });
    expect((await send("x", "", { "content-type": "text/html" })).status).toBe(415);
    expect((await send("x", "?dry_run=perhaps")).status).toBe(422);
    expect((await send(SHOPIFY, "", { "content-type": "text/csv" }, customer)).status).toBe(403);
    expect(await count()).toBe(before);
  });

  test("admins download what the shop has, and what they download changes nothing when it comes back", async () => {
    for (const [path, type] of [
      ["products/export", "text/csv"],
      ["products/export?format=jsonl", "application/jsonl"],
    ] as const) {
      const file = await download(path);
      expect(file).toMatchObject({ status: 200, type: `${type}; charset=utf-8` });
      const back = await send(file.text, "?update=true", { "content-type": type });
      expect(back.body).toMatchObject({ new: 0, changed: 0, refused: 0, unchanged: await count() });
    }
    expect((await download("orders/export?from=2030-01-01&to=2030-12-31")).text).toStartWith("order,date,");
    expect((await download("orders/export?from=soon")).status).toBe(422);
    expect((await download("customers/export?format=jsonl")).text).toContain('"email"');
    for (const path of ["products/export", "orders/export", "customers/export"]) {
      expect((await download(path, customer)).status).toBe(403);
    }
  });
});
