import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { ShopError } from "../../src/base/errors";
import { withoutGuessing } from "../../src/coupons/guessing";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

describe.each(engines)("codes of coupons on $name", (engine) => {
  test("can't be found by trying, at checkout or by quotes; a right one is no try", async () => {
    const limits = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "100000", RATE_LIMIT_MS_PER_MINUTE: "60000000" };
    const shop = await freshShop(engine, limits);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const mug = await stockShelf(shop, { stock: 50 });
    const buyer = await newBuyer(shop);
    await buyer.put(`/cart/items/${mug.id}`, { qty: 1 });
    const later = { code: "LATER", percent: 10, starts_at: "2030-02-01" };
    await admin.post("/coupons", later);
    const quote = (coupon_code: string) => buyer.post("/cart/quote", { coupon_code });
    const guess = (number: number) => quote(`GUESS${number}`);
    // Nor is one that can't be used now.
    for (let tries = 0; tries < 12; tries++) expect((await quote("TEN")).status).toBe(200);
    for (let tries = 0; tries < 12; tries++) expect((await quote(later.code)).status).toBe(422);
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

/** How many seconds a customer must wait who guesses from an address; 0 where the guess is looked at. */
async function guessAs(shop: TestShop, id: number, address: string): Promise<number> {
  const message = "There is no such coupon.";
  const unknown = new ShopError("invalid", message, {
    errors: [{ path: "coupon_code", message, code: "unknown_coupon" }],
  });
  const answer: unknown = await withoutGuessing(shop, { id }, { address }, "GUESS", () =>
    Promise.reject(unknown),
  ).catch((error: unknown) => error);
  if (answer === unknown) return 0;
  return (answer instanceof ShopError && answer.details.retry_after_seconds) || Number.NaN;
}

/** How many of so many guesses are looked at before one has to wait. */
async function lookedAt(shop: TestShop, guesses: number, guess: (number: number) => [id: number, address: string]) {
  for (let number = 0; number < guesses; number++) {
    if ((await guessAs(shop, ...guess(number))) > 0) return number;
  }
  return guesses;
}

const hex = (number: number) => number.toString(16);

/** Customers of one /56, each with a network of their own. */
const slash56 = (n: number): [number, string] => [2_000 + n, `2001:db8:2:1${hex(n % 256).padStart(2, "0")}::1`];

describe("guesses at coupons", () => {
  const [engine] = engines;
  const limited = () => freshShop(engine!, { RATE_LIMIT: "on" });

  test("are counted for an account, for its address and for the networks around it, each with its own room", async () => {
    const shop = await limited();
    expect(await lookedAt(shop, 50, (n) => [1, `192.0.2.${n}`])).toBe(10);
    expect(await lookedAt(shop, 50, (n) => [1_000 + n, "192.0.3.1"])).toBe(10);
    expect(await lookedAt(shop, 50, slash56)).toBe(40);
    expect(await lookedAt(shop, 200, (n) => [3_000 + n, `2001:db8:3:${hex(n)}00::1`])).toBe(160);
    // One is forgiven every ten minutes, and four where there is room for four times as many.
    shop.pass(1_800);
    expect(await lookedAt(shop, 50, (n) => [1, `192.0.2.${100 + n}`])).toBe(3);
    expect(await lookedAt(shop, 50, (n) => slash56(100 + n))).toBe(12);
  });

  test("wait twice as long each time, and a quarter of an hour at most", async () => {
    const shop = await limited();
    const waits: number[] = [];
    for (let guesses = 0; guesses < 30; guesses++) {
      const wait = await guessAs(shop, 1, "192.0.2.7");
      if (wait > 0) waits.push(wait);
      shop.pass(wait);
    }
    expect(waits.slice(0, 7)).toEqual([5, 10, 20, 40, 80, 160, 320]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(900);
  });

  test("are not counted where the shop limits nothing", async () => {
    const shop = await freshShop(engine!, { RATE_LIMIT: "off" });
    expect(await lookedAt(shop, 20, () => [1, "192.0.2.7"])).toBe(20);
  });
});
