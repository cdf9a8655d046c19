import { describe, expect, test } from "bun:test";
import { layOutFor } from "../../cli/screen";
import { buy } from "../support/buying";
import { type Client, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { eventsOf } from "../support/outbox";
import { freshShop } from "../support/shop";

const adjust = (admin: Client, id: number, delta: number) =>
  admin.post(`/admin/stock/${id}/adjustment`, { delta, reason: "counted" });

describe.each(engines)("stock that runs low on $name", (engine) => {
  test("is told once when a sale brings it to the threshold, not above it and not again below it", async () => {
    const shop = await freshShop(engine);
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop, { stock: 7 });
    const told: unknown[][] = [];
    for (let sold = 0; sold < 3; sold++) {
      expect((await buy(buyer, [mug])).status).toBe(201);
      told.push(await eventsOf(shop, "stock.low"));
    }
    const low = { product_id: mug.id, available: 5 };
    expect(told).toEqual([[], [low], [low]]);
  });

  test("is told with what is left where one sale leaps over the threshold, of each product in it", async () => {
    const shop = await freshShop(engine);
    const [mug, cup, pot] = [await stockShelf(shop), await stockShelf(shop), await stockShelf(shop)];
    const lines = [
      { id: mug.id, qty: 8 },
      { id: cup.id, qty: 4 },
      { id: pot.id, qty: 10 },
    ];
    expect((await buy(await newBuyer(shop), lines)).status).toBe(201);
    expect(await eventsOf(shop, "stock.low")).toEqual([
      { product_id: mug.id, available: 2 },
      { product_id: pot.id, available: 0 },
    ]);
  });

  test("is told again once it was filled up and has fallen anew, by an adjustment or by a new number", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop, { stock: 8 });
    const events = async () => (await eventsOf(shop, "stock.low")).length;
    const counts: number[] = [];
    for (const delta of [-2, -1, -1, 2, -1]) {
      expect((await adjust(admin, id, delta)).status).toBe(200);
      counts.push(await events());
    }
    expect(counts).toEqual([0, 1, 1, 1, 2]);
    for (const stock of [6, 5, 4, 40, 0]) {
      expect((await admin.patch(`/products/${id}`, { stock })).status).toBe(200);
      counts.push(await events());
    }
    expect(counts.slice(5)).toEqual([2, 3, 3, 3, 4]);
    expect((await eventsOf(shop, "stock.low")).at(-1)).toEqual({ product_id: id, available: 0 });
  });

  test("counts what is reserved as gone, also when the shelf is adjusted", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { stock: 10 });
    await buy(await newBuyer(shop), [{ id: mug.id, qty: 4 }]);
    expect(await eventsOf(shop, "stock.low")).toEqual([]);
    await adjust(admin, mug.id, -1);
    expect(await eventsOf(shop, "stock.low")).toEqual([{ product_id: mug.id, available: 5 }]);
  });

  test("is not told by a checkout that is refused", async () => {
    const shop = await freshShop(engine);
    const [mug, cup] = [await stockShelf(shop, { stock: 6 }), await stockShelf(shop, { stock: 1 })];
    expect((await buy(await newBuyer(shop), [mug, { id: cup.id, qty: 2 }])).status).toBe(409);
    expect(await eventsOf(shop, "stock.low")).toEqual([]);
  });

  test("is told from where the shop says, and with 0 never", async () => {
    for (const [STOCK_LOW_AT, told] of [
      ["2", [{ available: 2 }]],
      ["0", []],
    ] as const) {
      const shop = await freshShop(engine, { STOCK_LOW_AT });
      const buyer = await newBuyer(shop);
      const mug = await stockShelf(shop, { stock: 4 });
      for (let sold = 0; sold < 4; sold++) expect((await buy(buyer, [mug])).status).toBe(201);
      expect(await eventsOf(shop, "stock.low")).toMatchObject(told);
      expect(await eventsOf(shop, "stock.low")).toHaveLength(told.length);
    }
  });

  test("is told of the variant that is low, not of its parent", async () => {
    const shop = await freshShop(engine);
    const kurta = await stockShelf(shop, { option_names: ["Size"], stock: 0, price: 0 });
    const small = await stockShelf(shop, { parent_id: kurta.id, options: { Size: "S" }, stock: 6 });
    await buy(await newBuyer(shop), [small]);
    expect(await eventsOf(shop, "stock.low")).toEqual([{ product_id: small.id, available: 5 }]);
  });

  test("is listed for admins, the lowest first, a page at a time, without what has left the catalog", async () => {
    const shop = await freshShop(engine, { STOCK_LOW_AT: "3" });
    const admin = await newClient(shop, { admin: true });
    const four = await stockShelf(shop, { stock: 4 });
    const three = await stockShelf(shop, { stock: 3, name: "Cup", slug: "cup", sku: "CUP-1" });
    const kurta = await stockShelf(shop, { option_names: ["Size"], stock: 0, price: 0 });
    const none = await stockShelf(shop, { parent_id: kurta.id, options: { Size: "S" }, stock: 0 });
    const gone = await stockShelf(shop, { stock: 1 });
    await admin.delete(`/products/${gone.id}`);
    const sold = await stockShelf(shop, { stock: 5 });
    await buy(await newBuyer(shop), [{ id: sold.id, qty: 3 }]);
    const { status, body, headers } = await admin.get("/admin/stock/low");
    expect(status).toBe(200);
    expect(body.map((line: { product_id: number }) => line.product_id)).toEqual([none.id, sold.id, three.id]);
    expect(body[1]).toMatchObject({ on_hand: 5, reserved: 3, stock: 2, low_at: 3, sku: null });
    const cup = { product_id: three.id, slug: "cup", name: "Cup", sku: "CUP-1", on_hand: 3, reserved: 0, stock: 3 };
    expect(body[2]).toEqual({ ...cup, low_at: 3 });
    expect(headers.get("x-total-count")).toBe("3");
    expect((await admin.get("/admin/stock/low?size=1&page=3")).body).toMatchObject([{ product_id: three.id }]);
    expect((await (await newClient(shop)).get("/admin/stock/low")).status).toBe(403);
    await adjust(admin, four.id, -1);
    expect((await admin.get("/admin/stock/low")).body).toHaveLength(4);
  });

  test("is shown by commands that fit a terminal, by id, slug, sku or barcode", async () => {
    const shop = await freshShop(engine);
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    expect((await run("stock", "list")).text).toBe("There are no products.");
    expect((await run("stock", "low")).text).toBe("Nothing is low.");
    const codes = { sku: `TEA-${"9".repeat(40)}`, barcode: "4006381333931" };
    const tea = await stockShelf(shop, { slug: "tea", name: "Tea ".repeat(40).trim(), stock: 1_000_000_000, ...codes });
    const mug = await stockShelf(shop, { name: "Mug", slug: "mug", stock: 5 });
    layOutFor({ columns: 80, rows: 24, timeZone: "UTC" });
    const listed = await run("stock", "list").finally(() => layOutFor(undefined));
    expect(listed.answer.map((line: { product_id: number }) => line.product_id)).toEqual([tea.id, mug.id]);
    expect(listed.text).toMatch(/^ID +TO SELL +ON HAND +RESERVED +SKU +NAME\n.*Tea Tea.*…\n.* - +Mug\n2 in all\.$/);
    for (const line of listed.text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect((await run("stock", "list", "--limit", 1, "--page", 2)).answer).toMatchObject([{ product_id: mug.id }]);
    const low = await run("stock", "low");
    expect(low.answer).toMatchObject([{ product_id: mug.id, stock: 5, low_at: 5 }]);
    expect(low.text).toMatch(/Mug\n1 in all\.$/);
    for (const name of [tea.id, "tea", codes.sku, codes.barcode]) {
      expect((await run("stock", "show", name)).answer).toMatchObject({ product_id: tea.id, variants: [] });
    }
    expect((await run("stock", "show", "coffee")).failed).toBe("There is no such product.");
  });

  test("of a product with variants is shown for each of them", async () => {
    const shop = await freshShop(engine);
    const kurta = await stockShelf(shop, { slug: "kurta", name: "Kurta", option_names: ["Size"], stock: 0, price: 0 });
    await stockShelf(shop, { parent_id: kurta.id, slug: "kurta-s", options: { Size: "S" }, stock: 6 });
    await stockShelf(shop, { parent_id: kurta.id, slug: "kurta-m", options: { Size: "M" }, stock: 2 });
    const shown = await runCommand(shop, ["stock", "show", "kurta"]);
    expect(shown.answer).toMatchObject({ stock: 8, variants: [{ stock: 6 }, { stock: 2 }] });
    expect(shown.text).toMatch(/^Kurta: 8 on hand, 0 reserved, 8 to sell\nID.*\n.*Kurta, S\n.*Kurta, M$/);
  });

  test("may be another number for a product: it is told then, listed then, and 0 is never", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const rice = await stockShelf(shop, { slug: "rice", stock: 21, low_stock_at: 20 });
    const vase = await stockShelf(shop, { slug: "vase", stock: 6 });
    const mug = await stockShelf(shop, { slug: "mug", stock: 6 });
    expect((await admin.patch(`/products/${vase.id}`, { low_stock_at: 0 })).body).toMatchObject({ low_stock_at: 0 });
    for (const { id } of [rice, vase, mug]) expect((await buy(buyer, [{ id, qty: 1 }])).status).toBe(201);
    await adjust(admin, vase.id, -5);
    expect(await eventsOf(shop, "stock.low")).toEqual([
      { product_id: rice.id, available: 20 },
      { product_id: mug.id, available: 5 },
    ]);
    const listed = (await admin.get("/admin/stock/low")).body;
    expect(listed).toMatchObject([
      { product_id: vase.id, stock: 0, low_at: 0 },
      { product_id: mug.id, stock: 5, low_at: 5 },
      { product_id: rice.id, stock: 20, low_at: 20 },
    ]);
    await runCommand(shop, ["product", "edit", "rice", "--low-at", "19"]);
    expect((await admin.get(`/products/${rice.id}`)).body.low_stock_at).toBe(19);
    expect((await admin.get("/admin/stock/low")).body).toHaveLength(2);
    await admin.patch(`/products/${rice.id}`, { stock: 19 });
    expect((await eventsOf(shop, "stock.low")).at(-1)).toEqual({ product_id: rice.id, available: 19 });
    expect((await runCommand(shop, ["product", "edit", "rice", "--low-at", "usual"])).answer.low_stock_at).toBeNull();
    expect((await runCommand(shop, ["product", "edit", "rice", "--low-at", "-1"])).failed).toBeDefined();
    expect((await admin.patch(`/products/${rice.id}`, { low_stock_at: 1.5 })).status).toBe(422);
  });

  test("of its own a product with variants has none, and a change of many gives it to them", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const kurta = await stockShelf(shop, { option_names: ["Size"], stock: 0, price: 0 });
    const small = await stockShelf(shop, { parent_id: kurta.id, options: { Size: "S" }, stock: 6, low_stock_at: 3 });
    const mug = await stockShelf(shop, { stock: 6 });
    expect((await admin.patch(`/products/${kurta.id}`, { low_stock_at: 9 })).status).toBe(409);
    const { variants: _, images: _none, ...read } = (await admin.get(`/products/${small.id}`)).body;
    expect(read.low_stock_at).toBe(3);
    const asked = { filter: { ids: [kurta.id, mug.id] }, change: { low_stock_at: 9 } };
    const { confirm, changes } = (await admin.patch("/admin/products", asked)).body;
    expect(changes).toMatchObject([
      { product_id: small.id, before: { low_stock_at: 3 }, after: { low_stock_at: 9 } },
      { product_id: mug.id, before: { low_stock_at: null }, after: { low_stock_at: 9 } },
    ]);
    expect((await admin.patch("/admin/products", { ...asked, confirm })).body.applied).toBe(true);
    expect((await admin.get("/admin/stock/low")).body).toMatchObject([
      { product_id: small.id },
      { product_id: mug.id },
    ]);
    expect((await admin.get(`/products/${kurta.id}`)).body.low_stock_at).toBeNull();
  });
});
