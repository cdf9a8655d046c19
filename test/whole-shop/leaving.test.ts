import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { deliveriesEnded, startDeliveries } from "../../src/events/delivering";
import { routeEvents } from "../../src/events/routing";
import { channels } from "../../src/outbox/channels";
import type { Shop } from "../../src/shop/shop";
import { createWebhook } from "../../src/webhooks/webhooks";
import { startReceiver } from "../support/deliveries";
import { engines } from "../support/engines";
import { headerOf, startMailServer } from "../support/mail-server";
import { ask, buyOne, type FileShop, served, sizeOf } from "../support/served";

setDefaultTimeout(3_600_000);

const KILLS = sizeOf("SANSET_TEST_LEAVING_KILLS", 4);
const INVOICES = sizeOf("SANSET_TEST_INVOICES", 200);

const { open, serve, kill, end } = served();
const stops: (() => unknown)[] = [];
afterEach(async () => {
  await end();
  for (const stop of stops.splice(0)) await stop();
});

/** Sends what is left, two minutes later: what killed servers had taken is free again. */
async function sendTheRest(shop: Shop): Promise<void> {
  const later = { ...shop, now: () => new Date(Date.now() + 120_000) };
  // What is sent makes more to be sent: a mail about an invoice.
  for (let round = 0; round < 3; round++) {
    await routeEvents(later, channels);
    await startDeliveries(later, channels, new AbortController().signal);
    await deliveriesEnded(later);
  }
}

/** A few orders between two kills: what is looked at is where the kill falls, not how much is sold. */
const ORDERS_PER_BUYER = 2;

/** Every other kill falls while it sells, the rest while it sends as well: that begins a second after it starts. */
const killAfterMs = (cycle: number): number => Math.random() * (cycle % 2 === 0 ? 200 : 1_500);

/** All that left is looked at after so many kills; after each of them, what lies in the database. */
const KILLS_PER_LOOK = 50;

/** Buys and ships, until the server is gone. */
async function sell(url: string, shop: FileShop, over: AbortSignal): Promise<void> {
  await Promise.all(
    shop.buyers.map(async (buyer) => {
      for (let bought = 0; bought < ORDERS_PER_BUYER && !over.aborted; bought++) {
        const { status, body } = await buyOne(url, shop, buyer, crypto.randomUUID());
        if (status === 201) await ask(url, shop.admin, "POST", `/orders/${body.order_id}/shipment`);
      }
    }),
  );
}

interface Kept {
  orders: number[];
  shipped: number;
  numbers: number[];
}

/** Of each order an event, whatever was going on; of what was shipped no more invoices, and none left out between them. */
async function checkKept({ database }: Shop): Promise<Kept> {
  // Half a minute later, as far as servers go that share a database: what a dead one was at is anybody's.
  await database.transaction((tx) => tx.run("DELETE FROM job_leases"));
  const ids = async (sql: string) => (await database.all<{ id: number }>(sql)).map(({ id }) => id);
  const orders = await ids("SELECT id FROM orders ORDER BY id");
  const shipped = (await ids("SELECT id FROM orders WHERE status = 'shipped'")).length;
  const numbers = await ids("SELECT number AS id FROM invoices ORDER BY number");
  expect(await ids("SELECT order_id AS id FROM outbox WHERE type = 'order.placed' ORDER BY order_id")).toEqual(orders);
  expect(numbers).toEqual(Array.from(numbers, (_, index) => index + 1));
  expect(numbers.length).toBeLessThanOrEqual(shipped);
  return { orders, shipped, numbers };
}

describe.each(engines)("what leaves the shop, on $name", (engine) => {
  test(`killed ${KILLS} times while it sells, ships, sends and numbers: nothing of an order that is not there, none missing, no number twice or left out`, async () => {
    const receiver = startReceiver();
    const mails = await startMailServer();
    stops.push(receiver.stop, mails.stop);
    const settings = {
      WEBHOOK_PRIVATE: "on",
      INVOICES: "shipped",
      SMTP_URL: mails.url,
      MAIL_FROM: "shop@example.com",
    };
    const shop = await open({ engine, buyers: 4, stock: 1_000_000, settings });
    await shop.within((own) => createWebhook(own, { url: receiver.url, types: ["order.placed", "invoice.issued"] }));
    const look = async () => {
      await shop.within(sendTheRest);
      const { orders, shipped, numbers } = await shop.within(checkKept);
      expect(orders.length).toBeGreaterThan(0);
      const heard = receiver.heard.map(({ headers, body }) => ({
        id: headers["webhook-id"] ?? "",
        ...JSON.parse(body),
      }));
      const placed = heard.filter(({ type }) => type === "order.placed");
      // What came twice came with the same id.
      const idsOf = new Map(placed.map(({ id, data }) => [id, data.order_id]));
      expect([...idsOf.values()].toSorted((a, b) => a - b)).toEqual(orders);
      const confirmed = mails.taken.filter((letter) => headerOf(letter, "Subject")?.endsWith(" at Sanset"));
      const letters = new Map(
        confirmed.map((letter) => [headerOf(letter, "Message-ID"), headerOf(letter, "Subject") ?? ""]),
      );
      expect([...letters.values()].toSorted()).toEqual(orders.map((id) => `Your order ${id} at Sanset`).toSorted());
      expect(numbers.length).toBe(shipped);
      const invoiced = heard.filter(({ type }) => type === "invoice.issued").map(({ data }) => data.invoice_id);
      expect(new Set(invoiced).size).toBe(shipped);
      expect(await shop.problems()).toEqual([]);
    };
    for (let cycle = 1; cycle <= KILLS; cycle++) {
      const server = await serve(shop);
      const over = new AbortController();
      const selling = sell(server.url, shop, over.signal);
      // At whatever it does then.
      await Bun.sleep(killAfterMs(cycle));
      over.abort();
      await kill(server);
      await selling;
      await shop.within(checkKept);
      if (cycle % KILLS_PER_LOOK === 0) await look();
    }
    await look();
  });

  test(`${INVOICES} invoices by eight workers over two processes are numbered one after the other`, async () => {
    const shop = await open({ engine, buyers: 1, stock: 10 });
    const server = await serve(shop);
    await buyOne(server.url, shop, shop.buyers[0]!, "one");
    await kill(server);
    await shop.within((own) => copyOrder(own, INVOICES - 1));
    const half = Math.floor(INVOICES / 2);
    const issue = (first: number, last: number) =>
      Bun.spawn(
        [process.execPath, join(import.meta.dir, "../support/issue-invoices.ts"), String(first), String(last), "4"],
        {
          env: { PATH: process.env["PATH"] ?? "", ...shop.environment },
          stdio: ["ignore", "inherit", "inherit"],
        },
      ).exited;
    expect(await Promise.all([issue(1, half), issue(half + 1, INVOICES)])).toEqual([0, 0]);
    const rows = await shop.within(({ database }) =>
      database.all<{ number: number; order_id: number }>("SELECT number, order_id FROM invoices ORDER BY number"),
    );
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: INVOICES }, (_, index) => index + 1));
    expect(new Set(rows.map(({ order_id }) => order_id)).size).toBe(INVOICES);
  });
});

/** More orders as the first one. */
function copyOrder({ database }: Shop, copies: number): Promise<void> {
  return database.transaction(async (tx) => {
    const columnsOf = async (table: string, left: readonly string[]) => {
      const [row] = await tx.all<Record<string, unknown>>(`SELECT * FROM ${table} LIMIT 1`);
      return Object.keys(row ?? {}).filter((column) => !left.includes(column));
    };
    const order = (await columnsOf("orders", ["id"])).join(", ");
    const item = (await columnsOf("order_items", ["order_id"])).join(", ");
    const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${copies})`;
    await tx.run(`INSERT INTO orders (${order}) ${numbers} SELECT ${order} FROM n, orders WHERE orders.id = 1`);
    const items = item
      .split(", ")
      .map((column) => `i.${column}`)
      .join(", ");
    await tx.run(
      `INSERT INTO order_items (order_id, ${item}) SELECT o.id, ${items} FROM orders o, order_items i WHERE i.order_id = 1 AND o.id > 1`,
    );
  });
}
