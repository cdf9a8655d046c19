import { describe, expect, test } from "bun:test";
import type { ShopError } from "../../src/base/errors";
import { flushAll } from "../../src/jobs/write-behind";
import { listMisses, noteMiss } from "../../src/search/misses";
import { clientOf } from "../support/client";
import { runCommandOrThrow } from "../support/command";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

/** Runs `sanset search …` on a shop. */
const run = (shop: TestShop, ...words: string[]) => runCommandOrThrow(shop, ["search", ...words]);

const find = async (shop: TestShop, q: string): Promise<string[]> =>
  (await clientOf(shop).get(`/search?q=${encodeURIComponent(q)}`)).body.map(
    (product: { slug: string }) => product.slug,
  );

describe.each(anyEngine)("sanset search on $name", (engine) => {
  test("reindex makes everything findable again", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop, { slug: "mug", name: "Mug" });
    await shop.database.transaction((tx) => tx.run("DELETE FROM search_index"));
    expect(await find(shop, "mug")).toEqual([]);
    expect(await run(shop, "reindex")).toMatchObject({ answer: { products: 1 }, text: "1 product can be found." });
    expect(await find(shop, "mug")).toEqual(["mug"]);
  });

  test("synonyms are added, listed and removed", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop, { slug: "sofa", name: "Sofa" });
    expect((await run(shop, "synonyms", "list")).text).toBe("There are no synonyms yet.");
    await run(shop, "synonyms", "add", "sofa", "love seat");
    expect((await run(shop, "synonyms", "list")).answer).toEqual([["love seat", "sofa"]]);
    expect(await find(shop, "love seat")).toEqual(["sofa"]);
    expect((await run(shop, "synonyms", "remove", "love seat")).answer).toEqual({ removed: true });
    expect(await run(shop, "synonyms", "remove", "love seat").catch((error: ShopError) => error.code)).toBe(
      "not_found",
    );
    expect(await find(shop, "love seat")).toEqual([]);
  });

  test("synonyms are proposed by what is searched after a miss", async () => {
    const shop = await freshShop(engine);
    for (const name of ["Turmeric powder", "Chilli powder", "Lantern"]) await stockShelf(shop, { name });
    for (const [missed, next] of [
      ["haldi powder", "turmeric powder"],
      ["haldi", "turmeric"],
      ["mirchi", "chilli"],
      ["lamtrrn", "lantern"],
      ["lamtrrn", "lantern"],
    ] as const) {
      await find(shop, missed);
      await find(shop, next);
    }
    await find(shop, "zeppelin");
    shop.pass(121);
    await find(shop, "turmeric");
    await flushAll(shop);
    expect((await run(shop, "synonyms", "suggest")).answer).toEqual([{ asked: "haldi", finds: "turmeric", times: 2 }]);
    expect((await run(shop, "synonyms", "suggest", "--times", "1")).answer).toEqual([
      { asked: "haldi", finds: "turmeric", times: 2 },
      { asked: "mirchi", finds: "chilli", times: 1 },
    ]);
    expect((await run(shop, "synonyms", "add", "haldi", "--finds", "turmeric")).text).toBe("haldi → turmeric");
    expect((await run(shop, "synonyms", "list")).answer).toEqual([{ phrases: ["haldi"], finds: ["turmeric"] }]);
    expect((await run(shop, "synonyms", "suggest")).text).toBe("There is nothing to propose yet.");
  }, 30_000);

  test("misses are listed, as many as asked for", async () => {
    const shop = await freshShop(engine);
    expect((await run(shop, "misses")).text).toBe("Everything was found so far.");
    for (const words of ["zeppelin", "hovercraft"]) noteMiss(shop, words);
    await flushAll(shop);
    expect((await run(shop, "misses", "--limit", "1")).answer).toEqual([
      { words: "hovercraft", times: 1, missed_at: shop.now().toISOString() },
    ]);
  });

  test("only the latest thousand misses are kept", async () => {
    const shop = await freshShop(engine);
    await shop.database.transaction((tx) =>
      tx.run(
        `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1200)
         INSERT INTO search_misses SELECT 'old ' || CAST(n AS TEXT), 7, '2029-01-01T00:00:00.' || CAST(1000 + n AS TEXT) FROM n`,
      ),
    );
    noteMiss(shop, "new");
    await flushAll(shop);
    const misses = await listMisses(shop, 5_000);
    expect(misses.length).toBeLessThanOrEqual(1_001);
    expect(misses.map(({ words }) => words)).toContain("new");
    expect(misses.map(({ words }) => words)).not.toContain("old 1");
  });
});
