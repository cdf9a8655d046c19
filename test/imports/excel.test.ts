import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { importProducts } from "../../src/imports/products/import";
import type { ProductsOptions } from "../../src/imports/products/options";
import { uploaded } from "../../src/imports/source";
import { runCommand } from "../support/command";
import { anyEngine } from "../support/engines";
import { newFolder } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

const folder = newFolder();
let files = 0;
function fileOf(content: string | Uint8Array): string {
  const path = join(folder, `file-${++files}.csv`);
  writeFileSync(path, content);
  return path;
}

const text = (slug: string) => `slug\tname\tcategory\tprice\r\n${slug}\tKäse\tFood\t4,50\r\n`;
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

let names = 0;
/** A slug that no other test has. */
const next = () => `good-${++names}`;

describe.each(anyEngine)("tables as people and spreadsheets write them, on $name", (engine) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await freshShop(engine, { CURRENCY: "EUR" });
  });
  afterAll(() => shop.close());

  const take = (content: string | Uint8Array, options: ProductsOptions = {}) =>
    importProducts(shop, uploaded(typeof content === "string" ? Buffer.from(content) : content), options);
  const found = (slug: string) =>
    shop.database.first<{ name: string; price_minor: number }>(
      "SELECT name, price_minor FROM products WHERE slug = $1",
      [slug],
    );

  const prices = async (cells: string[], options: ProductsOptions = {}) => {
    const slugs = cells.map(next);
    const report = await take(
      ["slug;name;price", ...cells.map((cell, at) => `${slugs[at]};Good;"${cell}"`)].join("\n"),
      options,
    ).catch((error) => error.details);
    const stored = await Promise.all(slugs.map(async (slug) => (await found(slug))?.price_minor));
    return { stored, problems: (report.problems ?? report.errors) as { problem: string }[] };
  };

  test.each([
    ["semicolons", (slug: string) => `Slug;Name;Category;Price\n${slug};Käse;Food;4,50\n`],
    ["tabs", (slug: string) => `SLUG\tname\tCategory\t Price \n${slug}\tKäse\tFood\t4.50\n`],
    ["bars", (slug: string) => `slug|name|category|price\n${slug}|Käse|Food|4.50\n`],
    [
      "a line that names the separator",
      (slug: string) => `sep=;\r\nslug;name;category;price\r\n${slug};Käse;Food;€ 4,50\r\n`,
    ],
    ["carriage returns alone", (slug: string) => `slug,name,category,price\r${slug},Käse,Food,4.50\r`],
    ["a byte order mark", (slug: string) => `\ufeffslug,name,category,price\n${slug},Käse,Food,+4.50\n`],
    [
      "a comma at each line's end and blank rows",
      (slug: string) => `slug,name,category,price,stock,\n,,,,,\n${slug},Käse,Food,4.50,,\n \n,,,,,\n`,
    ],
    ["a row that is shorter", (slug: string) => `slug,name,category,price,stock\n${slug},Käse,Food,4.50\n`],
    ["spaces around quotes", (slug: string) => `slug , name , category , price\n${slug}, "Käse" , Food , 4.50\n`],
    ["blank lines above the heading", (slug: string) => `\n,,,\nslug,name,category,price\n${slug},Käse,Food,"4,50"\n`],
    ["without slug and category", (slug: string) => `name,price\n${slug},4.50\n`],
  ])("with %s", async (_, content) => {
    const slug = next();
    expect(await take(content(slug))).toMatchObject({ rows: 1, new: 1, refused: 0 });
    expect(await found(slug)).toMatchObject({ price_minor: 450 });
  });

  test("in UTF-16 of either order, with and without its mark, and in what Windows wrote", async () => {
    const slugs = [next(), next(), next(), next()];
    const [a = "", b = "", c = "", d = ""] = slugs;
    await take(Buffer.from(`\ufeff${text(a)}`, "utf16le"));
    await take(swapped(Buffer.from(`\ufeff${text(b)}`, "utf16le")));
    await take(Buffer.from(text(c), "utf16le"));
    await take(Buffer.from(text(d), "latin1"), { encoding: "windows-1252" });
    for (const slug of slugs) expect(await found(slug)).toEqual({ name: "Käse", price_minor: 450 });
    expect(take(Buffer.from(text(next()), "latin1"))).rejects.toThrow("--encoding windows-1252");
  });

  test("an amount is read as the others of its file are written, and refused where it may be two", async () => {
    expect((await prices(["$4.50", "1,299.00", "1,299", ".99", "1,29,900.00", "EUR 12"])).stored).toEqual([
      450, 129_900, 129_900, 99, 12_990_000, 1200,
    ]);
    expect((await prices(["4,50 €", "1.299,00", "1.299", "1 299,00", "1'299"])).stored).toEqual([
      450, 129_900, 129_900, 129_900, 129_900,
    ]);
    const unsure = await prices(["1,299", "7"]);
    expect(unsure.stored).toEqual([undefined, 700]);
    expect(unsure.problems[0]?.problem).toBe("price: `1,299` may be 1299 or 1.299: say --decimal.");
    expect((await prices(["1,299"], { decimal: "." })).stored).toEqual([129_900]);
    const none = await prices(["5", "1E+2", "dear", "0x10", "1.2.3"]);
    expect(none.stored).toEqual([500, undefined, undefined, undefined, undefined]);
    expect(none.problems.map(({ problem }) => problem)[0]).toBe("price: `1E+2` is no number: write it like 1299.50.");
  });

  test("two columns for one thing are refused, and so is one that nobody can place", async () => {
    expect(take("slug,name,price,attr.color,attr.color\na,A,1,red,blue\n")).rejects.toThrow(
      "Two columns say the same: attr.color and attr.color",
    );
    expect(take("slug,name,price,colour\na,A,1,red\n")).rejects.toThrow('Keep it with --map "colour=attr.colour"');
    expect(take("id,when,what\n1,2,3\n")).rejects.toThrow("Found the columns id, when, what.");
    const slug = next();
    const report = await take(`slug,name,price,colour,note\n${slug},A,1,red,x\n`, {
      map: ["colour=attr.colour", "note="],
    });
    expect(report).toMatchObject({ new: 1 });
    expect(take("slug,name,price\na,A,1\n", { map: ["colour=attr.colour"] })).rejects.toThrow(
      "There is no column colour.",
    );
    expect(take("slug,name,price,x\na,A,1,1\n", { map: ["x=colour"] })).rejects.toThrow("A product has no colour.");
  });

  test("a table of no program is guessed at, with the reason, and taken so when somebody says it", async () => {
    const slug = next();
    const german = `Artikelnummer;Bezeichnung;Preis;Bestand;Regal\n${slug}-7;${slug};4,50;12;B3\n`;
    expect(take(german)).rejects.toThrow("Artikelnummer = sku, Bezeichnung = name, Preis = price, Bestand = stock");
    const trial = await take(german, { dryRun: true });
    expect(trial).toMatchObject({
      dry_run: true,
      new: 1,
      columns: [
        { heading: "Artikelnummer", field: "sku", reason: "guessed: a usual word for it" },
        {},
        {},
        {},
        { heading: "Regal", field: null },
      ],
      first: [{ line: 2, what: "new", product: { name: slug, price: 4.5, stock: 12, sku: `${slug}-7` } }],
    });
    expect(await found(slug)).toBeUndefined();
    expect(await take(german, { guess: true })).toMatchObject({ new: 1 });
    expect(await found(slug)).toMatchObject({ price_minor: 450 });
    const other = next();
    expect(await take(`A;B;C\n${other};3,99;x\n`, { map: ["A=name", "B=price"] })).toMatchObject({
      new: 1,
      columns: [{}, {}, { field: null }],
    });
    expect(await found(other)).toMatchObject({ price_minor: 399 });
  });

  test("of columns that seem to be one thing the one that is called so counts, or else the best guess", async () => {
    const etsy = next();
    const text = `TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,IMAGE1,SKU\n${etsy},Nice,12.50,EUR,4,"mug,blue",,${etsy}-S\n`;
    expect(take(text)).rejects.toThrow("They seem to mean: TITLE = name");
    const trial = await take(text, { dryRun: true });
    expect(trial.columns.map(({ field }) => field)).toEqual([
      "name",
      "description",
      "price",
      null,
      "stock",
      null,
      null,
      "sku",
    ]);
    expect(await take(text, { guess: true })).toMatchObject({ new: 1 });
    expect(await found(etsy)).toMatchObject({ price_minor: 1_250 });
    const square = next();
    const shown = await take(
      `Token,Item Name,Category,Variation Name,Price,List Price\nT1,${square},Drinks,Regular,3.50,4\n`,
      { dryRun: true },
    );
    expect(shown.columns).toMatchObject([
      { field: null },
      { field: "name" },
      { field: "category" },
      { field: null, reason: "Item Name is the name" },
      { field: "price" },
      { field: "compare_at_price" },
    ]);
    // What a person says counts more than any guess, and two that are called the same are still refused.
    expect((await take(`Titel,Name 2,Preis\n${square},x,1\n`, { map: ["Name 2=name"] })).columns).toMatchObject([
      { field: null },
      { field: "name" },
      {},
    ]);
    expect(take("slug,name,price,Price\na,A,1,2\n")).rejects.toThrow("Two columns say the same");
  });

  test("a workbook or a PDF is refused with what to do about it", async () => {
    for (const [start, advice] of [
      ["504b030414000600", "Save its sheet as CSV"],
      ["d0cf11e0a1b11ae1", "Save its sheet as CSV"],
      ["255044462d312e37", "Export it as CSV"],
    ] as const)
      expect(importProducts(shop, uploaded(Buffer.from(start, "hex")), {})).rejects.toThrow(advice);
  });

  test("a text of 300 lines in quotes is one cell, and a lost quote costs no good row", async () => {
    const [long, ...slugs] = Array.from({ length: 42 }, next);
    const html = Array.from({ length: 300 }, (_, line) => `<p>Line ${line}, of many, 4</p>`).join("\n");
    const lines = slugs.map((slug, at) => `${slug},${at === 4 ? '"' : ""}Shelf${at === 30 ? '"' : ""},Kitchen,4.50`);
    const report = await take(
      [`slug,name,category,price,description`, `${long},Long,Kitchen,3,"${html}"`, ...lines].join("\n"),
    );
    expect(report).toMatchObject({ new: 40, refused: 2 });
    const first = 2 + 300;
    expect(report.problems.map(({ line }) => line)).toEqual([first + 4, first + 30]);
    expect(
      await shop.database.first("SELECT LENGTH(description) AS length FROM products WHERE slug = $1", [long ?? ""]),
    ).toEqual({ length: html.length });
  });

  test("new prices and stocks come with the same file again, by slug or by code", async () => {
    const [slug, other] = [next(), next()];
    const file = fileOf(`slug,name,sku,price,stock\n${slug},Up,${slug}-S,5,1\n${other},Other,${other}-S,5,1\n`);
    await importProducts(shop, file);
    const newer = fileOf(`slug,name,sku,price,stock\n${slug},Up,${slug}-S,7,9\n${other},Other,${other}-S,5,1\n`);
    expect(await importProducts(shop, newer)).toMatchObject({ new: 0, changed: 0, different: 1, unchanged: 1 });
    expect(await found(slug)).toMatchObject({ price_minor: 500 });
    const heard: string[] = [];
    const trial = await importProducts(shop, newer, {
      update: true,
      dryRun: true,
      report: ({ line, what, text }) => heard.push(`${line} ${what} ${text}`),
    });
    expect(trial).toMatchObject({ changed: 1, unchanged: 1 });
    expect(heard).toEqual(["2 changed price 5 → 7, stock 1 → 9", "3 unchanged "]);
    expect(await found(slug)).toMatchObject({ price_minor: 500 });
    expect(await importProducts(shop, newer, { update: true })).toMatchObject({ changed: 1, unchanged: 1 });
    expect(await found(slug)).toMatchObject({ price_minor: 700 });
    expect(await take(`sku;price\n${slug}-s;7,25\nnobody;1\n`, { update: true })).toMatchObject({
      changed: 1,
      refused: 1,
    });
    expect(await found(slug)).toMatchObject({ price_minor: 725 });
    expect(await importProducts(shop, newer, { update: true })).toMatchObject({ changed: 1, unchanged: 1 });
  });

  test("the command shows first what a file would do, keeps a report by line, and ends with 1 for what it left out", async () => {
    const [slug, other] = [next(), next()];
    const path = fileOf(
      `slug,name,category,price,stock\n${slug},Tea,Drinks,4.50,3\n${other},Tea,Drinks,dear,3\n${slug},Twice,Drinks,1,1\n`,
    );
    const report = join(folder, "report.csv");
    const trial = await runCommand(shop, ["import", "products", path, "--dry-run"]);
    expect(trial.failed).toBe("2 rows would be left out. Mend them, or say --allow-left-out.");
    expect(trial.text).toContain("Products: 1 new, 0 changed, 0 unchanged, 2 refused (of 3 rows)");
    expect(trial.text).toMatch(/2 +new +Tea +Drinks +4.5 +3/);
    expect(await found(slug)).toBeUndefined();
    const done = await runCommand(shop, ["product", "import", path, "--report", report, "--allow-left-out"]);
    expect(done.failed).toBeUndefined();
    expect(done.answer).toMatchObject({ new: 1, refused: 2 });
    expect((await Bun.file(report).text()).split("\n")).toEqual([
      "line,what,slug,about",
      `2,new,${slug},`,
      "3,refused,,price: `dear` is no number: write it like 1299.50.",
      `4,refused,${slug},slug: ${slug} stands in line 2 too.`,
      "",
    ]);
    expect(Math.max(...trial.text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
