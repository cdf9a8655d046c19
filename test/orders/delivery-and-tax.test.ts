import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { SaleLine } from "../../src/orders/line-queries";
import { quote } from "../../src/orders/quote";
import type { TaxLine } from "../../src/tax/schema";
import { buy, type Buyer, checkOut, expectSound } from "../support/buying";
import { type Client, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

setDefaultTimeout(60_000);

/** The most units of one product, at a price at which eleven such lines are more than is counted exactly. */
const DEAR: SaleLine = {
  product_id: 1,
  qty: 10_000,
  price_minor: 90_000_000_000,
  name: "Car",
  sku: null,
  slug: "car",
  category: "Cars",
  options: {},
  image_url: null,
  tax_class: "standard",
  weight_grams: 0,
};

const newMethod = async (admin: Client, method: object) => {
  const { status, body } = await admin.post("/shipping-methods", { price: 0, ...method });
  expect(status).toBe(201);
  return body;
};

const addressIn = async (buyer: Buyer, place: object) =>
  (
    await buyer.post("/orders/addresses", {
      label: "Home",
      address_line: "1",
      city: "Pune",
      pincode: "411001",
      ...place,
    })
  ).body.id as number;

describe.each(engines)("delivery and tax on $name", (engine) => {
  async function setUp(settings: Record<string, string> = {}) {
    const shop = await freshShop(engine, settings);
    return { shop, buyer: await newBuyer(shop), admin: await newClient(shop, { admin: true }) };
  }

  test("with nothing configured a quote is the cart, and delivery is free", async () => {
    const { shop, buyer } = await setUp();
    const mug = await stockShelf(shop, { price: 40.5 });
    const empty = (await buyer.post("/cart/quote", {})).body;
    expect(empty).toMatchObject({ subtotal: 0, total: 0, shipping_methods: [], taxes: [] });
    await buyer.post("/cart/add", { product_id: mug.id, qty: 2 });
    const { status, body } = await buyer.post("/cart/quote");
    expect([status, body]).toEqual([
      200,
      {
        subtotal: 81,
        discount: 0,
        shipping: 0,
        tax: 0,
        tax_included: 0,
        total: 81,
        currency: "INR",
        coupon_code: null,
        shipping_method_id: null,
        cart_version: (await buyer.get("/cart")).body.version,
        taxes: [],
        shipping_methods: [],
      },
    ]);
    const order = await checkOut(buyer, { expected_total: body.total });
    expect((await buyer.get(`/orders/${order.body.order_id}`)).body).toMatchObject({
      shipping: 0,
      tax: 0,
      tax_included: 0,
      taxes: [],
      shipping_method: null,
      total_amount: 81,
      amount_due: 81,
    });
  });

  test("ways of delivery reach countries, states and pincodes, and hold for sums and weights", async () => {
    const { shop, buyer, admin } = await setUp();
    const brick = await stockShelf(shop, { price: 100, weight_grams: 1_500 });
    const everywhere = await newMethod(admin, {
      name: "Post",
      price: 80,
      price_per_kg: 10,
      free_from: 300,
      max_grams: 4_500,
    });
    const local = await newMethod(admin, {
      name: "Bike",
      price: 20,
      countries: ["in"],
      states: ["maharashtra"],
      pincodes: ["411 0", "412"],
      delivery_minutes: 60,
    });
    const costly = await newMethod(admin, { name: "Gold", price: 5, min_total: 300, max_total: 500 });
    await newMethod(admin, { name: "Off", price: 0, is_active: false });
    const offers = async (place: object, qty: number) => {
      await buyer.put(`/cart/items/${brick.id}`, { qty });
      const { body } = await buyer.post("/cart/quote", place);
      return body.shipping_methods?.map(({ id, price }: { id: number; price: number }) => [id, price]) ?? body.code;
    };
    const pune = { country: "IN", state: "Mahārāshtra", pincode: "411-001" };
    expect(await offers(pune, 1)).toEqual([
      [local.id, 20],
      [everywhere.id, 100],
    ]);
    expect(await offers({ ...pune, pincode: "413001" }, 1)).toEqual([[everywhere.id, 100]]);
    expect(await offers({ ...pune, state: "Goa" }, 1)).toEqual([[everywhere.id, 100]]);
    expect(await offers({ country: "DE", pincode: "411001" }, 2)).toEqual([[everywhere.id, 110]]);
    // What is not known of a place is not among those that ask for it.
    expect(await offers({}, 1)).toEqual([[everywhere.id, 100]]);
    expect(await offers({}, 3)).toEqual([
      [everywhere.id, 0],
      [costly.id, 5],
    ]);
    expect(await offers({}, 4)).toEqual([[costly.id, 5]]);
    expect(await offers(pune, 6)).toEqual([[local.id, 20]]);
    expect(await offers({ country: "DE" }, 6)).toBe("no_delivery");
    const { body } = await buyer.post("/cart/quote", { ...pune, shipping_method_id: local.id });
    const [bike] = body.shipping_methods;
    expect(Date.parse(bike.delivery_eta) - shop.now().getTime()).toBe(3_600_000);
    expect((await buyer.post("/cart/quote", { ...pune, shipping_method_id: costly.id })).body.errors).toMatchObject([
      { path: "shipping_method_id" },
    ]);
  });

  test("a coupon lowers what the goods cost before the ways of delivery look at it", async () => {
    const { shop, buyer, admin } = await setUp();
    const [brick, nail] = [
      await stockShelf(shop, { price: 30, weight_grams: 1_000 }),
      await stockShelf(shop, { price: 40, weight_grams: 500 }),
    ];
    await newMethod(admin, { name: "Post", price: 7, price_per_kg: 1, free_from: 100 });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    await buyer.post("/cart/add", { product_id: brick.id, qty: 2 });
    await buyer.post("/cart/add", { product_id: nail.id });
    const shipping = async (more: object) => (await buyer.post("/cart/quote", more)).body.shipping;
    expect(await shipping({})).toBe(0);
    // Two and a half kilos are three begun ones.
    expect(await shipping({ coupon_code: "TEN" })).toBe(10);
  });

  test("what an admin takes off an order falls on all its lines, and delivers where nothing of the shop's does", async () => {
    const { shop, buyer, admin } = await setUp();
    const [mug, pot] = [await stockShelf(shop, { price: 30 }), await stockShelf(shop, { price: 60 })];
    await newMethod(admin, { name: "Post", price: 7, countries: ["DE"] });
    const lines = [mug, pot].map(({ id }) => ({ product_id: id, qty: 1 }));
    const order = { user_id: buyer.id, address_id: buyer.address_id, lines, discount: 9 };
    expect((await admin.post("/orders", order)).body.code).toBe("no_delivery");
    expect((await admin.post("/orders", { ...order, shipping: 5 })).body).toMatchObject({
      discount: 9,
      shipping: 5,
      shipping_method: null,
      total_amount: 86,
      items: [{ discount: 3 }, { discount: 6 }],
    });
    await expectSound(shop);
  });

  test("what comes to more than is counted exactly is no order, whatever is taken off or put on", async () => {
    const { shop, buyer } = await setUp();
    const ask = (lines: number, given: { discount_minor?: number; shipping_minor?: number } = {}) =>
      quote(shop, shop.database, {
        user_id: buyer.id,
        place: { country: "IN" },
        given,
        lines: Array.from({ length: lines }, () => DEAR),
      }).then(
        ({ price }) => price.total_minor,
        ({ code }) => code,
      );
    expect(await ask(10)).toBe(9_000_000_000_000_000);
    expect(await ask(11)).toBe("invalid");
    expect(await ask(11, { discount_minor: 9_900_000_000_000_000 })).toBe("invalid");
    expect(await ask(10, { shipping_minor: 90_000_000_000_000 })).toBe("invalid");
  });

  test("nothing is offered for a cart with nothing in it", async () => {
    const { buyer, admin } = await setUp();
    await newMethod(admin, { name: "Post", price: 4.99 });
    expect((await buyer.post("/cart/quote", {})).body).toMatchObject({ total: 0, shipping_methods: [] });
  });

  test("checkout takes the way that is chosen, else the cheapest, and none where none reaches", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 100, stock: 50 });
    const [second, first] = [
      await newMethod(admin, { name: "Second", price: 40, position: 2, countries: ["IN"] }),
      await newMethod(admin, { name: "First", price: 40, position: 1, countries: ["IN"] }),
    ];
    const cheapest = await buy(buyer, [mug]);
    expect(cheapest.body.total_amount).toBe(140);
    expect((await buyer.get(`/orders/${cheapest.body.order_id}`)).body).toMatchObject({
      shipping: 40,
      shipping_method: { id: first.id, name: "First" },
    });
    const chosen = await buy(buyer, [mug], { shipping_method_id: second.id });
    await admin.patch(`/shipping-methods/${second.id}`, { name: "Renamed", price: 99 });
    await admin.delete(`/shipping-methods/${second.id}`);
    expect((await buyer.get(`/orders/${chosen.body.order_id}`)).body.shipping_method.name).toBe("Second");
    // An older client that expects the cart's total hears what the order comes to.
    await buyer.post("/cart/add", { product_id: mug.id });
    const surprised = await checkOut(buyer, { expected_total: 100 });
    expect([surprised.status, surprised.body.code, surprised.body.total]).toEqual([409, "price_changed", 140]);
    expect(surprised.body.detail).toContain("delivery 40");
    expect((await checkOut(buyer, { expected_total: 140 })).status).toBe(201);
    const abroad = await buy(buyer, [mug], { address_id: await addressIn(buyer, { country: "DE" }) });
    expect([abroad.status, abroad.body.code]).toEqual([409, "no_delivery"]);
    expect((await checkOut(buyer, { shipping_method_id: 999 })).status).toBe(422);
    await expectSound(shop);
  });

  test("the most specific place that has rates says what is taxed, class by class", async () => {
    const { shop, buyer, admin } = await setUp({ PRICES_INCLUDE_TAX: "off" });
    const mug = await stockShelf(shop, { price: 100 });
    const book = await stockShelf(shop, { price: 50, tax_class: "reduced" });
    const rate = (given: object) => admin.post("/tax-rates", given);
    await rate({ name: "VAT", percent: 10 });
    await rate({ name: "IGST", percent: 18, country: "in" });
    await rate({ name: "CGST", percent: 9, country: "IN", state: "Maharashtra" });
    await rate({ name: "SGST", percent: 9, country: "IN", state: "Maharashtra" });
    await rate({ name: "IGST", percent: 2.525, tax_class: "reduced", country: "IN" });
    const taxes = async (place: object) =>
      (await buyer.post("/cart/quote", place)).body.taxes.map(({ name, percent, base, tax }: TaxLine) => [
        name,
        percent,
        base,
        tax,
      ]);
    await buyer.post("/cart/add", { product_id: mug.id });
    await buyer.post("/cart/add", { product_id: book.id });
    expect(await taxes({ country: "DE" })).toEqual([["VAT", 10, 100, 10]]);
    expect(await taxes({ country: "IN", state: "Goa" })).toEqual([
      ["IGST", 2.525, 50, 1.26],
      ["IGST", 18, 100, 18],
    ]);
    expect(await taxes({ country: "IN", state: " maharashtra" })).toEqual([
      ["IGST", 2.525, 50, 1.26],
      ["CGST", 9, 100, 9],
      ["SGST", 9, 100, 9],
    ]);
    const { body } = await checkOut(buyer, {
      address_id: await addressIn(buyer, { country: "IN", state: "Maharashtra" }),
    });
    expect(body.total_amount).toBe(169.26);
    expect((await buyer.get(`/orders/${body.order_id}`)).body).toMatchObject({
      tax: 19.26,
      tax_included: 0,
      items: [{ tax: 18 }, { tax: 1.26 }],
    });
    await expectSound(shop);
  });

  test("taxes that are part of prices change no sum, and what an order was taxed with stays", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 118 });
    const [one] = [
      (await admin.post("/tax-rates", { name: "CGST", percent: 9 })).body,
      (await admin.post("/tax-rates", { name: "SGST", percent: 9 })).body,
    ];
    const { body } = await buy(buyer, [mug], { expected_total: 118 });
    await admin.patch(`/tax-rates/${one.id}`, { percent: 14, name: "Other" });
    await admin.delete(`/tax-rates/${one.id}`);
    expect((await admin.delete(`/tax-rates/${one.id}`)).status).toBe(404);
    expect((await buyer.get(`/orders/${body.order_id}`)).body).toMatchObject({
      total_amount: 118,
      tax: 0,
      tax_included: 18,
      taxes: [
        { name: "CGST", percent: 9, base: 118, tax: 9 },
        { name: "SGST", percent: 9, base: 118, tax: 9 },
      ],
    });
    await expectSound(shop);
  });

  test("all units and the delivery, paid back one by one, are the whole of a taxed and discounted order", async () => {
    const { shop, buyer, admin } = await setUp({ PRICES_INCLUDE_TAX: "off" });
    const mug = await stockShelf(shop, { price: 3.33 });
    const plate = await stockShelf(shop, { price: 10, category: "Sale" });
    await admin.post("/tax-rates", { name: "VAT", percent: 19.5 });
    await newMethod(admin, { name: "Post", price: 4.99 });
    await admin.post("/coupons", { code: "SALE", amount: 1.11, categories: ["Sale"] });
    const { body } = await buy(buyer, [{ id: mug.id, qty: 3 }, { id: plate.id }], { coupon_code: "SALE" });
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${body.order_id}/${step}`);
    const refund = (given: object) => admin.post(`/orders/${body.order_id}/refund`, given);
    for (let unit = 0; unit < 3; unit++)
      expect((await refund({ lines: [{ product_id: mug.id, qty: 1 }] })).status).toBe(200);
    expect((await refund({ shipping: true })).body.refunds.at(-1).shipping).toBe(true);
    expect((await refund({ shipping: true })).body.detail).toContain("paid back already");
    const last = await refund({ lines: [{ product_id: plate.id, qty: 1 }] });
    expect(last.body.payment_status).toBe("refunded");
    const sum = last.body.refunds.reduce(
      (total: number, { amount }: { amount: number }) => total + Math.round(amount * 100),
      0,
    );
    expect(sum).toBe(Math.round(body.total_amount * 100));
    await expectSound(shop);
  });

  test("a coupon can be tried on the cart, and its quote is what the order costs", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 100 });
    await admin.post("/coupons", { code: "TEN", percent: 10, max_uses: 1 });
    await buyer.post("/cart/add", { product_id: mug.id });
    const quoted = (await buyer.post("/cart/quote", { coupon_code: "ten " })).body;
    expect(quoted).toMatchObject({ discount: 10, total: 90, coupon_code: "TEN" });
    expect((await buyer.post("/cart/quote", { coupon_code: "nope" })).body.errors).toMatchObject([
      { code: "unknown_coupon" },
    ]);
    expect(
      (await checkOut(buyer, { coupon_code: "TEN", expected_total: quoted.total, cart_version: quoted.cart_version }))
        .status,
    ).toBe(201);
    await buyer.post("/cart/add", { product_id: mug.id });
    expect((await buyer.post("/cart/quote", { coupon_code: "TEN" })).body.code).toBe("coupon_used_up");
  });

  test("a quote for somebody else's address is none", async () => {
    const { shop, buyer } = await setUp();
    const other = await newBuyer(shop);
    expect((await buyer.post("/cart/quote", { address_id: other.address_id })).status).toBe(404);
    expect((await buyer.post("/cart/quote", { address_id: buyer.address_id, country: "IN" })).status).toBe(422);
    expect((await buyer.post("/cart/quote", { address_id: buyer.address_id })).status).toBe(200);
  });

  test("what can't be a rate or a way of delivery is refused", async () => {
    const { admin } = await setUp();
    const wrong = async (path: string, body: object) => (await admin.post(path, body)).body.errors?.[0].path;
    expect(await wrong("/tax-rates", { name: "VAT", percent: 1.2345 })).toBe("percent");
    expect(await wrong("/tax-rates", { name: "VAT", percent: 9, state: "Goa" })).toBe("country");
    expect(await wrong("/tax-rates", { name: " ", percent: 9 })).toBe("name");
    expect(await wrong("/shipping-methods", { name: "Post", price: 1.005 })).toBe("price");
    expect(await wrong("/shipping-methods", { name: "Post", price: 1, free_from: 0.001 })).toBe("free_from");
    expect(await wrong("/shipping-methods", { name: "Post", price: 1, min_total: 5, max_total: 4 })).toBe("max_total");
    expect(await wrong("/shipping-methods", { name: "Post", price: 1, countries: ["India"] })).toBe("countries.0");
    expect((await admin.patch("/shipping-methods/9", { price: 1 })).status).toBe(404);
    expect((await admin.get("/shipping-methods")).body).toEqual([]);
  });

  test("the commands do what the API does, and try taxes without an order", async () => {
    const { shop, admin } = await setUp();
    const run = (words: string) => runCommand(shop, words.split(" "));
    expect((await run("shipping list")).text).toContain("There is no way of delivery");
    const { answer } = await run(
      "shipping create Post --price 49 --free-from 999 --country in --pincode 4110 --minutes 60 --per-kg 5",
    );
    expect((await admin.get("/shipping-methods")).body).toEqual([answer]);
    expect(answer).toMatchObject({
      name: "Post",
      price: 49,
      free_from: 999,
      countries: ["IN"],
      pincodes: ["4110"],
      delivery_minutes: 60,
      price_per_kg: 5,
    });
    expect((await run(`shipping edit ${answer.id} --price 59 --no-active`)).answer).toMatchObject({
      price: 59,
      is_active: false,
      free_from: 999,
    });
    await run(
      `shipping edit ${answer.id} --max-grams 2000 --min-total 10 --max-total 5000 --state Goa --description Slow`,
    );
    expect((await run("shipping list")).text).toContain("5 for each kg, from 10, up to 5000, up to 2000 g, 60 min");
    const none = "--no-free-from --no-country --no-pincode --no-minutes --no-per-kg --no-max-grams --no-min-total";
    const open = await run(`shipping edit ${answer.id} ${none} --no-max-total --no-state --no-description`);
    expect(open.answer).toMatchObject({
      price: 59,
      is_active: false,
      description: null,
      countries: null,
      states: null,
      pincodes: null,
      price_per_kg: 0,
      free_from: null,
      min_total: null,
      max_total: null,
      max_grams: null,
      delivery_minutes: null,
    });
    expect((await admin.get("/shipping-methods")).body).toEqual([]);
    expect((await admin.get("/shipping-methods/all")).body).toHaveLength(1);
    expect((await run(`shipping remove ${answer.id}`)).failed).toBeUndefined();
    expect((await run("tax list")).text).toContain("nothing is taxed");
    for (const name of ["CGST", "SGST"]) await run(`tax create ${name} --percent 9 --country IN --state Goa`);
    const tried = await run("tax try 1180 --state goa");
    expect(tried.answer).toMatchObject({
      tax_included: 180,
      tax: 0,
      total: 1180,
      taxes: [{ name: "CGST", tax: 90 }, { tax: 90 }],
    });
    expect(tried.text).toContain("180 of it taxes that are included");
    expect((await run("tax try 100 --country DE")).text).toContain("Nothing is taxed there");
    const [rate] = (await run("tax list")).answer;
    expect((await run(`tax edit ${rate.id} --percent 2.5`)).answer.percent).toBe(2.5);
    await run(`tax remove ${rate.id}`);
    expect((await admin.get("/tax-rates")).body).toHaveLength(1);
  });
});
