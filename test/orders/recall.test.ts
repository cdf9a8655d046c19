import { describe, expect, test } from "bun:test";
import { examine, repair } from "../../src/doctor/doctor";
import { noteOrders } from "../../src/orders/noting";
import { buy, expectSound } from "../support/buying";
import { linksOf, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

const ordersOf = (items: { order_id: number }[]) => items.map(({ order_id }) => order_id);

describe.each(engines)("a recall on $name", (engine) => {
  async function tradingShop() {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const asha = await newBuyer(shop, { email: "asha@example.com" });
    return { shop, admin, asha };
  }

  test("names every order that has the product, with how to reach whoever got it", async () => {
    const { shop, admin, asha } = await tradingShop();
    const mug = await stockShelf(shop, { name: "Red mug", sku: "MUG-1" });
    const bowl = await stockShelf(shop);
    const om = await newBuyer(shop, { email: "om@example.com" });
    const first = (await buy(asha, [{ id: mug.id, qty: 3 }, bowl])).body.order_id;
    await buy(om, [bowl]);
    const second = (await buy(om, [mug])).body.order_id;
    const cancelled = (await buy(asha, [mug])).body.order_id;
    await asha.post(`/orders/${cancelled}/cancellation`);
    await admin.post(`/orders/${first}/shipment`);
    await admin.post(`/orders/${first}/return`, { lines: [{ product_id: mug.id, qty: 1 }] });

    const { status, body } = await admin.get(`/products/${mug.id}/buyers`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      items: [
        {
          order_id: first,
          units: 2,
          items: [{ product_id: mug.id, name: "Red mug", sku: "MUG-1", units: 2 }],
          email: "asha@example.com",
        },
        { order_id: second, units: 1, status: "placed", user_id: om.id, email: "om@example.com" },
      ],
      next_cursor: null,
    });
    expect(body.items[0]).toMatchObject({ phone: "+91 98450 00000", status: "shipped" });
    // Who has it has it, whatever became of the product since.
    await admin.patch(`/products/${mug.id}`, { sku: "MUG-2" });
    await admin.delete(`/products/${mug.id}`);
    expect((await admin.get(`/products/${mug.id}/buyers`)).body).toEqual(body);
    expect((await admin.get("/products/999999/buyers")).status).toBe(404);
    expect((await asha.get(`/products/${mug.id}/buyers`)).status).toBe(403);
  });

  test("is of a product with all its variants, or of one of them", async () => {
    const { admin, asha } = await tradingShop();
    const shirt = await admin.post("/products", {
      slug: "shirt",
      name: "Shirt",
      category: "Clothes",
      price: 10,
      option_names: ["Size"],
    });
    const [small, medium] = await Promise.all(
      ["S", "M"].map(async (Size) => {
        const { body } = await admin.post("/products", { parent_id: shirt.body.id, options: { Size }, stock: 5 });
        return Number(body.id);
      }),
    );
    if (small === undefined || medium === undefined) throw new Error("There are no variants.");
    const first = (await buy(asha, [{ id: medium }])).body.order_id;
    const second = (await buy(asha, [{ id: small }, { id: medium }])).body.order_id;
    const of = async (id: number, query = "") => (await admin.get(`/products/${id}/buyers${query}`)).body.items;
    expect(ordersOf(await of(shirt.body.id))).toEqual([first, second]);
    expect((await of(shirt.body.id))[1]).toMatchObject({
      units: 2,
      items: [{ product_id: small }, { product_id: medium }],
    });
    expect(ordersOf(await of(medium))).toEqual([first, second]);
    expect(ordersOf(await of(small))).toEqual([second]);
  });

  test("is of what was noted and of what came since, each once, whoever notes it", async () => {
    const { shop, admin, asha } = await tradingShop();
    const mug = await stockShelf(shop, { stock: 50 });
    const found = async () => ordersOf((await admin.get(`/products/${mug.id}/buyers`)).body.items);
    const listed = async () =>
      (await admin.get(`/orders/all?product_id=${mug.id}`)).body.map(({ id }: { id: number }) => id).toReversed();
    const ids: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      ids.push((await buy(asha, [mug])).body.order_id);
      expect([await found(), await listed()]).toEqual([ids, ids]);
      await Promise.all([noteOrders(shop), noteOrders(shop)]);
      expect([await found(), await listed()]).toEqual([ids, ids]);
    }
    const noted = await shop.database.all("SELECT order_id FROM product_orders WHERE product_id = $1 ORDER BY 1", [
      mug.id,
    ]);
    expect(noted).toEqual(ids.map((order_id) => ({ order_id })));
    await expectSound(shop);
    // A note that is missing would hide a customer from a recall.
    await shop.database.transaction((tx) => tx.run("DELETE FROM product_orders WHERE order_id = $1", [ids[1] ?? 0]));
    expect(await examine(shop)).toMatchObject([
      { problem: expect.stringContaining(`Order ${ids[1]}`), repairable: true },
    ]);
    await repair(shop);
    await expectSound(shop);
    expect(await found()).toEqual(ids);
  });

  test("may be of some days, and meets each line once however small its pages are", async () => {
    const { shop } = await tradingShop();
    const mug = await stockShelf(shop, { stock: 50 });
    const ids: number[] = [];
    for (let day = 0; day < 5; day++) {
      ids.push((await buy(await newBuyer(shop), [mug])).body.order_id);
      shop.pass(86_400);
    }
    const admin = await newClient(shop, { admin: true });
    const cases: [string, number[]][] = [
      ["", ids],
      ["since=2030-01-03T00:00:00Z", ids.slice(2)],
      ["since=2030-01-02T00:00:00Z&until=2030-01-04T00:00:00Z", ids.slice(1, 3)],
      ["until=2029-01-01T00:00:00Z", []],
    ];
    for (const [query, expected] of cases)
      expect(await walk(`/products/${mug.id}/buyers?size=2&${query}`)).toEqual(expected);
    const backwards = "since=2030-01-04T00:00:00Z&until=2030-01-02T00:00:00Z";
    expect((await admin.get(`/products/${mug.id}/buyers?${backwards}`)).status).toBe(422);
    expect((await admin.get(`/products/${mug.id}/buyers?cursor=x`)).status).toBe(422);

    async function walk(path: string): Promise<number[]> {
      const found: number[] = [];
      for (let next: string | undefined = path; next !== undefined;) {
        const answer = await admin.get(next);
        expect(answer.status).toBe(200);
        found.push(...ordersOf(answer.body.items));
        next = linksOf(answer)["next"]?.replace("/api/v1", "");
        expect(next === undefined).toBe(answer.body.next_cursor === null);
      }
      return found;
    }
  });

  test("orders are found by every code that their product had, also after it is another's", async () => {
    const { shop, admin, asha } = await tradingShop();
    const mug = await stockShelf(shop, { sku: "MUG-1" });
    const first = (await buy(asha, [mug])).body.order_id;
    await admin.patch(`/products/${mug.id}`, { sku: "MUG-2" });
    const second = (await buy(asha, [mug])).body.order_id;
    const other = await stockShelf(shop, { sku: "MUG-1" });
    const third = (await buy(asha, [other])).body.order_id;
    await admin.delete(`/products/${mug.id}`);
    const ids = async (query: string) =>
      (await admin.get(`/orders/all?${query}`)).body.map(({ id }: { id: number }) => id);
    expect(await ids("sku=MUG-1")).toEqual([third, first]);
    expect(await ids("sku=mug-2")).toEqual([]);
    expect(await ids("sku=MUG-2")).toEqual([second]);
    expect(await ids("q=MUG-2")).toEqual([second]);
    expect(await ids(`product_id=${mug.id}`)).toEqual([second, first]);
    expect(await ids(`product_id=${mug.id}&sku=MUG-1`)).toEqual([first]);
  });
});
