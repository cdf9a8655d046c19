import { describe, expect, test } from "bun:test";
import { createClient, Problem } from "../../client";
import { type Document, typesOf } from "../../client/generate";
import { call, newBuyer } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

/** A client that talks to a shop of the test, without a port. */
const clientOf = (shop: TestShop, options: Parameters<typeof createClient>[0] = {}) =>
  createClient({
    url: "http://localhost",
    fetch: (url, request) => shop.app.handle(new Request(url, request)),
    ...options,
  });

// Nothing of this depends on the engine, so one is enough.
describe.each(engines.slice(0, 1))("the client", (engine) => {
  test("knows every call of the shop: client/types.ts is what bun run generate writes", async () => {
    const shop = await freshShop(engine);
    const document: Document = (await call(shop, "GET", "/api/v1/openapi.json")).body;
    expect(await Bun.file("client/types.ts").text()).toBe(typesOf(document));
  });

  test("asks with path, query, body and token, and gives the answer", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { category: "Tea & more" });
    const buyer = await newBuyer(shop);
    const mine = clientOf(shop, { token: () => buyer.token });
    const list = await mine("GET /products", { query: { category: "Tea & more", size: 5 } });
    expect(list.items.map(({ id }) => id)).toEqual([mug.id]);
    expect((await mine("GET /products/{id}", { path: { id: mug.id } })).name).toBe(mug.name);
    expect((await mine("POST /cart/items", { body: { product_id: mug.id, qty: 2 } })).items[0]?.qty).toBe(2);
    const { headers } = await mine.full("GET /orders");
    expect(headers.get("x-total-count")).toBe("0");
    expect(await mine("DELETE /cart")).toMatchObject({ items: [] });
  });

  test("throws what the shop refuses, with its code and its fields", async () => {
    const shop = await freshShop(engine);
    const visitor = clientOf(shop);
    const refusal = await visitor("GET /products/{id}", { path: { id: 9 } }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: "not_found", problem: { status: 404 } });
    const invalid = await visitor("POST /auth/login", { body: { email: "", password: "" } }).catch(
      (error: unknown) => error,
    );
    expect((invalid as Problem).problem.errors?.map(({ path }) => path)).toContain("email");
  });

  test("asks once more with a new token where the last one was refused, and no third time", async () => {
    const shop = await freshShop(engine);
    const buyer = await newBuyer(shop);
    const asked: boolean[] = [];
    const renewing = clientOf(shop, {
      token: (refused) => {
        asked.push(refused);
        return refused ? buyer.token : "an old one";
      },
    });
    expect((await renewing("GET /users/me")).id).toBe(buyer.id);
    expect(asked).toEqual([false, true]);
    const hopeless = clientOf(shop, { token: () => "an old one" });
    expect(await hopeless("GET /users/me").catch((error: Problem) => error.code)).toBe("not_signed_in");
  });

  test("does something once for one key", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const mine = clientOf(shop, { token: () => buyer.token });
    await mine("POST /cart/items", { body: { product_id: mug.id } });
    const order = () =>
      mine("POST /orders/checkout", {
        body: { payment_method: "cod", address_id: buyer.address_id },
        idempotencyKey: "once",
      });
    expect((await order()).order_id).toBe((await order()).order_id);
  });

  test("tells what a proxy in between answers like any refusal", async () => {
    const shop = clientOf(await freshShop(engine), {
      fetch: async () => new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }),
    });
    expect(await shop("GET /cart").catch((error: Problem) => [error.code, error.message])).toEqual([
      "unreadable_answer",
      "The shop answered 502 Bad Gateway.",
    ]);
  });

  test("does not compile for what the shop does not have", () => {
    const shop = createClient();
    const never = () => [
      // @ts-expect-error -- there is no such call
      shop("GET /producs"),
      // @ts-expect-error -- an order has an id
      shop("GET /orders/{id}"),
      // @ts-expect-error -- a quantity is a number
      shop("POST /cart/items", { body: { product_id: 1, qty: "2" } }),
    ];
    expect(never).toBeFunction();
  });
});
