import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { countBuyers } from "../../src/recommend/train/popularity";
import { buy, expectSound, newBuyers, shelfOf } from "../support/buying";
import { clientOf, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { sellAll } from "../support/fair";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

const MOST = 1_000_000_000;

/** What is on hand, reserved and ordered of every product, by its id. */
const shelvesOf = async (shop: TestShop) =>
  (
    await shop.database.all<{ on_hand: number; reserved: number; ordered: number }>(
      "SELECT on_hand, reserved, ordered FROM stock ORDER BY product_id",
    )
  ).map(({ on_hand, reserved, ordered }) => [on_hand, reserved, ordered]);

/** A row of the ledger. */
const move = (order_id: number | null, cause: string, on_hand_change: number, reserved_change: number) => ({
  cause,
  on_hand_change,
  reserved_change,
  order_id,
});

const sale = (userId: number, productId: number) => ({ userId, productIds: [productId], daysAgo: 1 });

describe.each(engines)("shelves on $name", (engine) => {
  test("of variants and of their parent follow what becomes of an order, and no other does", async () => {
    const shop = await freshShop(engine);
    const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
    // Of another product more is reserved than any step moves.
    await buy(await newBuyer(shop), [{ id: (await stockShelf(shop, { stock: 7 })).id, qty: 6 }]);
    const kurta = await stockShelf(shop, { option_names: ["Size"], stock: 0, price: 0 });
    const sizeOf = (Size: string, stock: number) =>
      stockShelf(shop, { parent_id: kurta.id, options: { Size }, stock, price: 10 });
    const [small, medium] = [await sizeOf("S", 10), await sizeOf("M", 5)];
    const lines = [
      { product_id: small.id, qty: 3 },
      { product_id: medium.id, qty: 2 },
    ];
    const placed = async (more: object = {}): Promise<number> =>
      (await admin.post("/orders", { user_id: buyer.id, address_id: buyer.address_id, lines, ...more })).body.id;
    const after = async (id: number, ...steps: string[]) => {
      for (const step of steps) expect((await admin.post(`/orders/${id}/${step}`)).status).toBe(200);
      const [other, ...family] = await shelvesOf(shop);
      expect(other).toEqual([7, 6, 6]);
      return family;
    };
    const full = [
      [15, 0, 0],
      [10, 0, 0],
      [5, 0, 0],
    ];
    const reserved = [
      [15, 5, 5],
      [10, 3, 3],
      [5, 2, 2],
    ];
    const gone = [
      [10, 0, 5],
      [7, 0, 3],
      [3, 0, 2],
    ];
    const cash = await placed();
    expect(await after(cash)).toEqual(reserved);
    expect(await after(cash, "cancellation")).toEqual(full);
    const paid = await placed({ paid: true });
    expect(await after(paid)).toEqual(gone);
    expect(await after(paid, "cancellation")).toEqual(full);
    const kept = await placed();
    expect(await after(kept, "shipment")).toEqual(gone);
    expect(await after(kept, "delivery", "return")).toEqual([
      [15, 0, 5],
      [10, 0, 3],
      [5, 0, 2],
    ]);
    const moves = await shop.database.all(
      "SELECT cause, on_hand_change, reserved_change, order_id FROM stock_moves WHERE product_id = $1 ORDER BY id",
      [small.id],
    );
    expect(moves).toEqual([
      move(null, "opening", 10, 0),
      move(cash, "reserved", 0, 3),
      move(cash, "released", 0, -3),
      move(paid, "reserved", 0, 3),
      move(paid, "sold", -3, -3),
      move(paid, "returned", 3, 0),
      move(kept, "reserved", 0, 3),
      move(kept, "sold", -3, -3),
      move(kept, "returned", 3, 0),
    ]);

    // A variant that leaves its parent takes along what lies on its shelf, what is reserved of it and what was ordered.
    const waiting = await placed();
    const change = (what: object) => admin.patch(`/products/${small.id}`, what);
    expect((await change({ parent_id: null, name: "Kurta S", category: "Kitchen" })).status).toBe(200);
    expect((await after(waiting))[0]).toEqual([5, 2, 4]);
    expect((await change({ parent_id: kurta.id, options: { Size: "S" } })).status).toBe(200);
    expect(await after(waiting)).toEqual([
      [15, 5, 10],
      [10, 3, 6],
      [5, 2, 4],
    ]);
    for (const what of [{ stock: 8 }, { low_stock_at: 2 }]) expect((await change(what)).status).toBe(200);
    await admin.post(`/admin/stock/${medium.id}/adjustment`, { delta: -1, reason: "torn" });
    expect(await after(waiting)).toEqual([
      [15, 5, 10],
      [11, 3, 6],
      [4, 2, 4],
    ]);
    expect(await shop.database.all("SELECT product_id FROM stock WHERE low_at IS NOT NULL")).toEqual([
      { product_id: small.id },
    ]);
    expect((await admin.post(`/admin/stock/${kurta.id}/adjustment`, { delta: 1, reason: "x" })).body).toMatchObject({
      code: "conflict",
      detail: expect.stringContaining("variants"),
    });
    await expectSound(shop);
  });

  test("of a product that is given variants are the sum of theirs, until it has none any more", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const [mug, full] = [await stockShelf(shop, { stock: 0 }), await stockShelf(shop, { stock: 2 })];
    const setOptions = (id: number, option_names: string[]) => admin.patch(`/products/${id}`, { option_names });
    expect((await setOptions(full.id, ["Size"])).body.detail).toContain("2 of this product are in stock");
    expect((await setOptions(mug.id, ["Size"])).status).toBe(200);
    const small = await stockShelf(shop, { parent_id: mug.id, options: { Size: "S" }, stock: 4 });
    expect(await shelvesOf(shop)).toEqual([
      [4, 0, 0],
      [2, 0, 0],
      [4, 0, 0],
    ]);
    expect((await admin.delete(`/products/${small.id}`)).status).toBe(204);
    expect((await setOptions(mug.id, [])).status).toBe(200);
    expect((await admin.patch(`/products/${mug.id}`, { stock: 9 })).body.stock).toBe(9);
    expect((await shelvesOf(shop)).slice(0, 2)).toEqual([
      [9, 0, 0],
      [2, 0, 0],
    ]);
    await expectSound(shop);
  });

  test("are sold to the last unit, emptied to what is reserved, and filled to a billion", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const [asha, om] = await newBuyers(shop, 2);
    const [mug, cup] = [await stockShelf(shop, { stock: 5 }), await stockShelf(shop, { stock: 0 })];
    expect((await admin.get(`/admin/stock/${cup.id}/moves`)).body).toEqual([]);
    const shipped = (await buy(asha!, [{ id: mug.id, qty: 2 }])).body.order_id;
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${shipped}/${step}`);
    await buy(asha!, [{ id: mug.id, qty: 2 }]);
    const short = await buy(om!, [{ id: mug.id, qty: 2 }, cup]);
    expect(short.body).toMatchObject({
      code: "out_of_stock",
      lines: [
        { product_id: mug.id, requested: 2, available: 1 },
        { product_id: cup.id, requested: 1, available: 0 },
      ],
    });
    await om!.delete("/cart");
    expect((await buy(om!, [mug])).status).toBe(201);
    const adjust = async (delta: number, id = mug.id) => {
      const { status, body } = await admin.post(`/admin/stock/${id}/adjustment`, { delta, reason: "counted" });
      return status === 200 ? [body.on_hand, body.reserved, body.stock] : [status, body.detail];
    };
    const reserved = "3 are on hand and 3 of them reserved: that many can't be taken away.";
    const full = "A shelf is filled to 1,000,000,000 units at most.";
    expect(await adjust(-1)).toEqual([409, reserved]);
    expect(await adjust(2)).toEqual([5, 3, 2]);
    expect(await adjust(-2)).toEqual([3, 3, 0]);
    expect(await adjust(MOST - 2)).toEqual([409, full]);
    expect(await adjust(MOST - 3)).toEqual([MOST, 3, MOST - 3]);
    expect((await admin.patch(`/products/${mug.id}`, { stock: MOST - 2 })).body.detail).toBe(full);
    // What comes back is taken beyond that, and what is too much can be taken away little by little.
    expect((await admin.post(`/orders/${shipped}/return`)).status).toBe(200);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: MOST + 2, reserved: 3 });
    expect(await adjust(-1)).toEqual([MOST + 1, 3, MOST - 2]);
    expect((await adjust(1, 999))[0]).toBe(404);
    expect((await adjust(0))[0]).toBe(422);
    expect(await shelfOf(shop, cup.id)).toEqual({ on_hand: 0, reserved: 0 });
    await expectSound(shop);
  });

  test("know how many customers have bought: that is what popular means", async () => {
    const shop = await freshShop(engine);
    const [asha, om] = await newBuyers(shop, 2);
    const [pot, mug, cup] = [await stockShelf(shop), await stockShelf(shop), await stockShelf(shop)];
    await sellAll(shop, [
      sale(asha!.id, pot.id),
      sale(om!.id, pot.id),
      ...Array.from({ length: 3 }, () => sale(om!.id, mug.id)),
    ]);
    await countBuyers(shop);
    const { body } = await clientOf(shop).get("/products?sort=popular");
    expect(body.items.map(({ id }: { id: number }) => id)).toEqual([pot.id, mug.id, cup.id]);
  });
});
