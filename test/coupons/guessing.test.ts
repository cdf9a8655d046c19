import { describe, expect, test } from "bun:test";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

describe.each(engines)("codes of coupons on $name", (engine) => {
  test("can't be found by trying, at checkout or by quotes; a right one is no try", async () => {
    const limits = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "100000", RATE_LIMIT_MS_PER_MINUTE: "60000000" };
    const shop = await freshShop(engine, limits);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const mug = await stockShelf(shop, { stock: 50 });
    const buyer = await newBuyer(shop);
    await buyer.put(`/cart/items/${mug.id}`, { qty: 1 });
    const quote = (coupon_code: string) => buyer.post("/cart/quote", { coupon_code });
    const guess = (number: number) => quote(`GUESS${number}`);
    for (let tries = 0; tries < 12; tries++) expect((await quote("TEN")).status).toBe(200);
    for (let tries = 0; tries < 9; tries++) {
      expect((await guess(tries)).body).toMatchObject({ status: 422, errors: [{ code: "unknown_coupon" }] });
    }
    expect((await quote("TEN")).status).toBe(200);
    const last = await buy(buyer, [mug], { coupon_code: "GUESS" });
    expect(last.body).toMatchObject({ status: 422, errors: [{ code: "unknown_coupon" }] });
    const refused = await guess(10);
    expect(refused.body).toMatchObject({ status: 429, code: "too_many_requests" });
    expect(Number(refused.headers.get("retry-after"))).toBe(5);
    expect((await quote("TEN")).status).toBe(429);
    // Others come from the same place; who names no coupon is not held up.
    expect((await (await newBuyer(shop)).post("/cart/quote", { coupon_code: "TEN" })).status).toBe(429);
    expect((await buyer.post("/cart/quote", {})).status).toBe(200);
    shop.pass(5);
    expect((await quote("TEN")).status).toBe(200);
  });
});
