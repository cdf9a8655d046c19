import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { issueInvoice } from "../../src/invoices/invoices";
import { webhookChannel } from "../../src/webhooks/channel";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { deliver } from "../support/deliveries";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder } from "../support/program";
import { freshShop } from "../support/shop";

const engine = engines[0]!;

async function shopWithDelivery(settings: Record<string, string> = {}) {
  const shop = await freshShop(engine, settings);
  const admin = await newClient(shop, { admin: true });
  const buyer = await newBuyer(shop, { email: "asha@example.com" });
  const mug = await stockShelf(shop, { name: '=Mug, "blue"', price: 40, stock: 20, attributes: { hsn: "6912" } });
  const { order_id } = (await buy(buyer, [{ id: mug.id, qty: 3 }])).body;
  for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${order_id}/${step}`);
  return {
    shop,
    admin,
    buyer,
    mug,
    order_id: order_id as number,
    run: (...words: (string | number)[]) => runCommand(shop, words),
  };
}

describe("the commands of what leaves the shop", () => {
  test("a webhook is made with a secret, paused, resumed, tested, rotated and removed", async () => {
    const { shop, run } = await shopWithDelivery();
    const made = await run("webhook", "create", "https://example.com/hook", "order.placed", "order.paid");
    expect(made.answer).toMatchObject({ id: 1, state: "active", types: ["order.placed", "order.paid"] });
    expect(made.answer.secret).toStartWith("whsec_");
    expect((await run("webhook", "create", "http://127.0.0.1/", "order.placed")).failed).toBeDefined();
    expect((await run("webhook", "create", "https://example.com/", "order.nothing")).failed).toBeDefined();
    expect((await run("webhook", "pause", 1)).answer.state).toBe("paused");
    expect((await run("webhook", "resume", 1)).answer.state).toBe("active");
    expect((await run("webhook", "rotate", 1)).answer.secret).not.toBe(made.answer.secret);
    await run("webhook", "test", 1);
    expect(await shop.database.all("SELECT type FROM outbox WHERE type = 'webhook.test'")).toHaveLength(1);
    expect((await run("webhook", "list")).answer).toHaveLength(1);
    await run("webhook", "delete", 1);
    expect((await run("webhook", "list")).answer).toEqual([]);
  });

  test("the outbox is listed by state, way and order, and what was given up is sent again", async () => {
    const { shop, run, order_id } = await shopWithDelivery();
    await run("webhook", "create", "https://nowhere.invalid/", "order.placed", "order.paid");
    const channel = webhookChannel({ resolve: async () => ["10.0.0.1"] });
    await deliver(shop, channel);
    const idsOf = async (...words: (string | number)[]) =>
      (await run("outbox", "list", ...words)).answer.map(({ id }: { id: number }) => id);
    expect(await idsOf()).toEqual([2, 1]);
    expect(await idsOf("--order", order_id, "--limit", 1)).toEqual([2]);
    expect(await idsOf("--order", 99)).toEqual([]);
    expect(await idsOf("--channel", "mail")).toEqual([]);
    expect(await idsOf("--state", "given_up")).toEqual([]);
    expect((await run("outbox", "retry", 1)).answer).toMatchObject({ id: 1, state: "waiting", tries: 0 });
    expect((await run("outbox", "retry", 9)).failed).toBeDefined();
  });

  test("returns are approved, refused and received, all of it or line by line, with or without money", async () => {
    const { run, buyer, order_id } = await shopWithDelivery({ RETURN_DAYS: "0" });
    const ask = () => buyer.post(`/orders/${order_id}/returns`, { lines: [{ line: 1, qty: 1 }], reason: "Too small" });
    for (let count = 0; count < 3; count++) await ask();
    expect((await run("return", "list", "--status", "requested")).answer).toHaveLength(3);
    expect((await run("return", "list", "--order", 99)).answer).toEqual([]);
    expect((await run("return", "approve", 1, "--note", "Send it")).answer).toMatchObject({
      status: "approved",
      note: "Send it",
    });
    await run("return", "approve", 2);
    expect((await run("return", "refuse", 3, "--note", "No")).answer).toMatchObject({ status: "refused", note: "No" });
    const received = await run("return", "receive", 1, "--line", "1:1:0");
    expect(received.answer).toMatchObject({ status: "received", lines: [{ received_qty: 1, restocked_qty: 0 }] });
    expect((await run("return", "receive", 2, "--no-refund")).answer).toMatchObject({ lines: [{ restocked_qty: 1 }] });
    expect((await run("return", "receive", 2, "--line", "x")).failed).toBeDefined();
    expect((await buyer.get(`/orders/${order_id}`)).body.refunds).toMatchObject([{ amount: 40 }]);
    expect((await run("return", "show", 1)).answer.id).toBe(1);
  });

  test("the accountant's table has a row for each line and tax, and no formula", async () => {
    const { shop, run, order_id, admin } = await shopWithDelivery();
    await admin.post("/tax-rates", { name: "CGST", percent: 9 });
    await run("invoice", "issue", order_id);
    const { text } = await run("invoice", "export");
    const [heading, line, ...rest] = text.trim().split(/\r?\n/);
    expect(heading).toStartWith("label,kind,issued_at,order_id,buyer");
    expect(line).toContain(`INV-2030-1,invoice,2030-01-01T09:00:00.000Z,${order_id},Asha Rao`);
    expect(line).toContain(`line,"'=Mug, ""blue""",,6912,3,40,0,120`);
    expect(rest).toEqual([]);
    const file = join(newFolder(), "invoices.jsonl");
    const out = await run("invoice", "export", "--format", "jsonl", "--out", file);
    expect(out.answer).toEqual({ documents: 1, file });
    expect(JSON.parse(readFileSync(file, "utf8").trim())).toMatchObject({ label: "INV-2030-1", order_id });
    const labels = async (...words: string[]) =>
      (await run("invoice", "export", ...words)).answer.map(({ label }: { label: string }) => label);
    expect(await labels("--from", "2030-01-01", "--to", "2030-01-01")).toEqual(["INV-2030-1"]);
    expect(await labels("--from", "2030-01-02")).toEqual([]);
    expect(await labels("--to", "2029-12-31")).toEqual([]);
    expect((await run("invoice", "list", "--order", order_id)).answer).toHaveLength(1);
    expect((await run("invoice", "list", "--kind", "credit_note")).answer).toEqual([]);
    expect((await run("invoice", "show", 1)).answer.document.total).toBe(120);
    expect((await issueInvoice(shop, order_id)).id).toBe(1);
  });

  test("a mail of each kind is tried, or of one", async () => {
    const { shop } = await shopWithDelivery();
    const sent: { to: string; subject: string }[] = [];
    const trying = { ...shop, sendMail: async (mail: { to: string; subject: string }) => void sent.push(mail) };
    await runCommand(trying, ["mail", "test", "me@example.com"]);
    expect(sent).toHaveLength(11);
    await runCommand(trying, ["mail", "test", "me@example.com", "--kind", "order_shipped"]);
    expect(sent.at(-1)).toMatchObject({ to: "me@example.com", subject: "A part of your order 1042 is on its way" });
    const failing = { ...shop, sendMail: async () => Promise.reject(new Error("550 no")) };
    expect((await runCommand(failing, ["mail", "test", "me@example.com"])).failed).toBeDefined();
  });

  test("templates are written into a folder, and what was changed there stays", async () => {
    const { run } = await shopWithDelivery();
    const folder = newFolder();
    await Bun.write(join(folder, "footer.txt"), "mine");
    await run("mail", "templates", folder);
    expect(readdirSync(folder)).toContain("order_confirmed.html");
    expect(readFileSync(join(folder, "footer.txt"), "utf8")).toBe("mine");
  });

  test("a person is exported and erased by e-mail, and erased only where that is meant", async () => {
    const { run, buyer } = await shopWithDelivery();
    expect((await run("user", "export", "asha@example.com")).answer.tables.users).toMatchObject([{ id: buyer.id }]);
    const erased = await run("user", "erase", "asha@example.com");
    expect(erased.answer).toEqual({ user_id: buyer.id });
    expect(erased.asked).toMatchObject([expect.stringContaining("asha@example.com")]);
    expect((await run("user", "export", "asha@example.com")).failed).toBeDefined();
  });
});
