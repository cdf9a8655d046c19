import { describe, expect, test } from "bun:test";
import { examine } from "../../src/doctor/doctor";
import { routeEvents } from "../../src/events/routing";
import { issueInvoice } from "../../src/invoices/invoices";
import { webhookChannel } from "../../src/webhooks/channel";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const DAY = 86_400;
const problems = async (shop: TestShop) => (await examine(shop)).map(({ check, problem }) => `${check}: ${problem}`);

describe.each(engines)("what the doctor knows of what leaves the shop, on $name", (engine) => {
  async function shopWithOrder() {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop);
    const order = async () => (await buy(buyer, [mug])).body.order_id as number;
    return { shop, admin, order, buyer };
  }

  test("an event that a day has told to nobody, where others were told", async () => {
    const { shop, order } = await shopWithOrder();
    await order();
    shop.pass(DAY + 1);
    // No server has run yet.
    expect(await problems(shop)).toEqual([]);
    await routeEvents(shop, []);
    shop.pass(-DAY - 1);
    await order();
    shop.pass(DAY);
    expect(await problems(shop)).toEqual([]);
    shop.pass(1);
    expect(await problems(shop)).toEqual([
      expect.stringMatching(/^what happened has been told: Event 4 \(order\.placed\)/),
    ]);
  });

  test("a delivery that has been due for a day, but not one that is paused", async () => {
    const { shop, admin, order } = await shopWithOrder();
    await admin.post("/webhooks", { url: "https://example.com/", types: ["order.placed"] });
    await order();
    await routeEvents(shop, [webhookChannel()]);
    shop.pass(DAY);
    expect(await problems(shop)).toEqual([]);
    shop.pass(1);
    expect(await problems(shop)).toEqual([expect.stringContaining("Delivery 1 (webhook 1) has been due since")]);
    await shop.database.transaction((tx) => tx.run("UPDATE webhooks SET state = 'paused'"));
    expect(await problems(shop)).toEqual([]);
  });

  test("a series that counts further than it has documents", async () => {
    const { shop, order } = await shopWithOrder();
    await issueInvoice(shop, await order());
    expect(await problems(shop)).toEqual([]);
    await shop.database.transaction((tx) => tx.run("UPDATE invoice_series SET last_number = 3"));
    expect(await problems(shop)).toEqual([
      expect.stringContaining("counts to 3, but has 1 documents, the last with number 1"),
    ]);
    await issueInvoice(shop, await order());
    expect(await problems(shop)).toEqual([
      expect.stringContaining("counts to 4, but has 2 documents, the last with number 4"),
    ]);
  });

  test("a return that is to be paid back and has no refund, but not what the shop keeps, what cost nothing or what is paid back since", async () => {
    const { shop, admin, buyer } = await shopWithOrder();
    const tea = await stockShelf(shop, { price: 10 });
    const gift = await stockShelf(shop, { price: 0 });
    const given = async (receipt: object) => {
      const { order_id } = (await buy(buyer, [{ id: tea.id, qty: 3 }, gift])).body;
      for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${order_id}/${step}`);
      const { id } = (
        await buyer.post(`/orders/${order_id}/returns`, {
          lines: [
            { product_id: tea.id, qty: 2 },
            { product_id: gift.id, qty: 1 },
          ],
        })
      ).body;
      const received = await admin.post(`/returns/${id}/receipt`, receipt);
      expect(received.status).toBe(200);
      return { order_id: order_id as number, lines: received.body.lines };
    };
    const kept = await given({ refund: false });
    expect(kept.lines.map(({ refund_qty }: { refund_qty: number }) => refund_qty)).toEqual([0, 0]);
    const paid = await given({});
    expect(paid.lines.map(({ refund_qty }: { refund_qty: number }) => refund_qty)).toEqual([2, 1]);
    const parts = await given({ lines: [{ line: 1, qty: 1 }] });
    expect(parts.lines.map(({ refund_qty }: { refund_qty: number }) => refund_qty)).toEqual([1, 0]);
    expect(await problems(shop)).toEqual([]);
    // Its refund came to nothing, and the customer waits.
    const fail = `UPDATE refunds SET state = 'failed' WHERE order_id = ${paid.order_id}`;
    const giveBack = `UPDATE payments SET refunded_minor = 0 WHERE order_id = ${paid.order_id}`;
    const stands = `UPDATE orders SET payment_status = 'paid' WHERE id = ${paid.order_id}`;
    await shop.database.transaction(async (tx) => {
      for (const statement of [fail, giveBack, stands]) await tx.run(statement);
    });
    const found = () => problems(shop).then((all) => all.filter((one) => one.startsWith("what returns")));
    expect(await found()).toEqual([
      `what returns pay back is paid back: Order ${paid.order_id}: 2 units of line 1 came back to be paid back, and no refund is for them: sanset order refund ${paid.order_id} --line ${tea.id}:2`,
    ]);
    await admin.post(`/orders/${paid.order_id}/refund`, { lines: [{ product_id: tea.id, qty: 1 }] });
    expect(await found()).toEqual([expect.stringContaining("1 unit of line 1 came back")]);
    await admin.post(`/orders/${paid.order_id}/refund`, { lines: [{ product_id: tea.id, qty: 1 }] });
    expect(await found()).toEqual([]);
  });

  test("a refund without its credit note, and a return whose goods are nowhere", async () => {
    const { shop, admin, order, buyer } = await shopWithOrder();
    const id = await order();
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    await issueInvoice(shop, id);
    await buyer.post(`/orders/${id}/returns`);
    await admin.post("/returns/1/receipt");
    shop.pass(DAY);
    expect(await problems(shop)).toEqual([]);
    shop.pass(1);
    expect(await problems(shop)).toEqual([
      expect.stringContaining(`Order ${id} has an invoice, and 1 of its refunds no credit note`),
    ]);
    await issueInvoice(shop, id);
    expect(await problems(shop)).toEqual([]);
    await shop.database.transaction((tx) =>
      tx.run("UPDATE unit_moves SET cause = 'cancelled' WHERE cause = 'returned'"),
    );
    expect(await problems(shop)).toContainEqual(
      expect.stringContaining(`Returns of order ${id} received 1 of line 1, but the order has 0`),
    );
  });
});
