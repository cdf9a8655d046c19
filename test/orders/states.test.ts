import { describe, expect, test } from "bun:test";
import { distanceKm } from "../../src/shipping/eta";
import { priceOfUnits } from "../../src/orders/refund-price";
import { sweepOrders } from "../../src/orders/sweep";
import { isStep, paymentSteps, statusSteps } from "../../src/orders/states";
import { buy, checkOut, expectSound, newBuyers, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, START } from "../support/shop";

describe.each(engines)("orders on $name", (engine) => {
  test("an order paid in cash goes its way, and every step is in its history", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body.order_id;
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 2 });
    for (const step of ["packing", "shipment", "delivery"]) {
      shop.pass(60);
      expect((await admin.post(`/orders/${id}/${step}`)).status).toBe(200);
    }
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    const { body } = await buyer.get(`/orders/${id}`);
    expect(body.history.map(({ at: _, ...step }: { at: string }) => step)).toEqual([
      { status: "placed", payment_status: "pending", cause: "placed" },
      { status: "packed", payment_status: "pending", cause: "packed" },
      { status: "shipped", payment_status: "pending", cause: "shipped" },
      { status: "delivered", payment_status: "paid", cause: "delivered" },
    ]);
    expect(body.history.at(-1).at).toBe(new Date(START.getTime() + 180_000).toISOString());
    await expectSound(shop);
  });

  test("what an order gives back to the cart was seen at the order's price; what costs more or is not sold any more is told", async () => {
    const shop = await freshShop(engine, { PAYMENT_PROVIDERS: "mock", HOLD_MINUTES: "30" });
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop, { price: 10 });
    const tea = await stockShelf(shop, { price: 5 });
    const rice = await stockShelf(shop, { price: 3 });
    await buy(buyer, [mug, tea, rice], { payment_method: "mock" });
    await admin.patch(`/products/${mug.id}`, { price: 12 });
    await admin.delete(`/products/${tea.id}`);
    // Meanwhile rice was put in anew, and seen at another price.
    await admin.patch(`/products/${rice.id}`, { price: 4 });
    await buyer.post("/cart/add", { product_id: rice.id });
    shop.pass(1_801);
    await sweepOrders(shop);
    const refused = (await checkOut(buyer, { payment_method: "mock" })).body;
    expect([refused.code, refused.errors.map(({ path }: { path: string }) => path).toSorted()]).toEqual([
      "price_changed",
      [`items.${mug.id}`, `items.${tea.id}`].toSorted(),
    ]);
    const { body } = await buyer.get("/cart");
    expect(body.items.map(({ qty }: { qty: number }) => qty)).toEqual([1, 2]);
    expect(body.notices).toMatchObject([
      { product_id: tea.id, kind: "gone", price_before: 5, price: null },
      { product_id: mug.id, kind: "dearer", price_before: 10, price: 12 },
    ]);
    expect((await buyer.get("/cart")).body.notices).toEqual([]);
    expect((await checkOut(buyer, { payment_method: "mock" })).body.total_amount).toBe(20);
    await expectSound(shop);
  });

  test("packing is taken back: the order waits again, also with its hold, and goes its way anew", async () => {
    const shop = await freshShop(engine, { COD_HOLD_HOURS: "48" });
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body.order_id;
    const hold = (await buyer.get(`/orders/${id}`)).body.hold_until;
    expect((await admin.post(`/orders/${id}/unpacking`)).body.code).toBe("conflict");
    expect((await admin.post(`/orders/${id}/packing`)).body.hold_until).toBeNull();
    expect((await buyer.post(`/orders/${id}/unpacking`)).status).toBe(403);
    shop.pass(60);
    const { status, body } = await admin.post(`/orders/${id}/unpacking`);
    expect([status, body.status, body.history.at(-1).cause]).toEqual([200, "placed", "unpacked"]);
    expect(Date.parse(body.hold_until)).toBe(Date.parse(hold) + 60_000);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 2 });
    for (const [step, now] of [
      ["packing", "packed"],
      ["shipment", "shipped"],
    ]) {
      expect((await admin.post(`/orders/${id}/${step}`)).body.status).toBe(now);
    }
    expect((await admin.post(`/orders/${id}/unpacking`)).body.code).toBe("conflict");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    await expectSound(shop);
  });

  test("a parcel that left in part holds its order, packed or taken back", async () => {
    const shop = await freshShop(engine, { COD_HOLD_HOURS: "48" });
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body.order_id;
    await admin.post(`/orders/${id}/packing`);
    await admin.post(`/orders/${id}/shipment`, { lines: [{ product_id: mug.id, qty: 1 }] });
    expect((await admin.post(`/orders/${id}/unpacking`)).body).toMatchObject({ status: "placed", hold_until: null });
    expect((await admin.post(`/orders/${id}/shipment`)).body.status).toBe("shipped");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    await expectSound(shop);
  });

  test("a customer cancels until it ships; the units are for sale again", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const first = (await buy(buyer, [{ id: mug.id, qty: 3 }])).body.order_id;
    const cancelled = await buyer.post(`/orders/${first}/cancellation`);
    expect(cancelled.body).toMatchObject({ status: "cancelled", payment_status: "failed" });
    expect(cancelled.body.history.at(-1).cause).toBe("cancelled_by_customer");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
    expect((await buyer.post(`/orders/${first}/cancellation`)).status).toBe(409);

    const second = (await buy(buyer, [mug])).body.order_id;
    await admin.post(`/orders/${second}/shipment`);
    expect((await buyer.post(`/orders/${second}/cancellation`)).body.code).toBe("conflict");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 0 });
    await expectSound(shop);
  });

  test("somebody else's order is as unknown as none, but an admin may cancel it", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [asha, om] = await newBuyers(shop, 2);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(asha!, [mug])).body.order_id;
    for (const path of [`/orders/${id}/cancellation`, `/orders/${id}/payment`]) {
      expect((await om!.post(path)).status).toBe(404);
    }
    expect((await om!.get(`/orders/${id}`)).status).toBe(404);
    expect((await asha!.post(`/orders/${id}/shipment`)).status).toBe(403);
    expect((await asha!.get("/orders/all")).status).toBe(403);
    const cancelled = await admin.post(`/orders/${id}/cancellation`);
    expect(cancelled.body.history.at(-1).cause).toBe("cancelled_by_shop");
    expect((await admin.post("/orders/999/cancellation")).status).toBe(404);
  });

  test("an admin lists everybody's orders, by status and customer", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [asha, om] = await newBuyers(shop, 2);
    const admin = await newClient(shop, { admin: true });
    const first = (await buy(asha!, [mug])).body.order_id;
    const second = (await buy(om!, [mug])).body.order_id;
    await admin.post(`/orders/${first}/shipment`);
    const idsOf = async (query: string) => {
      const { body, headers } = await admin.get(`/orders/all${query}`);
      return [headers.get("x-total-count"), ...body.map((order: { id: number }) => order.id)];
    };
    expect(await idsOf("")).toEqual(["2", second, first]);
    expect(await idsOf("?status=shipped")).toEqual(["1", first]);
    expect(await idsOf(`?user_id=${om!.id}`)).toEqual(["1", second]);
    expect(await idsOf(`?user_id=${om!.id}&status=shipped`)).toEqual(["0"]);
    expect(await idsOf("?size=1&page=2")).toEqual(["2", first]);
    expect((await admin.get("/orders/all?status=lost")).status).toBe(422);
  });

  test("only steps of the graphs are taken", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer, [mug])).body.order_id;
    expect((await admin.post(`/orders/${id}/delivery`)).body.code).toBe("conflict");
    expect((await admin.post(`/orders/${id}/return`, {})).body.code).toBe("conflict");
    expect((await admin.post(`/orders/${id}/refund`, {})).body.code).toBe("conflict");
    await admin.post(`/orders/${id}/shipment`);
    for (const step of ["packing", "shipment"]) expect((await admin.post(`/orders/${id}/${step}`)).status).toBe(409);
    await expectSound(shop);
  });

  test("a refund by line pays back what the units cost after the discount, each once", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 33.33 });
    const plate = await stockShelf(shop, { price: 10 });
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const placed = await buy(buyer, [{ id: mug.id, qty: 2 }, { id: plate.id }], { coupon_code: "ten" });
    expect(placed.body.total_amount).toBe(69);
    const id = placed.body.order_id;
    await admin.post(`/orders/${id}/shipment`);
    await admin.post(`/orders/${id}/delivery`);
    const refund = (body: object) => admin.post(`/orders/${id}/refund`, body);
    expect((await refund({ lines: [{ product_id: mug.id, qty: 3 }] })).status).toBe(422);
    expect((await refund({ lines: [{ product_id: 999, qty: 1 }] })).status).toBe(422);
    expect((await refund({ amount: 70 })).body.code).toBe("conflict");
    expect((await refund({ amount: 0 })).status).toBe(422);
    expect((await refund({ amount: 1.005 })).status).toBe(422);
    const first = await refund({ lines: [{ product_id: mug.id, qty: 1 }], reason: "cracked" });
    expect(first.body.payment_status).toBe("partially_refunded");
    expect(await paidBack(id)).toBe(3_000);
    expect((await refund({ lines: [{ product_id: mug.id, qty: 2 }] })).status).toBe(422);
    await refund({ amount: 1 });
    // An amount was paid back beside it, so what is left no longer pays for the rest of the units.
    expect(
      (
        await refund({
          lines: [
            { product_id: mug.id, qty: 1 },
            { product_id: plate.id, qty: 1 },
          ],
        })
      ).status,
    ).toBe(409);
    expect((await refund({})).body.payment_status).toBe("refunded");
    expect(await paidBack(id)).toBe(6_900);
    expect((await refund({})).body.code).toBe("conflict");
    await expectSound(shop);

    async function paidBack(orderId: number): Promise<number | undefined> {
      const row = await shop.database.first<{ refunded_minor: number }>(
        "SELECT refunded_minor FROM payments WHERE order_id = $1",
        [orderId],
      );
      return row?.refunded_minor;
    }
  });

  test("what comes back lies on the shelf again and is paid back, unless told otherwise", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const delivered = async () => {
      const id = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body.order_id;
      await admin.post(`/orders/${id}/shipment`);
      await admin.post(`/orders/${id}/delivery`);
      return id;
    };
    const whole = await admin.post(`/orders/${await delivered()}/return`, {});
    expect(whole.body).toMatchObject({ status: "returned", payment_status: "refunded" });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
    const broken = await admin.post(`/orders/${await delivered()}/return`, { restock: false, refund: false });
    expect(broken.body).toMatchObject({ status: "returned", payment_status: "paid" });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });

    const refused = (await buy(buyer, [mug])).body.order_id;
    await admin.post(`/orders/${refused}/shipment`);
    const atTheDoor = await admin.post(`/orders/${refused}/return`, {});
    expect(atTheDoor.body).toMatchObject({ status: "returned", payment_status: "failed" });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    await expectSound(shop);
  });

  test("a total that is not what the customer was shown is no order", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 40.5 });
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    await buyer.post("/cart/add", { product_id: mug.id, qty: 2 });
    await admin.patch(`/products/${mug.id}`, { price: 41 });
    const surprised = await checkOut(buyer, { expected_total: 81 });
    expect([surprised.status, surprised.body.code]).toEqual([409, "price_changed"]);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
    expect((await checkOut(buyer, { expected_total: 82.001 })).status).toBe(409);
    expect((await checkOut(buyer, { expected_total: 82 })).body.total_amount).toBe(82);
  });

  test("a total may be higher than the highest price", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const { id } = await stockShelf(shop, { price: 9_000_000 });
    expect((await admin.post("/coupons", { code: "RICH", percent: 1, min_total: 20_000_000 })).status).toBe(201);
    await buyer.post("/cart/add", { product_id: id, qty: 2 });
    expect((await checkOut(buyer, { coupon_code: "RICH" })).body.code).toBe("invalid");
    const { status, body } = await checkOut(buyer, { expected_total: 18_000_000 });
    expect([status, body.total_amount]).toEqual([201, 18_000_000]);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${body.order_id}/${step}`);
    const refund = (amount: number) => admin.post(`/orders/${body.order_id}/refund`, { amount });
    expect((await refund(18_000_000)).body.payment_status).toBe("refunded");
    expect((await refund(90_071_992_547_410)).status).toBe(422);
    await expectSound(shop);
  });

  test("delivery takes longer the further it goes, where both ends are known", async () => {
    const shop = await freshShop(engine, {
      SHOP_LAT: "18.5204",
      SHOP_LNG: "73.8567",
      DELIVERY_MINUTES: "20",
      DELIVERY_KM: "3",
      DELIVERY_KMH: "30",
    });
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const place = { label: "Far", address_line: "1", city: "Pune", pincode: "411001" };
    const etaTo = async (where: object) => {
      const { body: address } = await buyer.post("/orders/addresses", { ...place, ...where });
      const { body } = await buy(buyer, [mug], { address_id: address.id });
      return (Date.parse(body.delivery_eta) - Date.parse(body.placed_at)) / 60_000;
    };
    expect(await etaTo({})).toBe(20);
    expect(await etaTo({ lat: 18.52, lng: 73.86 })).toBe(20);
    // 0.1 degrees of latitude are 11.12 km, 8.12 beyond the radius: 16.2 minutes at 30 km/h.
    expect(await etaTo({ lat: 18.6204, lng: 73.8567 })).toBeCloseTo(36.24, 1);
  });

  test("words that name no provider are paid on delivery; a provider that is off is refused with what there is", async () => {
    const shop = await freshShop(engine, { PAYMENT_PROVIDERS: "cod" });
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const card = await buy(buyer, [mug], { payment_method: "card" });
    expect([card.status, card.body.payment_url]).toEqual([201, null]);
    expect((await buyer.get(`/orders/${card.body.order_id}`)).body.payment_method).toBe("card");
    const off = await buy(buyer, [mug], { payment_method: "stripe" });
    expect([off.status, off.body.errors[0].path]).toEqual([422, "payment_method"]);
    expect(off.body.detail).toContain("cod");
  });

  test("stock is adjusted by hand with a reason, but never below what is reserved", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 5 });
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    await buy(buyer, [{ id: mug.id, qty: 3 }]);
    const adjust = (delta: unknown, reason: unknown = "count", id: number = mug.id) =>
      admin.post(`/admin/stock/${id}/adjustment`, { delta, reason });
    expect((await adjust(-3)).body.code).toBe("conflict");
    const before = (await admin.get(`/products/${mug.id}`)).headers.get("etag");
    expect((await adjust(-2, "broken")).body).toEqual({ product_id: mug.id, on_hand: 3, reserved: 3, stock: 0 });
    expect((await admin.get(`/products/${mug.id}`)).headers.get("etag")).not.toBe(before);
    expect((await adjust(10, "delivery")).body.stock).toBe(10);
    for (const delta of [0, 1.5, "1", null, 2 ** 53]) expect((await adjust(delta)).status).toBe(422);
    expect((await adjust(1, "")).status).toBe(422);
    expect((await adjust(1, "count", 999)).status).toBe(404);
    expect((await buyer.post(`/admin/stock/${mug.id}/adjustment`, { delta: 1, reason: "mine" })).status).toBe(403);
    await expectSound(shop);
  });

  test("a shelf holds a thousand million at most, whichever way they come", async () => {
    const shop = await freshShop(engine);
    const most = 1_000_000_000;
    const mug = await stockShelf(shop, { stock: 5 });
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const adjust = (delta: number) => admin.post(`/admin/stock/${mug.id}/adjustment`, { delta, reason: "delivery" });
    expect((await adjust(most)).body.code).toBe("conflict");
    expect((await adjust(most - 5)).body.on_hand).toBe(most);
    expect((await adjust(1)).body.code).toBe("conflict");
    expect((await adjust(-most)).body.on_hand).toBe(0);
    await adjust(10);
    const { order_id } = (await buy(buyer, [{ id: mug.id, qty: 3 }])).body;
    for (const write of [admin.put, admin.patch]) {
      expect((await write(`/products/${mug.id}`, { stock: most })).body.code).toBe("conflict");
      expect((await write(`/products/${mug.id}`, { stock: most + 1 })).status).toBe(422);
    }
    expect((await admin.put(`/products/${mug.id}`, { stock: most - 3 })).body.stock).toBe(most - 3);
    // What comes back is taken back, whatever lies there already.
    await admin.post(`/orders/${order_id}/shipment`);
    await adjust(3);
    expect((await admin.post(`/orders/${order_id}/return`, {})).status).toBe(200);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: most + 3, reserved: 0 });
    expect((await adjust(-1)).body.on_hand).toBe(most + 2);
    expect((await adjust(1)).body.code).toBe("conflict");
    await expectSound(shop);
  });
});

describe("the state graphs", () => {
  test("every state that is led to has steps of its own, and ends are ends", () => {
    for (const graph of [statusSteps, paymentSteps]) {
      const states = Object.keys(graph);
      for (const next of Object.values(graph).flat()) expect(states).toContain(next);
    }
    expect(
      Object.entries(statusSteps)
        .filter(([, next]) => next.length === 0)
        .map(([state]) => state),
    ).toEqual(["cancelled", "returned"]);
  });

  test("nothing leads back from what is over, but from a refund that has failed", () => {
    expect(
      isStep({ status: "cancelled", payment_status: "failed" }, { status: "placed", payment_status: "failed" }),
    ).toBe(false);
    expect(
      isStep({ status: "delivered", payment_status: "refunded" }, { status: "delivered", payment_status: "paid" }),
    ).toBe(true);
    expect(
      isStep({ status: "delivered", payment_status: "refunded" }, { status: "delivered", payment_status: "pending" }),
    ).toBe(false);
    expect(isStep({ status: "placed", payment_status: "pending" }, { status: "placed", payment_status: "paid" })).toBe(
      true,
    );
  });

  test("docs/orders.md draws them as they are", async () => {
    const text = await Bun.file(`${import.meta.dir}/../../docs/orders.md`).text();
    for (const graph of [statusSteps, paymentSteps]) {
      const arrows = Object.entries(graph).flatMap(([from, next]) => next.map((to: string) => `${from} --> ${to}`));
      const drawn = [...text.matchAll(/^ +(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} --> ${to}`);
      for (const arrow of arrows) expect(drawn).toContain(arrow);
    }
    const all = [statusSteps, paymentSteps].flatMap((graph) => Object.values(graph).flat()).length;
    expect([...text.matchAll(/^ +\w+ --> \w+$/gm)]).toHaveLength(all);
  });
});

describe("what units cost after the discount", () => {
  test("adds up to the total, whatever order they are paid back in", () => {
    const order = { subtotal_minor: 3 * 333 + 2 * 7 + 1, total_minor: 700, shipping_minor: 0, tax_minor: 0 };
    const units = [
      [0, 2],
      [1, 1],
      [0, 1],
      [2, 1],
      [1, 1],
    ] as const;
    const refunded = [0, 0, 0];
    let sum = 0;
    for (const [line, qty] of units) {
      const lines = [unitsOf(1, 3, 333), unitsOf(2, 2, 7), unitsOf(3, 1, 1)].map((one, index) => ({
        ...one,
        refunded: refunded[index] ?? 0,
      }));
      sum += priceOfUnits(order, lines, [{ line: lines[line]!, qty }]);
      refunded[line] = (refunded[line] ?? 0) + qty;
    }
    expect(sum).toBe(700);
  });

  test("is exact for the largest order that can be", () => {
    const line = unitsOf(1, 10_000, 1_000_000_000);
    const order = {
      subtotal_minor: 10_000_000_000_000,
      total_minor: 9_999_999_999_999,
      shipping_minor: 0,
      tax_minor: 0,
    };
    expect(priceOfUnits(order, [line], [{ line, qty: 10_000 }])).toBe(9_999_999_999_999);
  });
});

/** A line from before lines knew their discount, of which nothing became. */
const unitsOf = (line: number, qty: number, price_minor: number) => ({
  order_id: 1,
  line,
  product_id: line,
  qty,
  price_minor,
  discount_minor: null,
  tax_minor: 0,
  cancelled: 0,
  cancelled_paid: 0,
  shipped: 0,
  returned: 0,
  restocked: 0,
  refused: 0,
  owed_again: 0,
  back_unpaid: 0,
  back_paid: 0,
  refunded: 0,
});

test("the distance from Pune to Mumbai is about 120 km", () => {
  expect(distanceKm({ lat: 18.5204, lng: 73.8567 }, { lat: 19.076, lng: 72.8777 })).toBeCloseTo(120.2, 0);
  expect(distanceKm({ lat: 90, lng: 0 }, { lat: -90, lng: 0 })).toBeCloseTo(Math.PI * 6_371, 6);
});
