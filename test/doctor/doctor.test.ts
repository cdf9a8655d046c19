import { describe, expect, test } from "bun:test";
import { examine, repair } from "../../src/doctor/doctor";
import { placeOrder } from "../../src/orders/checkout";
import type { Shop } from "../../src/shop/shop";
import { buy, type Buyer, expectSound, newBuyers, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";
import { Json } from "../../src/storage/database";

/** Runs a command on this shop and gives what it printed, and why it failed if it did. */
async function sanset(shop: TestShop, ...words: string[]): Promise<{ said: string; failed: string | undefined }> {
  const { text, failed } = await runCommand(shop, words);
  return { said: text, failed };
}

/** Three orders: one delivered with a coupon and partly paid back, one that waits, one that came back. */
async function tradingShop(engine: (typeof engines)[number]) {
  const shop = await freshShop(engine);
  const mug = await stockShelf(shop);
  const admin = await newClient(shop, { admin: true });
  const buyer = await newBuyer(shop);
  await admin.post("/coupons", { code: "TEN", percent: 10 });
  const first = (await buy(buyer, [{ id: mug.id, qty: 2 }], { coupon_code: "TEN" })).body.order_id;
  await admin.post(`/orders/${first}/shipment`);
  await admin.post(`/orders/${first}/delivery`);
  await admin.post(`/orders/${first}/refund`, { amount: 5 });
  const second = (await buy(buyer, [mug])).body.order_id;
  const third = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body.order_id;
  await admin.post(`/orders/${third}/shipment`);
  await admin.post(`/orders/${third}/return`, {});
  await expectSound(shop);
  return { shop, product: mug.id, first, second, third };
}

/** A checkout with the coupon that has written everything down and commits when it is told to. */
async function halfPlaced(shop: TestShop, buyer: Buyer, product: number) {
  const [written, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const lingering: Shop = {
    ...shop,
    database: {
      ...shop.database,
      transaction: (work) =>
        shop.database.transaction(async (tx) => {
          const result = await work(tx);
          written.resolve();
          await goOn.promise;
          return result;
        }),
    },
  };
  await buyer.post("/cart/add", { product_id: product });
  const checkout = { payment_method: "cod", address_id: buyer.address_id, coupon_code: "TEN" };
  const placing = placeOrder(lingering, buyer.id, checkout);
  await written.promise;
  return {
    commit: async () => {
      goOn.resolve();
      await placing;
    },
  };
}

/** Until this work is done, or can't go on before somebody else's transaction ends. */
async function untilStuck(shop: TestShop, work: Promise<unknown>): Promise<void> {
  const waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  const state = { done: false };
  void work.finally(() => (state.done = true));
  while (!state.done && !(await shop.database.first(waits))) await Bun.sleep(5);
}

describe.each(engines)("the doctor on $name", (engine) => {
  test("finds whatever does not add up, and says which", async () => {
    const { shop, product, first, second, third } = await tradingShop(engine);
    const other = await stockShelf(shop);
    const breaks: [sql: string, values: (string | number)[], check: string][] = [
      ["UPDATE stock SET on_hand = on_hand + 1 WHERE product_id = $1", [product], "stock counters"],
      [
        "UPDATE stock_moves SET reserved_change = 0 WHERE order_id = $1 AND cause = 'reserved'",
        [second],
        "orders reserve",
      ],
      ["UPDATE stock_moves SET on_hand_change = -1 WHERE order_id = $1 AND cause = 'sold'", [first], "off the shelf"],
      [
        "UPDATE stock_moves SET on_hand_change = 1 WHERE order_id = $1 AND cause = 'returned'",
        [third],
        "off the shelf",
      ],
      ["UPDATE stock_moves SET product_id = $2 WHERE order_id = $1", [second, other.id], "moves what orders have"],
      ["DELETE FROM payments WHERE order_id = $1", [second], "has a payment"],
      [
        "UPDATE refunds SET state = 'owed', created_at = '2030-01-01T07:59:00.000Z' WHERE order_id = $1",
        [first],
        "refunds arrive",
      ],
      [
        "UPDATE payments SET state = 'under_way', captured_minor = 0, created_at = '2029-12-01' WHERE order_id = $1",
        [second],
        "on its way arrives",
      ],
      ["UPDATE order_items SET qty = 3 WHERE order_id = $1", [first], "totals are"],
      [
        "UPDATE order_items SET discount_minor = discount_minor + 1 WHERE order_id = $1",
        [first],
        "share the whole discount",
      ],
      [
        `UPDATE orders SET taxes = '[{"name":"VAT","percent_thousandths":19000,"tax_class":"standard","base_minor":100,"tax_minor":15}]'
         WHERE id = $1`,
        [first],
        "taxes are what",
      ],
      [
        "INSERT INTO unit_moves (order_id, line, cause, qty, at) VALUES ($1, 1, 'cancelled', 1000, 'x')",
        [first],
        "no more units are",
      ],
      ["UPDATE orders SET payment_status = 'paid' WHERE id = $1", [first], "payments are"],
      ["UPDATE refunds SET amount_minor = amount_minor + 1 WHERE order_id = $1", [first], "refunds add up"],
      ["UPDATE payments SET flag = 'Look.' WHERE order_id = $1", [first], "waits for a person"],
      ["UPDATE coupons SET uses = 0 WHERE code = $1", ["TEN"], "coupons are used"],
      ["UPDATE coupon_uses SET returned_at = 'x' WHERE order_id = $1", [first], "orders hold the coupon"],
      ["UPDATE order_history SET status = 'cancelled' WHERE order_id = $1 AND step = 2", [first], "histories"],
      ["DELETE FROM order_history WHERE order_id = $1", [second], "histories"],
      ["UPDATE orders SET status = 'packed' WHERE id = $1", [second], "histories"],
    ];
    for (const [sql, values, check] of breaks) {
      const undo = new Error("undo");
      await shop.database
        .transaction(async (tx) => {
          expect(await tx.run(sql, values)).toBeGreaterThan(0);
          // Looks through the transaction that broke it, which is then undone.
          const found = await examine({
            ...shop,
            database: { ...shop.database, ...tx, transaction: (work) => work(tx) },
          });
          expect([sql, found.some((finding) => finding.check.includes(check))]).toEqual([sql, true]);
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
    }
    await expectSound(shop);
  });

  test("reckons every tax anew, on what lines and delivery came to and not on what it says itself", async () => {
    for (const include of ["on", "off"]) {
      const shop = await freshShop(engine, { PRICES_INCLUDE_TAX: include });
      const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
      const tea = await stockShelf(shop, { price: 33.33, category: "Tea", tax_class: "food" });
      const mug = await stockShelf(shop, { price: 100 });
      const book = await stockShelf(shop, { price: 45, tax_class: "untaxed" });
      for (const name of ["CGST", "SGST"]) await admin.post("/tax-rates", { name, percent: 9 });
      await admin.post("/tax-rates", { name: "Food", percent: 2.5, tax_class: "food" });
      await admin.post("/shipping-methods", { name: "Post", price: 49.99 });
      await admin.post("/coupons", { code: "TEN", percent: 10, categories: ["Tea"] });
      const goods = [{ id: tea.id, qty: 3 }, { id: mug.id }, { id: book.id }];
      const { order_id } = (await buy(buyer, goods, { coupon_code: "TEN" })).body;
      await expectSound(shop);
      const { taxes } = (await shop.database.first<{ taxes: unknown }>("SELECT taxes FROM orders WHERE id = $1", [
        order_id,
      ]))!;
      const kept = (typeof taxes === "string" ? JSON.parse(taxes) : taxes) as {
        base_minor: number;
        tax_class: string;
      }[];
      // Its taxes still come to the same, on another sum than the goods and the delivery are.
      const shifted = kept.map((tax) => ({ ...tax, base_minor: tax.base_minor + (tax.tax_class === "food" ? 1 : 0) }));
      await shop.database.transaction((tx) =>
        tx.run("UPDATE orders SET taxes = $2 WHERE id = $1", [order_id, new Json(shifted)]),
      );
      expect((await examine(shop)).map(({ check }) => check)).toEqual(["taxes are what their rates come to"]);
      await shop.database.transaction(async (tx) => {
        await tx.run("UPDATE orders SET taxes = $2 WHERE id = $1", [order_id, new Json(kept)]);
        // From one line to the other, the sum the same.
        await tx.run("UPDATE order_items SET tax_minor = tax_minor + 1 WHERE order_id = $1 AND product_id = $2", [
          order_id,
          mug.id,
        ]);
        await tx.run("UPDATE order_items SET tax_minor = tax_minor - 1 WHERE order_id = $1 AND product_id = $2", [
          order_id,
          tea.id,
        ]);
      });
      expect((await examine(shop)).map(({ check }) => check)).toEqual(["taxes are what their rates come to"]);
    }
  });

  test("does not take for damage what was written since it looked before", async () => {
    const { shop } = await tradingShop(engine);
    await stockShelf(shop);
    await expectSound(shop);
  });

  test("rebuilds counters from their ledgers, and leaves the rest to a person", async () => {
    const { shop, product, first } = await tradingShop(engine);
    await shop.database.transaction(async (tx) => {
      await tx.run("UPDATE stock SET on_hand = 100, reserved = 0");
      await tx.run("UPDATE coupons SET uses = 9");
      await tx.run("UPDATE payments SET flag = 'Look at this.' WHERE order_id = $1", [first]);
    });
    const { mended, left } = await repair(shop);
    expect(mended).toHaveLength(2);
    expect(left.map(({ problem }) => problem)).toEqual([`Order ${first}: Look at this.`]);
    expect(await shelfOf(shop, product)).toEqual({ on_hand: 8, reserved: 1 });
  });

  test("rebuilds a counter that has no ledger at all", async () => {
    const { shop } = await tradingShop(engine);
    const empty = await stockShelf(shop, { stock: 0 });
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "NEVER", percent: 10 });
    await shop.database.transaction(async (tx) => {
      await tx.run("UPDATE stock SET on_hand = 5 WHERE product_id = $1", [empty.id]);
      await tx.run("UPDATE coupons SET uses = 3 WHERE code = 'NEVER'");
    });
    const { mended, left } = await repair(shop);
    expect(left).toEqual([]);
    expect(mended.map(({ problem }) => problem.split(" ", 2).join(" "))).toEqual([
      `Product ${empty.id}`,
      "Coupon NEVER",
    ]);
    expect(await shelfOf(shop, empty.id)).toEqual({ on_hand: 0, reserved: 0 });
  });

  // On SQLite there is one writer: a repair comes before a checkout or after it.
  test.skipIf(engine.name === "sqlite")("repairs a shop that goes on selling, and spoils nothing", async () => {
    const { shop, product } = await tradingShop(engine);
    const [asha, om] = await newBuyers(shop, 2);
    const first = await halfPlaced(shop, asha!, product);
    const healthy = repair(shop);
    await untilStuck(shop, healthy);
    await first.commit();
    expect(await healthy).toEqual({ mended: [], left: [] });

    await shop.database.transaction(async (tx) => {
      await tx.run("UPDATE stock SET on_hand = on_hand + 1");
      await tx.run("UPDATE coupons SET uses = uses + 1");
    });
    const second = await halfPlaced(shop, om!, product);
    const sick = repair(shop);
    await untilStuck(shop, sick);
    await second.commit();
    expect((await sick).left).toEqual([]);
    expect(await shelfOf(shop, product)).toEqual({ on_hand: 8, reserved: 3 });
    await expectSound(shop);
  });

  test("sanset doctor speaks in words and fails when something is wrong", async () => {
    const { shop } = await tradingShop(engine);
    expect(await sanset(shop, "doctor")).toEqual({ said: "Everything adds up.", failed: undefined });
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET on_hand = on_hand + 1"));
    const sick = await sanset(shop, "doctor");
    expect(sick.said).toContain("but its ledger says");
    expect(sick.failed).toContain("1 thing does not add up");
    expect((await sanset(shop, "doctor", "--repair")).said).toContain("Mended: Product");
    expect((await sanset(shop, "doctor")).failed).toBeUndefined();
  });

  test("sanset order, coupon and stock do what the API does", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    expect((await sanset(shop, "coupon", "create", "half", "--percent", "50", "--uses", "2")).said).toBe(
      "HALF takes 50 % off.",
    );
    expect((await sanset(shop, "coupon", "create", "none")).failed).toBeDefined();
    const never = await sanset(shop, "coupon", "create", "never", "--percent", "5", "--ends", "banana");
    expect(never.failed).toBeDefined();
    const id = String((await buy(buyer, [{ id: mug.id, qty: 2 }], { coupon_code: "half" })).body.order_id);
    expect((await sanset(shop, "coupon", "list")).said).toContain("1 of 2");
    expect((await sanset(shop, "coupon", "disable", "half")).said).toBe("HALF cannot be used any more.");
    expect((await sanset(shop, "order", "list", "--status", "placed")).said).toContain("placed");
    for (const verb of ["pack", "ship", "deliver"])
      expect((await sanset(shop, "order", verb, id)).failed).toBeUndefined();
    expect((await sanset(shop, "order", "cancel", id)).failed).toContain("can't be done");
    const part = await sanset(shop, "order", "refund", id, "--line", `${mug.id}:1`, "--reason", "cracked");
    expect(part.said).toContain(`Order ${id} is delivered, its payment partially refunded.`);
    expect((await sanset(shop, "order", "refund", id, "--amount", "1000")).failed).toContain("is left to pay back");
    expect((await sanset(shop, "order", "return", id)).said).toBe(`Order ${id} is returned, its payment refunded.`);
    expect((await sanset(shop, "order", "show", id)).said).toContain("partially_refunded");
    expect((await sanset(shop, "stock", "adjust", String(mug.id), "5", "--reason", "delivery")).said).toContain(
      "15 on hand",
    );
    expect((await sanset(shop, "stock", "adjust", "--reason", "broken", String(mug.id), "--", "-3")).said).toContain(
      "12 on hand",
    );
    await expectSound(shop);
  });
});
