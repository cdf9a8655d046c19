import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createApp } from "../../src/app";
import { examine } from "../../src/doctor/doctor";
import { exportOrders } from "../../src/exports/orders";
import { sumUpOrders } from "../../src/orders/orders";
import { objectFrom } from "../../src/storage/database";
import { changeCurrency, checkCurrency } from "../../src/storefront/currency";
import { buy } from "../support/buying";
import { clientOf, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run, startServer } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(120_000);

/** The same shop as a program with another CURRENCY sees it. */
function priced(shop: TestShop, currency: string, minorPerMajor: number) {
  const other = { ...shop, settings: { ...shop.settings, currency, minorPerMajor } };
  return { ...other, app: createApp(other) };
}

/** Why something is refused; nothing where it is not. */
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe.each(engines)("what prices are in on $name", (engine) => {
  test("a shop opens in no other currency than its prices are in, and says which command changes them", async () => {
    const place = await engine.newPlace();
    const cwd = newFolder();
    const sanset = (words: string, currency: string) =>
      run(words.split(" "), { cwd, env: { DATABASE_URL: place.url, CURRENCY: currency } });
    const none = await run("user create om@example.com --name Om --admin --password-stdin".split(" "), {
      cwd,
      env: { DATABASE_URL: place.url },
      stdin: "a long enough one",
    });
    expect(none.exitCode).toBe(0);
    // Nothing has a price yet.
    expect((await sanset("product create Tea --slug tea --category Tea --price 40.5", "EUR")).exitCode).toBe(0);
    for (const words of ["serve --port 0", "product list", "product edit tea --price 5", "seed --orders 0 --yes"]) {
      const { exitCode, err } = await sanset(words, "JPY");
      expect([words, exitCode]).toEqual([words, 1]);
      expect(err).toContain("The prices of this shop are in EUR, but CURRENCY says JPY.");
      expect(err).toContain("set CURRENCY=EUR");
      expect(err).toContain("sanset currency --rate RATE");
    }
    expect(JSON.parse((await sanset("currency --json", "JPY")).out)).toEqual({ prices: "EUR", setting: "JPY" });
    expect((await sanset("doctor", "JPY")).exitCode).toBe(0);
    expect((await sanset("migrate up", "JPY")).exitCode).toBe(0);
    const server = await startServer({ cwd, env: { DATABASE_URL: place.url, CURRENCY: "EUR" } });
    expect((await sanset("currency --rate 160.4 --yes", "JPY")).err).toContain("Stop the shop");
    await server.stop();
    expect((await sanset("currency --rate 160.4 --yes", "JPY")).out).toContain("The prices are in JPY now");
    const { out } = await sanset("product show tea --json", "JPY");
    expect(JSON.parse(out).price).toBe(6_496);
    expect((await sanset("product list", "EUR")).err).toContain("are in JPY, but CURRENCY says EUR");
    await place.remove();
  });

  test("all that is for sale costs the same in another currency; what was sold stays in its own", async () => {
    const shop = await freshShop(engine, { CURRENCY: "INR" });
    await checkCurrency(shop, { isLook: false });
    const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
    const mug = await stockShelf(shop, { price: 40.5, compare_at_price: 40.7 });
    const cheap = await stockShelf(shop, { price: 0 });
    const { body: shirt } = await admin.post("/products", {
      slug: "shirt",
      name: "Shirt",
      category: "Clothes",
      option_names: ["Size"],
    });
    for (const [size, price] of Object.entries({ M: 100, L: 120.25 }))
      await admin.post("/products", { parent_id: shirt.id, options: { Size: size }, price, compare_at_price: 200 });
    await admin.post("/coupons", { code: "OFF", amount: 50, min_total: 500 });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    await admin.post("/shipping-methods", {
      name: "Post",
      price: 10,
      price_per_kg: 4,
      free_from: 999,
      max_total: 5_000,
    });
    const { order_id } = (await buy(buyer, [{ id: mug.id, qty: 2 }], { expected_total: 91 })).body;
    await buyer.post("/cart/add", { product_id: mug.id });
    const japan = priced(shop, "JPY", 1);
    expect(await refusal(checkCurrency(japan, { isLook: true }))).toContain("are in INR, but CURRENCY says JPY");
    expect(await refusal(changeCurrency(japan, "0.001"))).toContain(`product ${mug.id} would cost nothing`);
    expect(await refusal(changeCurrency(japan, "9999999"))).toContain("more than a price may be");
    for (const rate of ["0", "1,8", "-1", "1e3", ""])
      expect(await refusal(changeCurrency(japan, rate))).toContain("Give a rate");
    expect(await refusal(changeCurrency(shop, "2"))).toContain("Set CURRENCY to the new one first");
    const before = (await admin.get(`/products/${mug.id}`)).headers.get("etag");
    const gone = await stockShelf(shop, { price: 10 });
    await admin.delete(`/products/${gone.id}`);
    const told = () =>
      shop.database.all<{ data: unknown }>("SELECT data FROM outbox WHERE type = 'product.changed' ORDER BY id");
    const toldBefore = (await told()).length;
    expect(await changeCurrency(japan, "1.8")).toMatchObject({
      from: "INR",
      to: "JPY",
      changed: { products: 6, coupons: 2, shipping_methods: 1 },
    });
    // Whoever keeps prices elsewhere hears of each, variants too, but for what has left the catalog.
    const heard = (await told()).slice(toldBefore).map(({ data }) => objectFrom(data)["product_id"]);
    const { variants } = (await admin.get(`/products/${shirt.id}`)).body;
    expect(heard).toEqual([mug.id, cheap.id, shirt.id, ...variants.map(({ id }: { id: number }) => id)]);
    expect(await examine(japan)).toEqual([]);
    await checkCurrency(japan, { isLook: true });
    const look = clientOf(japan, admin.token);
    const shown = await look.get(`/products/${mug.id}`);
    // 72.9 and 73.26 are one price now, so nothing is crossed out.
    expect(shown.body).toMatchObject({ price: 73, compare_at_price: null });
    expect(shown.headers.get("etag")).not.toBe(before);
    expect((await look.get(`/products/${cheap.id}`)).body.price).toBe(0);
    expect((await look.get(`/products/${shirt.id}`)).body).toMatchObject({
      price: 180,
      highest_price: 216,
      variants: [
        { price: 180, compare_at_price: 360 },
        { price: 216, compare_at_price: 360 },
      ],
    });
    expect((await look.get("/coupons")).body).toContainEqual(
      expect.objectContaining({ code: "OFF", amount: 90, min_total: 900 }),
    );
    expect((await look.get("/shipping-methods")).body).toMatchObject([
      { price: 18, price_per_kg: 7, free_from: 1_798, min_total: null, max_total: 9_000 },
    ]);
    expect((await clientOf(japan, buyer.token).get("/cart")).body).toMatchObject({ total: 73, notices: [] });
    expect((await look.get(`/orders/${order_id}`)).body).toMatchObject({ currency: "INR", total_amount: 91 });
    const [line] = (await Array.fromAsync(exportOrders(japan, "jsonl"))).join("").split("\n");
    expect(JSON.parse(line ?? "")).toMatchObject({ currency: "INR", total: 91, lines: [{ price: 40.5 }] });
    expect(await sumUpOrders(japan, {})).toEqual({ orders: 0, total: 0, paid: 0, discounts: 0, currency: "JPY" });
    expect(await sumUpOrders(shop, {})).toMatchObject({ orders: 1, total: 91, currency: "INR" });
  });

  test("a shop of before sells in what it sold in last", async () => {
    const shop = await freshShop(engine, { CURRENCY: "EUR" });
    await buy(await newBuyer(shop), [await stockShelf(shop)]);
    const script = await Bun.file("src/storage/migrations/0280_currency.sql").text();
    const insert = script.slice(script.indexOf("INSERT"));
    await shop.database.transaction((tx) => tx.run(insert.replace(/;\s*$/, "")));
    expect(await refusal(checkCurrency(priced(shop, "INR", 100), { isLook: true }))).toContain("are in EUR");
  });

  test("a look writes nothing down that nobody has said", async () => {
    const shop = await freshShop(engine);
    const written = () => shop.database.all("SELECT currency FROM shop_currency");
    await checkCurrency(shop, { isLook: true });
    expect(await written()).toEqual([]);
    await checkCurrency(shop, { isLook: false });
    expect(await written()).toEqual([{ currency: "INR" }]);
  });
});
