import { describe, expect, test } from "bun:test";
import { fromJson } from "../../src/storage/database";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";
import { newStripeShop } from "../support/stripe-shop";

/** But for what tells that the goods and the customers of a test are there. */
const eventsOf = (shop: TestShop) =>
  shop.database.all<{ type: string; order_id: number | null; data: unknown }>(
    "SELECT type, order_id, data FROM outbox WHERE type NOT IN ('product.changed', 'user.registered') ORDER BY id",
  );

const dataOf = (event: { data: unknown } | undefined) => fromJson(event?.data);

const typesOf = async (shop: TestShop) => (await eventsOf(shop)).map(({ type }) => type);

describe.each(engines)("what others hear of an order, on $name", (engine) => {
  test("an order paid on delivery is told of at each of its steps, with its states after it", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const id = (await buy(await newBuyer(shop), [mug])).body.order_id;
    const admin = await newClient(shop, { admin: true });
    for (const step of ["packing", "shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    const told = (await eventsOf(shop)).map((event) => ({ ...event, data: dataOf(event) }));
    const event = (type: string, status: string, payment_status: string, more = {}) => ({
      type,
      order_id: id,
      data: { order_id: id, status, payment_status, ...more },
    });
    expect(told).toEqual([
      event("order.placed", "placed", "pending"),
      event("order.packed", "packed", "pending"),
      event("order.shipped", "shipped", "pending", { shipment_id: 1 }),
      event("order.delivered", "delivered", "paid"),
      event("order.paid", "delivered", "paid"),
    ]);
  });

  test("a checkout that is refused tells nobody anything", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1 });
    const answer = await buy(await newBuyer(shop), [{ id: mug.id, qty: 2 }]);
    expect(answer.status).toBe(409);
    expect(await typesOf(shop)).toEqual([]);
  });

  test("a cancelled order says why, and what was paid is told of with its amount", async () => {
    const { shop, stripe, order, referenceOf, buyer } = await newStripeShop(engine);
    const id = (await order()).body.order_id;
    stripe.pay(await referenceOf(id));
    await buyer.post(`/orders/${id}/payment`);
    await buyer.post(`/orders/${id}/cancellation`);
    expect(await typesOf(shop)).toEqual(["order.placed", "order.paid", "order.cancelled", "order.refunded"]);
    const [, , cancelled, refunded] = await eventsOf(shop);
    expect(dataOf(cancelled)).toEqual({
      order_id: id,
      status: "cancelled",
      payment_status: "refunded",
      cause: "cancelled_by_customer",
    });
    expect(dataOf(refunded)).toMatchObject({ order_id: id, refund_id: 1, amount: 81 });
  });
});
