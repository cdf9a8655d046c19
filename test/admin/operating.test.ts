import { describe, expect, test } from "bun:test";
import { buy } from "../support/buying";
import { createApp } from "../../src/app";
import { clientOf, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run, startServer } from "../support/program";
import { freshShop } from "../support/shop";

describe.each(engines)("what an admin looks after on $name", (engine) => {
  test("what was missed in the search, and the words that mean the same", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    await stockShelf(shop, { name: "Turmeric powder" });
    const find = async () => (await admin.get("/search?q=haldi")).body.length;
    expect(await find()).toBe(0);
    expect((await admin.post("/admin/search/synonyms", { phrases: ["haldi"], finds: ["turmeric"] })).status).toBe(201);
    expect(await find()).toBe(1);
    expect((await admin.get("/admin/search/synonyms")).body).toEqual([{ phrases: ["haldi"], finds: ["turmeric"] }]);
    expect((await admin.delete("/admin/search/synonyms/haldi")).status).toBe(204);
    expect((await admin.delete("/admin/search/synonyms/haldi")).status).toBe(404);
    expect((await admin.post("/admin/search/synonyms", { phrases: ["one"] })).status).toBe(422);
    expect((await admin.get("/admin/search/misses?size=5")).headers.get("x-total-count")).toMatch(/^\d+$/);
    expect((await admin.get("/admin/search/synonyms/proposals")).body).toEqual([]);
  });

  test("the settings in force, with secrets masked, and whether everything adds up", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { body } = await admin.get("/admin/settings");
    expect(body).toContainEqual(expect.objectContaining({ name: "STOCK_LOW_AT", value: "5", from: "default" }));
    expect((await admin.get("/admin/doctor")).body).toEqual({ healthy: true, problems: [] });
    await stockShelf(shop);
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET on_hand = on_hand + 1"));
    expect((await admin.get("/admin/doctor")).body).toMatchObject({ healthy: false, problems: [{ repairable: true }] });
  });

  test("no fault of the server where the doctor can't be asked, or backups go nowhere", async () => {
    const shop = await freshShop(engine);
    const dumb = { ...shop, command: ["false"], log: () => {} };
    const admin = await newClient(shop, { admin: true });
    const there = clientOf({ app: createApp(dumb) }, admin.token);
    expect(await there.get("/admin/doctor")).toMatchObject({ status: 409, body: { code: "conflict" } });
    // Beside a file there is a place for them.
    expect((await there.get("/admin/backups")).status).toBe(engine.name === "sqlite" ? 200 : 409);
  });

  test("what a refund would come to, which is what it then comes to", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { price: 33.33 });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const { order_id } = (await buy(await newBuyer(shop), [{ id: mug.id, qty: 3 }], { coupon_code: "TEN" })).body;
    await admin.post(`/orders/${order_id}/shipment`);
    await admin.post(`/orders/${order_id}/delivery`);
    const { body: quoted } = await admin.get(`/orders/${order_id}/refund-quote?lines=1:2`);
    const { body: order } = await admin.post(`/orders/${order_id}/refund`, { lines: [{ line: 1, qty: 2 }] });
    expect(quoted).toEqual({ amount: order.refunds[0].amount, left: order.total_amount, currency: "INR" });
    expect((await admin.get(`/orders/${order_id}/refund-quote?lines=1:2`)).status).toBe(422);
    expect((await admin.get(`/orders/${order_id}/refund-quote?lines=one`)).status).toBe(422);
    expect((await admin.get("/orders/999/refund-quote")).status).toBe(404);
  });

  test("what goods would come to at a place, with each way of delivery and the taxes there", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { price: 100 });
    await admin.post("/shipping-methods", { name: "Post", price: 40, countries: ["IN"] });
    await admin.post("/shipping-methods", { name: "Bike", price: 90, pincodes: ["411"] });
    await admin.post("/tax-rates", { name: "GST", percent: 10, country: "IN" });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const at = (rest: string) => admin.get(`/orders/quote?lines=${mug.id}:2&country=IN${rest}`);
    const { body } = await at("&pincode=411001&coupon_code=TEN");
    expect(body).toMatchObject({ subtotal: 200, discount: 20, shipping: 40, coupon_code: "TEN" });
    expect(body.shipping_methods.map(({ name }: { name: string }) => name)).toEqual(["Post", "Bike"]);
    expect(body.taxes).toMatchObject([{ name: "GST", percent: 10 }]);
    expect((await at("&pincode=560001")).body.shipping_methods).toHaveLength(1);
    expect((await admin.get("/orders/quote?lines=999:1")).status).toBe(404);
    const { text } = await runCommand(shop, [
      "order",
      "quote",
      `${mug.id}:2`,
      "--user",
      admin.id,
      "--pincode",
      "411001",
    ]);
    expect(text).toMatch(/Delivery\s+40/);
  });
});

test("a backup is made when an admin asks for one, by the program itself, and is listed", async () => {
  const env = { DATABASE_URL: `sqlite:///${newFolder()}/shop.db` };
  const words = ["user", "create", "keeper@example.com", "--admin", "--name", "Keeper", "--password-stdin"];
  expect((await run(words, { env, stdin: "a long enough one\n" })).exitCode).toBe(0);
  const server = await startServer({ env });
  const ask = (method: string, path: string, token = "", body?: unknown) =>
    fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const account = { email: "keeper@example.com", password: "a long enough one" };
  const { access_token } = (await (await ask("POST", "/auth/login", "", account)).json()) as { access_token: string };
  expect((await ask("POST", "/admin/backups", access_token)).status).toBe(202);
  let backups: unknown[] = [];
  for (let tries = 0; tries < 400 && backups.length === 0; tries++) {
    await Bun.sleep(50);
    backups = (await (await ask("GET", "/admin/backups", access_token)).json()) as unknown[];
  }
  expect(backups).toMatchObject([{ engine: "sqlite" }]);
  // The doctor of a served shop has a process of its own.
  expect(await (await ask("GET", "/admin/doctor", access_token)).json()).toEqual({ healthy: true, problems: [] });
  await server.stop();
}, 60_000);
