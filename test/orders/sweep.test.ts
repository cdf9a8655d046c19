import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { sweepHolds, sweepOrders, sweepPayments } from "../../src/orders/sweep";
import { buy, expectSound, shelfOf } from "../support/buying";
import { newBuyer } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { startServer } from "../support/program";
import { freshShop, SECRET } from "../support/shop";
import { newStripeShop } from "../support/stripe-shop";

setDefaultTimeout(60_000);

describe.each(engines)("what the shop does by itself on $name", (engine) => {
  test("all holds that have run out end in one sweep, however many", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1_000 });
    const buyer = await newBuyer(shop);
    for (let count = 0; count < 210; count++) await buy(buyer, [mug], { payment_method: "mock" });
    shop.pass(31 * 60);
    expect(await sweepOrders(shop)).toEqual({ expired: 210 });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 1_000, reserved: 0 });
    await expectSound(shop);
  });

  test("a gateway that does not answer keeps no hold from ending, and is told later", async () => {
    const { stripe, shop, order, product } = await newStripeShop(engine);
    for (let count = 0; count < 5; count++) await order();
    shop.pass(31 * 60);
    stripe.hangs = true;
    expect(await sweepHolds(shop)).toBe(5);
    expect(await shelfOf(shop, product)).toEqual({ on_hand: 10, reserved: 0 });
    stripe.hangs = false;
    await sweepPayments(shop);
    expect([...stripe.sessions.values()].map(({ status }) => status)).toEqual(Array(5).fill("expired"));
    await expectSound(shop);
  });

  test("what can't be done leaves the rest its turn", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1_000 });
    const buyer = await newBuyer(shop);
    const pay = { payment_method: "mock" };
    for (let count = 0; count < 101; count++) await buy(buyer, [mug], pay);
    const last = (await buyer.get("/orders")).body[0].id;
    await shop.database.transaction(async (tx) => {
      // A hundred are open at a gateway that nobody knows any more, and a hundred refunds are owed there.
      await tx.run("UPDATE payments SET provider = 'gone' WHERE order_id < $1", [last]);
      await tx.run("UPDATE payments SET captured_minor = amount_minor, refunded_minor = 1");
      await tx.run("UPDATE orders SET status = 'cancelled', payment_status = 'failed', hold_until = NULL");
      await tx.run(
        `INSERT INTO refunds (order_id, payment_id, reference, amount_minor, state, created_at)
         SELECT order_id, id, reference, 1, 'owed', created_at FROM payments ORDER BY order_id`,
      );
    });
    await sweepPayments(shop);
    const books = await shop.database.all(
      "SELECT m.state, COUNT(*) AS count FROM mock_payments m GROUP BY m.state ORDER BY m.state",
    );
    expect(books).toEqual([
      { state: "expired", count: 1 },
      { state: "open", count: 100 },
    ]);
    // The gateway refuses it, since nothing was paid; but it was asked.
    expect(await shop.database.all("SELECT order_id FROM refunds WHERE state = 'failed'")).toEqual([
      { order_id: last },
    ]);
  });

  test("a gateway that does not answer does not keep the server from ending", async () => {
    const { stripe, shop, order } = await newStripeShop(engine);
    await order();
    // Over since long by the clock of the server's process.
    await shop.database.transaction((tx) => tx.run("UPDATE orders SET hold_until = '2020-01-01T00:00:00.000Z'"));
    const asked = Promise.withResolvers<void>();
    stripe.hangs = true;
    stripe.onRequest = () => asked.resolve();
    const server = await startServer({
      env: {
        DATABASE_URL: shop.place.url,
        SECRET_KEY: SECRET,
        STRIPE_SECRET_KEY: "sk_test_double",
        STRIPE_API_URL: stripe.url,
        SWEEP_SECONDS: "1",
      },
    });
    await asked.promise;
    server.child.kill("SIGTERM");
    expect(await server.child.exited).toBe(0);
  });
});
