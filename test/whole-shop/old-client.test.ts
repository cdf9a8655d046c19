import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Answer } from "../support/client";
import { clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

setDefaultTimeout(60_000);

type Shape = Record<string, string>;

/** What clients of the backend before this one read, field by field, with the types that they know. */
const shapes = {
  user: {
    id: "number",
    full_name: "string",
    email: "string",
    phone: "string",
    is_active: "boolean",
    is_admin: "boolean",
    preferences: "object",
    created_at: "string",
  },
  tokens: { access_token: "string", token_type: "string", expires_in: "number", refresh_token: "string" },
  product: {
    id: "number",
    slug: "string",
    name: "string",
    category: "string",
    description: "string?",
    price: "number",
    stock: "number",
    image_url: "string?",
    attributes: "object",
    created_at: "string",
    updated_at: "string",
  },
  cart: { user_id: "number", items: "array", total: "number" },
  item: { product_id: "number", name: "string", qty: "number", price: "number" },
  address: {
    id: "number",
    user_id: "number",
    label: "string",
    address_line: "string",
    city: "string",
    state: "string?",
    pincode: "string",
    lat: "number?",
    lng: "number?",
  },
  receipt: {
    order_id: "number",
    status: "string",
    total_amount: "number",
    payment_url: "string?",
    placed_at: "string",
    delivery_eta: "string?",
  },
  order: {
    id: "number",
    user_id: "number",
    total_amount: "number",
    status: "string",
    payment_method: "string?",
    payment_status: "string",
    placed_at: "string",
    delivery_eta: "string?",
    items: "array",
  },
  line: { product_id: "number", qty: "number", price_at_purchase: "number" },
} satisfies Record<string, Shape>;

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function expectShape(value: Record<string, unknown>, shape: Shape): void {
  for (const [field, type] of Object.entries(shape)) {
    const found = typeOf(value[field]);
    const fits = type.endsWith("?") ? [type.slice(0, -1), "null"].includes(found) : found === type;
    expect([field, type, fits ? type : found]).toEqual([field, type, type]);
  }
}

const ok = ({ status, body }: Answer, wanted: number) => {
  expect([status, body]).toEqual([wanted, body]);
  return body;
};

describe.each(engines)("a client of the backend before this one on $name", (engine) => {
  test("reads every field that it knows, and buys, in a shop that uses everything", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    ok(await admin.post("/tax-rates", { name: "CGST", percent: 9, country: "IN" }), 201);
    ok(await admin.post("/tax-rates", { name: "SGST", percent: 9, country: "IN" }), 201);
    ok(await admin.post("/shipping-methods", { name: "Post", price: 49, free_from: 999 }), 201);
    ok(await admin.post("/shipping-methods", { name: "Bike", price: 20, pincodes: ["411"] }), 201);
    ok(await admin.post("/coupons", { code: "TEN", percent: 10 }), 201);
    const shirt = ok(
      await admin.post("/products", { slug: "shirt", name: "Shirt", category: "Clothes", option_names: ["Size"] }),
      201,
    );
    const large = {
      slug: "shirt-l",
      name: "Shirt",
      category: "Clothes",
      parent_id: shirt.id,
      options: { Size: "L" },
      price: 500,
      stock: 5,
    };
    const variant = ok(await admin.post("/products", large), 201);
    const mug = ok(
      await admin.post("/products", {
        slug: "mug",
        name: "Mug",
        category: "Home",
        price: 118,
        stock: 10,
        weight_grams: 300,
      }),
      201,
    );

    const stranger = clientOf(shop);
    const person = {
      full_name: "Asha Rao",
      email: "asha@example.com",
      phone: "+91 98450 00000",
      password: "correct horse battery",
    };
    expectShape(ok(await stranger.post("/auth/register", person), 201), shapes.user);
    const tokens = ok(await stranger.post("/auth/login", { email: person.email, password: person.password }), 200);
    expectShape(tokens, shapes.tokens);
    const asha = clientOf(shop, tokens.access_token);
    expectShape(ok(await asha.get("/users/me"), 200), shapes.user);

    const listed = ok(await stranger.get("/products"), 200);
    expect(listed.items.map(({ name }: { name: string }) => name).toSorted()).toEqual(["Mug", "Shirt"]);
    for (const product of [...listed.items, ok(await stranger.get(`/products/${variant.id}`), 200)])
      expectShape(product, shapes.product);

    // What must be chosen first is a sentence; a variant's id works like any product.
    const parent = await asha.post("/cart/add", { product_id: shirt.id });
    expect([parent.status, parent.body.code, typeof parent.body.detail]).toEqual([422, "variant_required", "string"]);
    ok(await asha.post("/cart/add", { product_id: variant.id }), 200);
    const cart = ok(await asha.post("/cart/add", { product_id: mug.id, qty: 2 }), 200);
    expectShape(cart, shapes.cart);
    for (const item of cart.items) expectShape(item, shapes.item);
    // Neither tax that is included nor delivery changes the cart's total.
    expect(cart.total).toBe(736);

    const place = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
    const address = ok(await asha.post("/orders/addresses", place), 201);
    expectShape(address, shapes.address);
    expectShape(ok(await asha.get("/orders/addresses"), 200)[0], shapes.address);

    const surprised = await asha.post("/orders/checkout", {
      payment_method: "cod",
      address_id: address.id,
      expected_total: cart.total,
    });
    expect([surprised.status, surprised.body.code]).toEqual([409, "price_changed"]);
    const receipt = ok(
      await asha.post("/orders/checkout", { payment_method: "UPI", address_id: address.id, coupon_code: "TEN" }),
      201,
    );
    expectShape(receipt, shapes.receipt);
    expect(receipt.status).toBe("placed");
    // The cheapest way of delivery, and no tax beside the prices.
    expect(receipt.total_amount).toBe(736 - 73.6 + 20);

    for (const order of [
      ok(await asha.get(`/orders/${receipt.order_id}`), 200),
      ...ok(await asha.get("/orders"), 200),
    ]) {
      expectShape(order, shapes.order);
      expect(order).toMatchObject({ id: receipt.order_id, payment_method: "UPI", payment_status: "pending" });
      for (const line of order.items) expectShape(line, shapes.line);
      expect(
        order.items.map(({ qty, price_at_purchase }: { qty: number; price_at_purchase: number }) => [
          qty,
          price_at_purchase,
        ]),
      ).toEqual(
        variant.id < mug.id
          ? [
              [1, 500],
              [2, 118],
            ]
          : [
              [2, 118],
              [1, 500],
            ],
      );
    }
    expect(ok(await asha.get("/cart"), 200)).toMatchObject({ items: [], total: 0 });
    expect((await stranger.get("/cart")).status).toBe(401);
    const recommended = ok(await asha.get("/recommend/me"), 200);
    expectShape(recommended, { user_id: "number", recommendations: "array" });
  });
});
