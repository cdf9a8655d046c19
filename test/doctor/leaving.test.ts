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
