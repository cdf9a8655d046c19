import { expect, describe, test } from "bun:test";
import { backfillOrders } from "../../src/orders/backfill";
import { expectSound, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { eventsOf } from "../support/outbox";
import { freshShop, START } from "../support/shop";

const FAR = { lat: 18.6204, lng: 73.8567 };

describe.each(engines)("orders from elsewhere on $name", (engine) => {
  test("are priced, expected and begun as the shop's own are, and taken in once", async () => {
    const shop = await freshShop(engine, {
      SHOP_LAT: "18.5204",
      SHOP_LNG: "73.8567",
      DELIVERY_KM: "3",
      STOCK_LOW_AT: "8",
    });
    const mug = await stockShelf(shop, { price: 40.5 });
    const buyer = await newBuyer(shop);
    const order = {
      user_id: buyer.id,
      placed_at: START,
      lines: [{ product_id: mug.id, qty: 2, price_minor: 4_000 }],
      payment_method: null,
      metadata: {},
      address: {
        id: 1,
        user_id: buyer.id,
        label: "H",
        address_line: "1",
        city: "Pune",
        state: null,
        pincode: "1",
        country: "IN",
        full_name: null,
        phone: null,
        ...FAR,
      },
    };
    const orders = [
      { ...order, source: "a", standing: "delivered" as const, is_ours: true },
      { ...order, source: "b", standing: "waiting" as const, is_ours: true },
      { ...order, source: "c", standing: "delivered" as const, is_ours: false },
    ];
    const ids = await shop.database.transaction((tx) => backfillOrders(shop, tx, orders));
    expect([...ids.keys()].toSorted()).toEqual(["a", "b", "c"]);
    expect((await shop.database.transaction((tx) => backfillOrders(shop, tx, orders))).size).toBe(0);
    const own = async (source: string) => (await buyer.get(`/orders/${ids.get(source)}`)).body;
    expect(await own("a")).toMatchObject({
      status: "delivered",
      payment_status: "paid",
      total_amount: 80,
      subtotal: 80,
    });
    expect(await own("b")).toMatchObject({ status: "placed", payment_status: "pending" });
    expect((await own("a")).history).toMatchObject([{ cause: "imported", status: "delivered" }]);
    // 11.12 km away and 8.12 beyond the radius, at 25 km/h: as a checkout would say.
    const minutes = async (source: string) => (Date.parse((await own(source)).delivery_eta) - START.getTime()) / 60_000;
    expect(await minutes("a")).toBeCloseTo(30 + 19.49, 1);
    expect(await minutes("b")).toBeCloseTo(30 + 19.49, 1);
    expect((await own("c")).delivery_eta).toBeNull();
    // Only what waits is set aside on our shelf; all of it counts as ordered.
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 2 });
    expect(await eventsOf(shop, "stock.low")).toEqual([]);
    expect(await shop.database.first("SELECT ordered FROM stock WHERE product_id = $1", [mug.id])).toEqual({
      ordered: 6,
    });
    await expectSound(shop);
  });

  test("of a variant count as ordered of its parent, too", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const kurta = { slug: "kurta", name: "Kurta", category: "Clothes", price: 500, option_names: ["Size"] };
    const parent = (await admin.post("/products", kurta)).body.id;
    const variant = async (Size: string) =>
      (await admin.post("/products", { parent_id: parent, options: { Size }, stock: 5 })).body.id as number;
    const [medium, large] = [await variant("M"), await variant("L")];
    const mug = await stockShelf(shop);
    const order = {
      user_id: buyer.id,
      placed_at: START,
      lines: [
        { product_id: medium, qty: 3, price_minor: 100 },
        { product_id: large, qty: 1, price_minor: 100 },
        { product_id: mug.id, qty: 2, price_minor: 100 },
      ],
      payment_method: null,
      metadata: {},
      address: null,
      source: "a",
      standing: "delivered" as const,
      is_ours: false,
    };
    await shop.database.transaction((tx) => backfillOrders(shop, tx, [order]));
    const rows = await shop.database.all<{ product_id: number; ordered: number }>(
      "SELECT product_id, ordered FROM stock",
    );
    expect(Object.fromEntries(rows.map(({ product_id, ordered }) => [product_id, ordered]))).toEqual({
      [parent]: 4,
      [medium]: 3,
      [large]: 1,
      [mug.id]: 2,
    });
    await expectSound(shop);
  });
});
