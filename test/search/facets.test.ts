import { beforeAll, describe, expect, test } from "bun:test";
import { markDeleted, updateProduct } from "../../src/catalog/write-queries";
import { type Client, clientOf } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

interface Item {
  slug: string;
  category: string;
  price: number;
}

describe.each(engines)("searching with facets on $name", (engine) => {
  let shop: TestShop;
  let visitor: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    visitor = clientOf(shop);
    const sizes = ["S", "M", "L"];
    for (let n = 0; n < 30; n++) {
      await stockShelf(shop, {
        slug: `shirt-${n}`,
        name: `Striped shirt no. ${n}`,
        category: n % 3 === 0 ? "Men" : "Women",
        price: 100 + n,
        stock: n % 5,
        attributes: {
          brand: n < 20 ? "Amber" : "Birch",
          size: sizes[n % 3],
          organic: n % 2 === 0,
          code: `SH-${1000 + n}`,
        },
      });
    }
    await stockShelf(shop, { slug: "socks", name: "Striped socks", category: "Men", price: 9.5 });
    await stockShelf(shop, {
      slug: "lamp",
      name: "Lamp",
      category: "Home",
      price: 900,
      attributes: { brand: "Amber" },
    });
  });

  const find = async (query: string) => {
    const { status, body } = await visitor.get(`/search/products?${query}`);
    expect(status).toBe(200);
    return body;
  };

  test("the facets count what all the answers have, and agree with the total", async () => {
    const { total, facets, corrected_query } = await find("q=shirt");
    expect(total).toBe(30);
    expect(corrected_query).toBeNull();
    expect(facets.category).toEqual([
      { value: "Women", count: 20 },
      { value: "Men", count: 10 },
    ]);
    expect(facets.price).toEqual({ min: 100, max: 129 });
    expect(facets.attributes.brand).toEqual([
      { value: "Amber", count: 20 },
      { value: "Birch", count: 10 },
    ]);
    expect(facets.attributes.size).toHaveLength(3);
    expect(facets.attributes.organic).toEqual([
      { value: "false", count: 15 },
      { value: "true", count: 15 },
    ]);
  });

  test("what was counted before follows every change of a product at once", async () => {
    const made = await stockShelf(shop, {
      slug: "hat",
      name: "Straw hat",
      category: "Hats",
      price: 20,
      attributes: { brand: "Amber", ribbon: ["red", "blue"] },
    });
    const before = (await find("q=straw")).facets;
    expect(before.attributes).toEqual({
      brand: [{ value: "Amber", count: 1 }],
      ribbon: [
        { value: "blue", count: 1 },
        { value: "red", count: 1 },
      ],
    });
    await shop.database.transaction((tx) =>
      updateProduct(
        tx,
        made.id,
        { category: "Caps", price_minor: 2_500, attributes: { brand: "Birch" } },
        shop.now().toISOString(),
      ),
    );
    expect((await find("q=straw")).facets).toEqual({
      category: [{ value: "Caps", count: 1 }],
      price: { min: 25, max: 25 },
      attributes: { brand: [{ value: "Birch", count: 1 }] },
    });
    await shop.database.transaction((tx) => markDeleted(tx, made.id, shop.now().toISOString()));
    expect((await find("attr.brand=Birch&category=Caps")).facets.attributes).toEqual({});
  });

  test("an attribute that every product has another value of is no facet", async () => {
    expect((await find("q=shirt")).facets.attributes.code).toBeUndefined();
  });

  test("asking for a value of a facet gives as many as it counted", async () => {
    const { facets } = await find("q=shirt");
    for (const [name, values] of Object.entries<{ value: string; count: number }[]>(facets.attributes)) {
      for (const { value, count } of values) {
        const narrowed = await find(`q=shirt&attr.${name}=${encodeURIComponent(value)}`);
        expect(narrowed).toMatchObject({ total: count });
        expect(narrowed.items).toHaveLength(Math.min(count, 20));
      }
    }
    expect((await find("q=shirt&category=Men")).total).toBe(10);
  });

  test("attributes have names of any script, and can be asked for by them", async () => {
    const attributes = { Größe: "M", आकार: "बड़ा", "Größe (cm)": "30" };
    await stockShelf(shop, { slug: "spade", name: "Spade", category: "Garden", attributes });
    const { facets } = await find("category=Garden");
    expect(facets.attributes).toEqual({
      Größe: [{ value: "M", count: 1 }],
      आकार: [{ value: "बड़ा", count: 1 }],
    });
    for (const name of ["Größe", "आकार"]) {
      const query = new URLSearchParams({ [`attr.${name}`]: facets.attributes[name][0].value });
      expect((await find(query.toString())).items).toMatchObject([{ slug: "spade" }]);
    }
  });

  test("pages hold every answer once, whatever the order", async () => {
    for (const sort of ["", "&sort=price_desc", "&sort=name", "&sort=newest", "&sort=popular"]) {
      const seen: string[] = [];
      for (let page = 1; page <= 5; page++) {
        const { items, total } = await find(`q=shirt&size=7&page=${page}${sort}`);
        expect(total).toBe(30);
        seen.push(...items.map((item: Item) => item.slug));
      }
      expect(seen).toHaveLength(30);
      expect(new Set(seen).size).toBe(30);
    }
  });

  test("a page after the last is empty and keeps the total", async () => {
    expect(await find("q=shirt&page=99")).toMatchObject({ total: 30, items: [] });
  });

  test("filters and sorts hold for what was searched", async () => {
    const { items, total } = await find("q=shirt&min_price=110&max_price=119&in_stock=true&sort=price_desc");
    const prices = items.map((item: Item) => item.price);
    expect(prices).toEqual([119, 118, 117, 116, 114, 113, 112, 111]);
    expect(total).toBe(8);
  });

  test("what was understood is said", async () => {
    const { corrected_query, total } = await find("q=stripd+shrit");
    expect(corrected_query).toBe("striped shirt");
    expect(total).toBe(30);
  });

  test("without words all the catalog is narrowed down", async () => {
    const { total, facets, items } = await find("attr.brand=Amber&sort=price_desc&size=1");
    expect(total).toBe(21);
    expect(items[0].slug).toBe("lamp");
    expect(facets.category).toContainEqual({ value: "Home", count: 1 });
  });

  test("where nothing is found there is nothing to narrow down", async () => {
    const { total, items, facets } = await find("q=zeppelin");
    expect({ total, items }).toEqual({ total: 0, items: [] });
    expect(facets).toEqual({ category: [], price: { min: null, max: null }, attributes: {} });
  });

  test("an unknown filter or sort is refused", async () => {
    for (const query of ["q=shirt&colour=red", "q=shirt&sort=magic", "q=shirt&attr.=x", "q=shirt&page=0"]) {
      expect((await visitor.get(`/search/products?${query}`)).status).toBe(422);
    }
  });

  test("typeahead says what suggestions say", async () => {
    const [typeahead, suggestions] = await Promise.all([
      visitor.get("/search/typeahead?q=strip"),
      visitor.get("/search/suggestions?q=strip"),
    ]);
    expect(typeahead.body).toEqual(suggestions.body);
    expect(typeahead.body).toHaveLength(10);
  });
});

describe.each(engines)("many answers on $name", (engine) => {
  test("every one of them is on exactly one page, and every query gives the same order twice", async () => {
    const shop = await freshShop(engine);
    const visitor = clientOf(shop);
    for (let n = 0; n < 130; n++) {
      await stockShelf(shop, {
        slug: `cup-${n}`,
        name: n % 2 === 0 ? "Tea cup" : `Cup with a picture of tea no. ${n}`,
      });
    }
    const pages = async () => {
      const slugs: string[] = [];
      for (let page = 1; page <= 4; page++) {
        const { body } = await visitor.get(`/search/products?q=tea+cup&size=40&page=${page}`);
        expect(body.total).toBe(130);
        slugs.push(...body.items.map((item: Item) => item.slug));
      }
      return slugs;
    };
    const first = await pages();
    expect(new Set(first).size).toBe(130);
    expect(await pages()).toEqual(first);
  });

  test("of equally good answers what sells comes first, then what is in stock", async () => {
    const shop = await freshShop(engine);
    const visitor = clientOf(shop);
    await stockShelf(shop, { slug: "gone", name: "Green mug", stock: 0 });
    await stockShelf(shop, { slug: "plain", name: "Green mug" });
    const sold = await stockShelf(shop, { slug: "sold", name: "Green mug" });
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET ordered = 50 WHERE product_id = $1", [sold.id]));
    const { body } = await visitor.get("/search?q=green+mug");
    expect(body.map((item: Item) => item.slug)).toEqual(["sold", "plain", "gone"]);
  });

  test("a better answer comes before one that sells better", async () => {
    const shop = await freshShop(engine);
    const visitor = clientOf(shop);
    const rack = await stockShelf(shop, { slug: "rack", name: "Wooden rack", description: "For any mug." });
    await stockShelf(shop, { slug: "mug", name: "Mug", stock: 0 });
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET ordered = 5000 WHERE product_id = $1", [rack.id]));
    const { body } = await visitor.get("/search?q=mug");
    expect(body.map((item: Item) => item.slug)).toEqual(["mug", "rack"]);
  });
});
