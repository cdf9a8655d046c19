import { describe, expect, test } from "bun:test";
import { priceChangeOf } from "../../src/catalog/bulk";
import { examine } from "../../src/doctor/doctor";
import { expectSound } from "../support/buying";
import { type Client, clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const priceOf = async (client: Client, id: number) => (await client.get(`/products/${id}`)).body.price;

describe.each(engines)("changing many products on $name", (engine) => {
  const open = async () => {
    const shop = await freshShop(engine);
    return { shop, admin: await newClient(shop, { admin: true }) };
  };

  test("a preview says what would change, and only what it confirmed is done", async () => {
    const { shop, admin } = await open();
    const [tea, mug] = [await stockShelf(shop, { category: "Tea", price: 10.5 }), await stockShelf(shop, { price: 5 })];
    const wish = { filter: { category: "tea" }, change: { price_percent: 10, round_to: 0.5 } };
    const preview = await admin.patch("/admin/products", wish);
    expect(preview).toMatchObject({
      status: 200,
      body: {
        count: 1,
        applied: false,
        changes: [{ product_id: tea.id, before: { price: 10.5 }, after: { price: 11.5 } }],
      },
    });
    expect(await priceOf(admin, tea.id)).toBe(10.5);
    expect((await admin.patch("/admin/products", { ...wish, confirm: "another" })).status).toBe(409);
    const { confirm } = preview.body;
    expect((await admin.patch("/admin/products", { ...wish, confirm })).body).toMatchObject({
      count: 1,
      applied: true,
    });
    expect([await priceOf(admin, tea.id), await priceOf(admin, mug.id)]).toEqual([11.5, 5]);
    // What was done is not done twice.
    expect((await admin.patch("/admin/products", { ...wish, confirm })).status).toBe(409);
    await expectSound(shop);
  });

  test("a price change reaches every variant, and the parent follows", async () => {
    const { shop, admin } = await open();
    const base = { name: "Shirt", category: "Clothes", price: 100 };
    const { id } = (await admin.post("/products", { ...base, slug: "shirt", option_names: ["Size"] })).body;
    for (const [size, price] of [
      ["M", 100],
      ["L", 120],
    ] as const) {
      await admin.post("/products", { ...base, slug: size, price, parent_id: id, options: { Size: size } });
    }
    const wish = { filter: { ids: [id] }, change: { price_percent: -12.5, tax_class: "reduced" } };
    const { confirm, count } = (await admin.patch("/admin/products", wish)).body;
    expect(count).toBe(3);
    expect((await admin.patch("/admin/products", { ...wish, confirm })).status).toBe(200);
    expect((await admin.get(`/products/${id}`)).body).toMatchObject({
      price: 87.5,
      highest_price: 105,
      tax_class: "reduced",
      variants: [{ price: 87.5 }, { price: 105 }],
    });
    await expectSound(shop);
  });

  test.each([
    [{ price_by: -2.3 }, [8.2, 17.7]],
    [{ price_by: -2.3, round_to: 1 }, [8, 18]],
    [{ price_by: -15 }, [0, 5]],
    [{ price: 9.99 }, [9.99, 9.99]],
  ])("%p makes of 10.5 and 20 what the preview says", async (change, then) => {
    const { shop, admin } = await open();
    const shelves = [await stockShelf(shop, { price: 10.5 }), await stockShelf(shop, { price: 20 })];
    const wish = { filter: { ids: shelves.map(({ id }) => id) }, change };
    const { confirm, changes } = (await admin.patch("/admin/products", wish)).body;
    expect(changes.map(({ after }: { after: { price: number } }) => after.price)).toEqual(then);
    expect((await admin.patch("/admin/products", { ...wish, confirm })).status).toBe(200);
    expect(await Promise.all(shelves.map(({ id }) => priceOf(admin, id)))).toEqual(then);
    await expectSound(shop);
  });

  test("attributes are added to what is there, and null takes one away", async () => {
    const { shop, admin } = await open();
    const { id } = await stockShelf(shop, { attributes: { brand: "Amber", old: 1 } });
    const wish = { filter: { ids: [id] }, change: { attributes: { organic: true, old: null } } };
    const { confirm } = (await admin.patch("/admin/products", wish)).body;
    await admin.patch("/admin/products", { ...wish, confirm });
    expect((await admin.get(`/products/${id}`)).body.attributes).toEqual({ brand: "Amber", organic: true });
  });

  test.each([
    { change: {} },
    { change: { round_to: 1 } },
    { change: { price_percent: 1.234 } },
    { change: { price: -1 } },
    { change: { price: 1, price_by: 2 } },
    { change: { price_by: 1.234 } },
  ])("%p is no change", async (wish) => {
    const { admin } = await open();
    expect((await admin.patch("/admin/products", { filter: {}, ...wish })).status).toBe(422);
  });
});

test.each([
  [10, 10, undefined, 11],
  [4.35, 10, undefined, 4.79],
  [0.05, 10, undefined, 0.06],
  [99.99, -100, undefined, 0],
  [10.24, 0, 0.5, 10],
  [10.25, 0, 0.5, 10.5],
  [19.99, 5, 1, 21],
])("%d with %d percent, to multiples of %p, is %d", (price, percent, roundTo, expected) => {
  const change = priceChangeOf({ settings: { minorPerMajor: 100 } } as never, {
    price_percent: percent,
    round_to: roundTo,
  });
  expect(change?.(price)).toBe(expected);
});

describe.each(engines)("categories on $name", (engine) => {
  interface Node {
    category: string;
    children: Node[];
  }
  const names = (nodes: Node[]): unknown[] =>
    nodes.map(({ category, children }) => (children.length > 0 ? [category, names(children)] : category));
  const tree = async (shop: TestShop) => names((await clientOf(shop).get("/categories?tree=true")).body);

  test("stand in a tree, and one finds what is in those below it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const [green, black] = [
      await stockShelf(shop, { category: "Green tea" }),
      await stockShelf(shop, { category: "Black tea" }),
    ];
    await admin.put("/categories/Drinks", { slug: "drinks", description: "To drink", position: 2 });
    await admin.put("/categories/Tea", { parent: "drinks" });
    await admin.put("/categories/green%20TEA", { parent: "Tea", position: 5 });
    const answer = await admin.put("/categories/Black%20tea", { parent: "Tea", position: 1 });
    expect(names(answer.body)).toEqual([["Drinks", [["Tea", ["Black tea", "Green tea"]]]]]);
    expect(await tree(shop)).toEqual(names(answer.body));
    expect(answer.body[0]).toMatchObject({ slug: "drinks", description: "To drink", count: 0, total: 2 });
    const ids = async (category: string) =>
      (await admin.get(`/products?category=${category}`)).body.items.map(({ id }: { id: number }) => id);
    expect(await ids("Drinks")).toEqual([green.id, black.id]);
    expect(await ids("black%20tea")).toEqual([black.id]);
    expect((await admin.put("/categories/Drinks", { parent: "Green tea" })).status).toBe(409);
    expect((await admin.put("/categories/Drinks", { parent: "Nowhere" })).status).toBe(404);
    expect((await admin.delete("/categories/Green%20tea")).status).toBe(409);
    expect((await admin.delete("/categories/Tea")).status).toBe(204);
    expect(await tree(shop)).toEqual([["Drinks", ["Black tea", "Green tea"]]]);
    expect((await admin.delete("/categories/Tea")).status).toBe(404);
  });

  test("are renamed with their products, and merged where that is said", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const tea = await stockShelf(shop, { category: "Tea", name: "Assam" });
    await stockShelf(shop, { category: "Coffee" });
    await admin.put("/categories/Tea", { slug: "tea" });
    await admin.put("/categories/Tea", { name: "Teas" });
    expect((await admin.get("/categories")).body).toEqual([
      { category: "Coffee", count: 1 },
      { category: "Teas", count: 1 },
    ]);
    expect((await admin.get("/products?q=teas")).body.items).toMatchObject([{ id: tea.id, category: "Teas" }]);
    expect(await admin.put("/categories/Teas", { name: "coffee" })).toMatchObject({ status: 409 });
    expect((await admin.put("/categories/Teas", { name: "coffee", merge: true })).status).toBe(200);
    expect((await admin.get("/categories")).body).toEqual([{ category: "Coffee", count: 2 }]);
    await expectSound(shop);
  });

  test("are merged into what stands below them, and the tree stays a tree", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const cup = await stockShelf(shop, { category: "A" });
    for (const [name, parent] of [
      ["Top", null],
      ["A", "Top"],
      ["C", "A"],
      ["B", "C"],
      ["D", "B"],
    ] as const) {
      await admin.put(`/categories/${name}`, { parent });
    }
    const merged = await admin.put("/categories/A", { name: "B", merge: true });
    expect([merged.status, names(merged.body)]).toEqual([200, [["Top", [["B", ["C", "D"]]]]]]);
    const found = (await admin.get("/products?category=top")).body.items.map(({ id }: { id: number }) => id);
    expect(found).toEqual([cup.id]);
    // Straight above works as well, and what was at the top leaves what took it in there.
    expect(names((await admin.put("/categories/Top", { name: "B", merge: true })).body)).toEqual([["B", ["C", "D"]]]);
    await expectSound(shop);
  });

  test("that were made a ring by other hands are heard of, and hold up nobody", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    for (const [name, parent] of [
      ["A", null],
      ["B", "A"],
    ] as const) {
      await admin.put(`/categories/${name}`, { parent });
    }
    await stockShelf(shop, { category: "B" });
    await shop.database.transaction((tx) => tx.run("UPDATE categories SET parent_key = 'b' WHERE key = 'a'"));
    expect((await admin.get("/products?category=A")).body.total).toBe(1);
    const [found] = await examine(shop);
    expect(found?.problem).toContain("sanset category set A --top");
    expect(names((await admin.put("/categories/A", { parent: null })).body)).toEqual([["A", ["B"]]]);
    await expectSound(shop);
  });

  test("are one, however they are spelled", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    for (const [at, category] of ["Tea", "tea", " Tea ", "TEA"].entries()) {
      const { body } = await admin.post("/products", { slug: `tea-${at}`, name: "Tea", category, price: 1 });
      expect(body.category).toBe("Tea");
    }
    expect((await admin.get("/categories")).body).toEqual([{ category: "Tea", count: 4 }]);
    for (const blank of [{ category: "  " }, { name: "\t" }, { name: "\u200b" }]) {
      const product = { slug: "blank", name: "Tea", category: "Tea", price: 1, ...blank };
      expect((await admin.post("/products", product)).status).toBe(422);
    }
  });
});

describe.each(engines)("a storefront on $name", (engine) => {
  test("is told what the shop is", async () => {
    const shop = await freshShop(engine, { SHOP_NAME: "Amber", CURRENCY: "JPY", TIME_ZONE: "Asia/Tokyo" });
    expect((await clientOf(shop).get("/shop")).body).toMatchObject({
      name: "Amber",
      currency: "JPY",
      currency_digits: 0,
      time_zone: "Asia/Tokyo",
      payment_methods: ["cod", "mock"],
      delivery: { minutes: 30, methods: [] },
      features: { guest_checkout: true, mail: false },
    });
  });

  test("asks for the products that it has a list of, in its order", async () => {
    const shop = await freshShop(engine);
    const [one, two, gone] = [await stockShelf(shop), await stockShelf(shop), await stockShelf(shop)];
    await (await newClient(shop, { admin: true })).delete(`/products/${gone.id}`);
    const { body } = await clientOf(shop).get(`/products?ids=${two.id},${gone.id},${one.id},999999,${two.id}`);
    expect(body.items.map(({ id }: { id: number }) => id)).toEqual([two.id, one.id]);
    expect(body.total).toBe(2);
    for (const ids of ["", "a", "1,,2", "1;2", Array(101).fill(1).join()]) {
      expect((await clientOf(shop).get(`/products?ids=${ids}`)).status).toBe(422);
    }
  });
});

describe.each(engines)("saving a form on $name", (engine) => {
  test("a product given back as it was read undoes no sale", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop, { stock: 10, price: 5 });
    const read = await admin.get(`/products/${id}`);
    const sell = (qty: number) =>
      shop.database.transaction((tx) =>
        tx.run("UPDATE stock SET on_hand = on_hand - $2 WHERE product_id = $1", [id, qty]),
      );
    await sell(3);
    const form = { name: read.body.name, price: read.body.price, stock: 10, description: "New" };
    // Without saying what was read it can't be told from a wish.
    expect(await admin.put(`/products/${id}`, form)).toMatchObject({ status: 409, body: { code: "conflict" } });
    const etag = { "if-match": read.headers.get("etag") ?? "" };
    expect(await admin.put(`/products/${id}`, form, etag)).toMatchObject({ status: 200, body: { stock: 7 } });
    const again = await admin.get(`/products/${id}`);
    await sell(1);
    // Two more than were read are two more.
    const more = { ...form, stock: 9 };
    const saved = await admin.put(`/products/${id}`, more, { "if-match": again.headers.get("etag") ?? "" });
    expect(saved).toMatchObject({ status: 200, body: { stock: 8 } });
    // Alone it is what the write is about.
    expect((await admin.put(`/products/${id}`, { stock: 9 })).body.stock).toBe(9);
    expect((await admin.put(`/products/${id}`, { stock: 9, description: "Same" })).body.stock).toBe(9);
    expect((await admin.put(`/products/${id}`, { stock: 20, description: "More" })).body.stock).toBe(20);
  });

  test("If-Match compares what people edit, not what sells", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop, { stock: 10 });
    const etag = { "if-match": (await admin.get(`/products/${id}`)).headers.get("etag") ?? "" };
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET on_hand = 4 WHERE product_id = $1", [id]));
    expect((await admin.patch(`/products/${id}`, { name: "Mine" }, etag)).status).toBe(200);
    expect((await admin.patch(`/products/${id}`, { name: "Late" }, etag)).status).toBe(412);
  });
});
