import { describe, expect, test } from "bun:test";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

describe.each(engines)("a delivery and a stocktake on $name", (engine) => {
  test("are previewed, then written down whole, each with its row in the ledger", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { stock: 10, sku: "MUG-1" });
    const cup = await stockShelf(shop, { stock: 3 });
    await buy(await newBuyer(shop), [{ id: mug.id, qty: 4 }]);
    const lines = [
      { product: "mug-1", counted: 9 },
      { product: String(cup.id), delta: 7 },
    ];
    const body = { lines, reason: "Stocktake" };
    const preview = await admin.post("/admin/stock/changes", { ...body, dry_run: true });
    const changed = [
      { product_id: mug.id, before: 10, after: 9, reserved: 4 },
      { product_id: cup.id, before: 3, after: 10, reserved: 0 },
    ];
    expect(preview.body).toMatchObject({ applied: false, lines: changed });
    expect((await admin.get(`/admin/stock/${mug.id}`)).body).toMatchObject({ on_hand: 10, reserved: 4, stock: 6 });
    expect((await admin.post("/admin/stock/changes", body)).body).toMatchObject({ applied: true, lines: changed });
    expect((await admin.get(`/admin/stock/${mug.id}`)).body).toMatchObject({ on_hand: 9, reserved: 4, stock: 5 });
    const { body: moves } = await admin.get(`/admin/stock/${mug.id}/moves`);
    expect(moves).toMatchObject([
      { cause: "adjusted", change: -1, note: "Stocktake" },
      { cause: "opening", change: 10 },
    ]);
    expect((await admin.get("/admin/stock?q=mug-1")).body).toMatchObject([{ product_id: mug.id, stock: 5 }]);
  });

  test("happen whole or not at all, and take nothing that is reserved", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const [mug, cup] = [await stockShelf(shop), await stockShelf(shop)];
    await buy(await newBuyer(shop), [{ id: cup.id, qty: 4 }]);
    const before = await admin.get("/admin/stock");
    const ask = (...lines: object[]) => admin.post("/admin/stock/changes", { lines, reason: "counted" });
    const good = { product: String(mug.id), counted: 50 };
    expect((await ask(good, { product: String(cup.id), counted: 3 })).status).toBe(409);
    expect((await ask(good, { product: "nothing", counted: 3 })).body).toMatchObject({ code: "not_found" });
    expect((await ask(good, good)).status).toBe(422);
    expect((await ask({ product: String(mug.id), counted: 3, delta: 1 })).status).toBe(422);
    expect((await admin.get("/admin/stock")).body).toEqual(before.body);
  });

  test("are written down by a command too", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 10 });
    const dry = await runCommand(shop, ["stock", "count", `${mug.id}=12`, "--dry-run"]);
    expect(dry.text).toContain("dry run");
    await runCommand(shop, ["stock", "receive", `${mug.id}=5`, "--reason", "Invoice 7"]);
    const { text } = await runCommand(shop, ["stock", "moves", String(mug.id)]);
    expect(text).toMatch(/received\s+5\s+Invoice 7/);
    expect((await runCommand(shop, ["stock", "show", String(mug.id)])).text).toContain("15");
  });
});
