import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examine, repair } from "../../src/doctor/doctor";
import { checkIndex, reindex } from "../../src/catalog/indexing";
import type { ShopError } from "../../src/base/errors";
import { importProducts } from "../../src/imports/products/import";
import { flushAll } from "../../src/jobs/write-behind";
import { listMisses } from "../../src/search/misses";
import { addSynonyms, listSynonyms, removeSynonyms } from "../../src/search/synonyms";
import type { Shop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";
import { PROGRAM } from "../support/usual";

const IN_STEP = { whole: true, out_of_step: [] };

const find = async (shop: TestShop, q: string): Promise<string[]> =>
  (await clientOf(shop).get(`/search?q=${encodeURIComponent(q)}`)).body.map(
    (product: { slug: string }) => product.slug,
  );

async function countOf({ database }: TestShop): Promise<number> {
  return (await database.first<{ total: number }>("SELECT COUNT(*) AS total FROM products"))?.total ?? 0;
}

/** The shop with an index that finds a mug where the row beside it says `bug`. */
async function damage(shop: TestShop, id: number): Promise<Shop> {
  const { address } = shop.place;
  if (address.engine === "postgres") {
    await shop.database.transaction((tx) =>
      tx.run("UPDATE search_index SET name = ' bug ' WHERE product_id = $1", [id]),
    );
    return shop;
  }
  // SQLite lets nobody write there, so the byte is changed on disk, and seen by whoever opens the file afterwards.
  const connection = new Database(address.path);
  connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
  connection.close();
  const bytes = Buffer.from(await Bun.file(address.path).bytes());
  bytes.write(" bug ", bytes.indexOf(" mug "));
  await Bun.write(address.path, bytes);
  return { ...shop, database: await openDatabase(address) };
}

describe.each(engines)("the search index on $name", (engine) => {
  test("is in step after creating, changing, deleting, importing and failing", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { body: lamp } = await admin.post("/products", { slug: "lamp", name: "Lamp", category: "Home", price: 20 });
    const { body: vase } = await admin.post("/products", { slug: "vase", name: "Vase", category: "Home", price: 20 });
    await admin.put(`/products/${lamp.id}`, { name: "Lantern", attributes: { brand: "Lumen", led: true } });
    await admin.delete(`/products/${vase.id}`);
    expect((await admin.post("/products", { slug: "lamp", name: "Other", category: "x", price: 1 })).status).toBe(409);
    const file = join(tmpdir(), `${shop.newId()}.jsonl`);
    await Bun.write(
      file,
      `{"slug":"bowl","name":"Bowl","category":"Home","price":3}\n{"slug":"lamp","name":"Bulb","category":"Home","price":3}\n`,
    );
    await importProducts(shop, file);
    await Bun.file(file).delete();
    const failing = shop.database.transaction(async (tx) => {
      await tx.run("UPDATE products SET name = 'Rolled back' WHERE id = $1", [lamp.id]);
      throw new Error("no");
    });
    expect(await failing.catch(String)).toBe("Error: no");
    expect(await checkIndex(shop)).toEqual(IN_STEP);
    expect(await find(shop, "lantern")).toEqual(["lamp"]);
    expect(await find(shop, "bowl")).toEqual(["bowl"]);
    expect(await find(shop, "vase")).toEqual([]);
    expect(await find(shop, "bulb")).toEqual([]);
  });

  test("is made anew when it is not", async () => {
    const shop = await freshShop(engine);
    const [mug, cup, pot] = [
      await stockShelf(shop, { slug: "mug", name: "Mug" }),
      await stockShelf(shop, { slug: "cup", name: "Cup" }),
      await stockShelf(shop, { slug: "pot", name: "Pot" }),
    ];
    await shop.database.transaction(async (tx) => {
      const id = engine.name === "sqlite" ? "rowid" : "product_id";
      await tx.run(`UPDATE search_index SET name = ' bucket ' WHERE ${id} = $1`, [mug.id]);
      await tx.run(`DELETE FROM search_index WHERE ${id} = $1`, [cup.id]);
      await tx.run("UPDATE products SET deleted_at = $1 WHERE id = $2", ["2030-01-01T00:00:00.000Z", pot.id]);
    });
    expect((await checkIndex(shop)).out_of_step).toEqual([mug.id, cup.id, pot.id]);
    const problems = (await examine(shop)).map(({ problem }) => problem);
    expect(problems).toContain("The search has other words for 3 products than the catalog.");
    const progress: number[] = [];
    expect(await reindex(shop, (done) => progress.push(done))).toBe(2);
    expect(progress).toEqual([2]);
    expect(await checkIndex(shop)).toEqual(IN_STEP);
    expect(await find(shop, "mug")).toEqual(["mug"]);
    expect(await find(shop, "cup")).toEqual(["cup"]);
  });

  test("that contradicts its rows is found out, and mended", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { slug: "mug", name: "Mug" });
    const damaged = await damage(shop, mug.id);
    expect(await checkIndex(damaged)).toMatchObject({ whole: false });
    expect(await repair(damaged)).toMatchObject({ left: [] });
    expect(await checkIndex(damaged)).toEqual(IN_STEP);
    if (damaged !== shop) await damaged.database.close();
  });

  test.if(engine.name === "postgres")("whose names went astray is found out, and mended", async () => {
    const shop = await freshShop(engine);
    const [mug, cup] = [
      await stockShelf(shop, { slug: "mug", name: "Mug" }),
      await stockShelf(shop, { slug: "cup", name: "Cup" }),
    ];
    const suggested = async (q: string) => (await clientOf(shop).get(`/search/suggestions?q=${q}`)).body;
    await shop.database.transaction(async (tx) => {
      await tx.run("DELETE FROM search_index_heads WHERE product_id = $1", [mug.id]);
      await tx.run("UPDATE search_index_heads SET words = '' WHERE product_id = $1", [cup.id]);
    });
    expect([await suggested("mu"), await suggested("cu")]).toEqual([[], []]);
    expect(await checkIndex(shop)).toEqual({ whole: false, out_of_step: [] });
    expect(await repair(shop)).toMatchObject({ left: [] });
    expect(await checkIndex(shop)).toEqual(IN_STEP);
    expect([await suggested("mu"), await suggested("cu")]).toEqual([["Mug"], ["Cup"]]);
  });

  test.if(engine.name === "postgres")(
    "is whole where a server of the version before writes beside this one",
    async () => {
      const shop = await freshShop(engine);
      const mug = await stockShelf(shop, { slug: "mug", name: "Mug" });
      await shop.database.transaction(async (tx) => {
        await tx.run("UPDATE products SET name = 'Beaker' WHERE id = $1", [mug.id]);
        await tx.run(
          `INSERT INTO search_index (product_id, name, brand, category, description, attributes, words)
         SELECT product_id, ' beaker ', ' ', ' ', ' ', ' ', CAST($1 AS tsvector) FROM search_index
         ON CONFLICT (product_id) DO UPDATE SET name = excluded.name, brand = excluded.brand, category = excluded.category,
           description = excluded.description, attributes = excluded.attributes, words = excluded.words`,
          ["'beaker':2A"],
        );
      });
      expect(await checkIndex(shop)).toMatchObject({ whole: true });
      expect((await clientOf(shop).get("/search/suggestions?q=bea")).body).toEqual(["Beaker"]);
      expect((await clientOf(shop).get("/search/suggestions?q=mu")).body).toEqual([]);
      expect(await find(shop, "beaker")).toEqual(["mug"]);
    },
  );

  test("is in step after an import that was killed", async () => {
    const shop = await freshShop(engine);
    const file = join(tmpdir(), `${shop.newId()}.jsonl`);
    const lines = Array.from({ length: 5_000 }, (_, n) =>
      JSON.stringify({ slug: `p-${n}`, name: `Thing no${n}`, category: "Things", price: 5 }),
    );
    await Bun.write(file, lines.join("\n"));
    const environment = { ...process.env, DATABASE_URL: shop.place.url, SECRET_KEY: shop.settings.secretKey ?? "" };
    const importing = Bun.spawn([...PROGRAM, "import", "products", file], { env: environment });
    while ((await countOf(shop)) === 0 && importing.exitCode === null) await Bun.sleep(1);
    importing.kill("SIGKILL");
    await importing.exited;
    await Bun.file(file).delete();
    const arrived = await countOf(shop);
    expect(arrived).toBeGreaterThan(0);
    expect(arrived).toBeLessThan(5_000);
    expect(await checkIndex(shop)).toEqual(IN_STEP);
    expect(await find(shop, `no${arrived - 1}`)).toEqual([`p-${arrived - 1}`]);
    expect(await find(shop, "no4999")).toEqual([]);
  }, 60_000);
});

describe.each(engines)("synonyms on $name", (engine) => {
  test("find each other, as words and as phrases", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop, { slug: "sofa", name: "Green sofa" });
    await stockShelf(shop, { slug: "seat", name: "Love seat" });
    await stockShelf(shop, { slug: "chair", name: "Green chair" });
    expect(await find(shop, "couch")).toEqual([]);
    await addSynonyms(shop, ["sofa", "Couch", "love seat"]);
    expect((await find(shop, "couch")).toSorted()).toEqual(["seat", "sofa"]);
    expect((await find(shop, "green couches"))[0]).toBe("sofa");
    expect((await find(shop, "love seat"))[0]).toBe("seat");
    expect(await find(shop, "love seats")).toContain("sofa");
    expect(await listSynonyms(shop)).toEqual([{ phrases: ["Couch", "love seat", "sofa"], finds: [] }]);
  });

  test("are forgotten again", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop, { slug: "sofa", name: "Sofa" });
    await addSynonyms(shop, ["sofa", "couch"]);
    expect(await removeSynonyms(shop, "COUCHES")).toBe(true);
    expect(await removeSynonyms(shop, "couch")).toBe(false);
    expect(await listSynonyms(shop)).toEqual([]);
    expect(await find(shop, "couch")).toEqual([]);
  });

  test("are two or more different phrases of a few words", async () => {
    const shop = await freshShop(engine);
    for (const phrases of [["sofa"], ["sofa", "Sofas"], ["sofa", "!!"], ["sofa", "a b c d"]]) {
      expect(await addSynonyms(shop, phrases).catch((error: ShopError) => error.code)).toBe("invalid");
    }
    expect(await listSynonyms(shop)).toEqual([]);
  });
});

async function missesOf(shop: TestShop) {
  await flushAll(shop);
  return listMisses(shop, 50);
}

describe.each(engines)("misses on $name", (engine) => {
  test("are what no product has, counted, the most often missed first", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop, { slug: "mug", name: "Blue mug" });
    for (const q of ["zeppelin", "Purple  MUG!", "purple mug"]) await find(shop, q);
    await clientOf(shop).get("/search/products?q=hovercraft");
    const misses = await missesOf(shop);
    expect(misses.map(({ words, times }) => [words, times])).toEqual([
      ["purple mug", 2],
      ["hovercraft", 1],
      ["zeppelin", 1],
    ]);
  });

  test("are not what was found, corrected, narrowed down or only half typed", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop, { slug: "mug", name: "Blue lantern" });
    await find(shop, "lantern");
    await find(shop, "lantrn");
    await find(shop, "!!!");
    await clientOf(shop).get("/search?q=lantern&category=Toys");
    await clientOf(shop).get("/search/suggestions?q=zepp");
    await find(shop, "zeppelin");
    expect((await missesOf(shop)).map(({ words }) => words)).toEqual(["zeppelin"]);
  });
});
