import { beforeAll, describe, expect, test } from "bun:test";
import { addProducts } from "../../src/catalog/create";
import { type Client, clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

describe.each(engines)("carts on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;
  let mug: number;
  let tea: number;

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true });
    mug = (await stockShelf(shop, { name: "Mug", price: 120.5, stock: 10 })).id;
    tea = (await stockShelf(shop, { name: "Tea", price: 0.1, stock: 3 })).id;
  });

  test("a cart starts empty", async () => {
    const client = await newClient(shop);
    expect(await client.get("/cart")).toMatchObject({
      status: 200,
      body: { user_id: client.id, items: [], total: 0 },
    });
  });

  test("nobody has a cart without signing in", async () => {
    const anybody = clientOf(shop);
    for (const answer of [
      await anybody.get("/cart"),
      await anybody.post("/cart/add", { product_id: mug }),
      await anybody.post("/cart/remove", { product_id: mug }),
      await anybody.put(`/cart/items/${mug}`, { qty: 1 }),
      await anybody.delete("/cart"),
    ]) {
      expect(answer.status).toBe(401);
    }
  });

  test("adding adds to what is there, one where nothing is said", async () => {
    const client = await newClient(shop);
    await client.post("/cart/add", { product_id: tea, qty: 3 });
    await client.post("/cart/add", { product_id: mug });
    const { status, body } = await client.post("/cart/items", { product_id: mug, qty: 4 });
    expect(status).toBe(200);
    expect(body).toEqual({
      user_id: client.id,
      items: [
        {
          product_id: mug,
          name: "Mug",
          qty: 5,
          price: 120.5,
          stock: 10,
          parent_id: null,
          options: {},
          image_url: null,
        },
        { product_id: tea, name: "Tea", qty: 3, price: 0.1, stock: 3, parent_id: null, options: {}, image_url: null },
      ],
      notices: [],
      version: expect.any(String),
      // 3 × 0.1 is 0.30000000000000004 to those who count in floating point.
      total: 602.8,
    });
    expect((await client.get("/cart")).body).toEqual(body);
  });

  test("fifty who add at once to one cart make fifty", async () => {
    const client = await newClient(shop);
    await Promise.all(Array.from({ length: 50 }, () => client.post("/cart/add", { product_id: mug })));
    expect((await client.get("/cart")).body.items).toMatchObject([{ product_id: mug, qty: 50 }]);
  });

  test("a quantity can be set, whatever was there", async () => {
    const client = await newClient(shop);
    await client.post("/cart/add", { product_id: mug, qty: 4 });
    const lowered = await client.put(`/cart/items/${mug}`, { qty: 2 });
    expect(lowered).toMatchObject({ status: 200, body: { items: [{ product_id: mug, qty: 2 }], total: 241 } });
    expect((await client.put(`/cart/items/${tea}`, { qty: 1 })).body.items).toHaveLength(2);
  });

  test("things are taken out one by one or all at once", async () => {
    const client = await newClient(shop);
    for (const product_id of [mug, tea]) await client.post("/cart/add", { product_id });
    expect((await client.post("/cart/remove", { product_id: mug })).body.items).toMatchObject([{ product_id: tea }]);
    await client.post("/cart/add", { product_id: mug });
    expect((await client.delete(`/cart/items/${tea}`)).body.items).toMatchObject([{ product_id: mug }]);
    await client.post("/cart/add", { product_id: tea });
    expect(await client.delete("/cart")).toMatchObject({ status: 200, body: { items: [], total: 0 } });
    expect((await client.get("/cart")).body.items).toEqual([]);
  });

  test("taking out what is not there is no error", async () => {
    const client = await newClient(shop);
    expect((await client.post("/cart/remove", { product_id: 999_999 })).status).toBe(200);
    expect((await client.delete(`/cart/items/${mug}`)).status).toBe(200);
  });

  test("everybody has a cart of their own", async () => {
    const [one, two] = [await newClient(shop), await newClient(shop)];
    await one.post("/cart/add", { product_id: mug });
    await two.post("/cart/add", { product_id: tea });
    await two.delete("/cart");
    expect((await one.get("/cart")).body.items).toMatchObject([{ product_id: mug }]);
  });

  test("an unknown product can't be put in", async () => {
    const client = await newClient(shop);
    for (const answer of [
      await client.post("/cart/add", { product_id: 999_999 }),
      await client.put("/cart/items/999999", { qty: 1 }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    expect((await client.get("/cart")).body.items).toEqual([]);
  });

  test.each(["0", "-1", "1.5", "1e308", "9007199254740992", '"5"', '"0x10"', "true", "null", "[]", "10001", "1e-9"])(
    "a quantity of %s is refused, and nothing is kept of it",
    async (qty) => {
      const client = await newClient(shop);
      for (const answer of [
        await client.post("/cart/add", { product_id: mug, qty: JSON.parse(qty) }),
        await client.put(`/cart/items/${mug}`, { qty: JSON.parse(qty) }),
      ]) {
        expect(answer).toMatchObject({ status: 422, body: { code: "invalid" } });
        expect(answer.body.errors[0].path).toBe("qty");
      }
      expect((await client.get("/cart")).body.items).toEqual([]);
    },
  );

  test("what a product costs and whose cart it is can't be said by the customer", async () => {
    const client = await newClient(shop);
    const answer = await client.post("/cart/add", { product_id: mug, price: 1, user_id: admin.id });
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(["price", "user_id"]);
    expect((await client.get("/cart")).body.items).toEqual([]);
  });

  test("one line grows to ten thousand pieces and no further", async () => {
    const client = await newClient(shop);
    expect((await client.post("/cart/add", { product_id: mug, qty: 10_000 })).status).toBe(200);
    const more = await client.post("/cart/add", { product_id: mug });
    expect(more).toMatchObject({ status: 422, body: { errors: [{ path: "qty" }] } });
    expect((await client.get("/cart")).body.items).toMatchObject([{ qty: 10_000 }]);
  });

  test("a cart holds two hundred products and no more", async () => {
    const client = await newClient(shop);
    const goods = Array.from({ length: 201 }, (_, number) => ({
      slug: `thing-${number}`,
      name: "Thing",
      category: "Things",
      price: 1,
      stock: 1,
      attributes: {},
    }));
    const ids = [...(await shop.database.transaction((tx) => addProducts(shop, tx, goods))).values()];
    const last = ids.pop();
    for (const product_id of ids) expect((await client.post("/cart/add", { product_id })).status).toBe(200);
    const more = await client.post("/cart/add", { product_id: last });
    expect(more).toMatchObject({ status: 422, body: { errors: [{ path: "product_id" }] } });
    expect((await client.put(`/cart/items/${last}`, { qty: 1 })).status).toBe(422);
    expect((await client.get("/cart")).body.items).toHaveLength(200);
    expect((await client.post("/cart/add", { product_id: ids[0] })).status).toBe(200);
  });

  test("a cart may hold more than there is: the stock beside it says so", async () => {
    const client = await newClient(shop);
    const { body } = await client.post("/cart/add", { product_id: tea, qty: 50 });
    expect(body.items).toMatchObject([{ qty: 50, stock: 3 }]);
  });

  test("a new price shows in the cart, and a deleted product leaves it", async () => {
    const client = await newClient(shop);
    const { id } = await stockShelf(shop, { price: 10 });
    for (const product_id of [id, mug]) await client.post("/cart/add", { product_id, qty: 2 });
    await admin.put(`/products/${id}`, { price: 11.11 });
    expect((await client.get("/cart")).body).toMatchObject({ total: 263.22 });
    await admin.delete(`/products/${id}`);
    expect((await client.get("/cart")).body).toMatchObject({ items: [{ product_id: mug }], total: 241 });
  });

  test("the fullest cart of the dearest things still counts exactly", async () => {
    const client = await newClient(shop);
    const { id } = await stockShelf(shop, { price: 10_000_000 });
    const { body } = await client.post("/cart/add", { product_id: id, qty: 10_000 });
    expect(body.total).toBe(100_000_000_000);
  });
});
