import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { priceOf, priceOfGoods, type ToPrice } from "../../src/orders/pricing";
import { priceOfShipping, priceOfUnits } from "../../src/orders/refund-price";
import { unitsToRefund } from "../../src/orders/units";
import type { LineUnits } from "../../src/orders/unit-queries";

const CART_RUNS = 10_000;

const classes = fc.constantFrom("standard", "reduced", "zero");

const line = fc.record({
  product_id: fc.integer({ min: 1, max: 1_000 }),
  qty: fc.integer({ min: 1, max: 50 }),
  price_minor: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 1_000_000_000 })),
  is_discounted: fc.boolean(),
  tax_class: classes,
});

const rate = fc.record({
  name: fc.constantFrom("CGST", "SGST", "VAT"),
  percent_thousandths: fc.integer({ min: 0, max: 100_000 }),
  tax_class: classes,
});

/** Any cart, with any coupon that it can have, any rates, any delivery. */
const carts = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
    off: fc.double({ min: 0, max: 1, noNaN: true }),
    shipping_minor: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
    rates: fc.array(rate, { maxLength: 5 }),
    prices_include_tax: fc.boolean(),
  })
  .map(({ off, ...cart }): ToPrice => {
    const eligible = cart.lines.reduce((sum, one) => sum + (one.is_discounted ? one.qty * one.price_minor : 0), 0);
    return { ...cart, discount_minor: Math.floor(eligible * off) };
  });

const sumOf = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

/** The order as it would be written down, with nothing cancelled, shipped or paid back. */
function written(cart: ToPrice) {
  const price = priceOf(cart);
  const lines = cart.lines.map(({ product_id, qty, price_minor }, index): LineUnits => ({
    order_id: 1,
    line: index + 1,
    product_id,
    qty,
    price_minor,
    discount_minor: price.shares[index]!.discount_minor,
    tax_minor: price.shares[index]!.tax_minor,
    cancelled: 0,
    cancelled_paid: 0,
    shipped: 0,
    returned: 0,
    restocked: 0,
    refused: 0,
    owed_again: 0,
    back_unpaid: 0,
    back_paid: 0,
    refunded: 0,
  }));
  return { price, lines };
}

describe("the price of any order", () => {
  test("its parts come to its total, and no line has more discount than it costs", () => {
    fc.assert(
      fc.property(carts, (cart) => {
        const { price, lines } = written(cart);
        expect(price.total_minor).toBe(
          price.subtotal_minor - price.discount_minor + price.shipping_minor + price.tax_minor,
        );
        expect(sumOf(lines.map((one) => one.discount_minor ?? 0))).toBe(price.discount_minor);
        for (const [index, one] of lines.entries()) {
          expect(one.discount_minor).toBeGreaterThanOrEqual(0);
          expect(one.discount_minor).toBeLessThanOrEqual(one.qty * one.price_minor);
          if (!cart.lines[index]!.is_discounted) expect(one.discount_minor).toBe(0);
        }
        const taxes = sumOf(price.taxes.map(({ tax_minor }) => tax_minor));
        expect(price.tax_minor + price.included_tax_minor).toBe(taxes);
        expect(cart.prices_include_tax ? price.tax_minor : price.included_tax_minor).toBe(0);
      }),
      { numRuns: CART_RUNS },
    );
  });

  test("an inclusive total does not depend on the rates", () => {
    fc.assert(
      fc.property(carts, (cart) => {
        const inclusive = priceOf({ ...cart, prices_include_tax: true });
        expect(inclusive.total_minor).toBe(priceOf({ ...cart, rates: [], prices_include_tax: true }).total_minor);
      }),
      { numRuns: CART_RUNS / 10 },
    );
  });

  test("all units and the delivery, paid back in any order and split, come to exactly the total", () => {
    const steps = fc.array(fc.record({ line: fc.nat(7), qty: fc.integer({ min: 1, max: 20 }) }), { maxLength: 30 });
    fc.assert(
      fc.property(carts, steps, (cart, order) => {
        const { price, lines } = written(cart);
        let sum = priceOfShipping(price, lines);
        const payBack = (one: LineUnits, asked: number) => {
          const qty = Math.min(asked, unitsToRefund(one));
          const amount = priceOfUnits(price, lines, [{ line: one, qty }]);
          expect(amount).toBeGreaterThanOrEqual(0);
          sum += amount;
          one.refunded += qty;
        };
        for (const { line: at, qty } of order) payBack(lines[at % lines.length]!, qty);
        for (const one of lines) payBack(one, Number.MAX_SAFE_INTEGER);
        expect(sum).toBe(price.total_minor);
      }),
      { numRuns: CART_RUNS / 10 },
    );
  });
});

const cart = (changes: Partial<ToPrice> = {}): ToPrice => ({
  lines: [{ product_id: 1, qty: 1, price_minor: 118_000, is_discounted: true, tax_class: "standard" }],
  discount_minor: 0,
  shipping_minor: 0,
  rates: [
    { name: "CGST", percent_thousandths: 9_000, tax_class: "standard" },
    { name: "SGST", percent_thousandths: 9_000, tax_class: "standard" },
  ],
  prices_include_tax: true,
  ...changes,
});

describe("taxes", () => {
  test("two halves of one tax come out equal, inside the price and on top of it", () => {
    // So much that a rate that is off by the hundredth part of a thousandth shows.
    const lines = [{ product_id: 1, qty: 2, price_minor: 590_000_000, is_discounted: true, tax_class: "standard" }];
    expect(priceOf(cart({ lines })).taxes.map(({ tax_minor }) => tax_minor)).toEqual([90_000_000, 90_000_000]);
    const added = priceOf(cart({ lines, prices_include_tax: false }));
    expect(added.taxes.map(({ tax_minor }) => tax_minor)).toEqual([106_200_000, 106_200_000]);
    expect(added.total_minor).toBe(1_180_000_000 + 212_400_000);
  });

  test("half a minor unit is rounded up, once an order and not once a line", () => {
    const lines = [1, 2, 3].map((product_id) => ({
      product_id,
      qty: 1,
      price_minor: 5,
      is_discounted: true,
      tax_class: "standard",
    }));
    const rates = [{ name: "VAT", percent_thousandths: 10_000, tax_class: "standard" }];
    // 15 at 10 % is 1.5: 2. By line it would be three times 0.5: 3.
    expect(priceOf(cart({ lines, rates, prices_include_tax: false })).tax_minor).toBe(2);
  });

  test("delivery is taxed with the goods that it carries, by what they cost", () => {
    const lines = [
      { product_id: 1, qty: 1, price_minor: 30_000, is_discounted: true, tax_class: "standard" },
      { product_id: 2, qty: 1, price_minor: 10_000, is_discounted: true, tax_class: "zero" },
    ];
    const rates = [{ name: "VAT", percent_thousandths: 20_000, tax_class: "standard" }];
    const price = priceOf(cart({ lines, rates, shipping_minor: 4_000, prices_include_tax: false }));
    expect(price.taxes).toMatchObject([{ base_minor: 33_000, tax_minor: 6_600 }]);
    expect(price.shares.map(({ tax_minor }) => tax_minor)).toEqual([6_000, 0]);
  });

  test("what a coupon takes off is not taxed, in the classes that it is for", () => {
    const line = { product_id: 1, qty: 2, price_minor: 5_000, is_discounted: true, tax_class: "standard" };
    const lines = [line, { ...line, is_discounted: false }, { ...line, tax_class: "reduced" }];
    const rates = [
      { name: "VAT", percent_thousandths: 20_000, tax_class: "standard" },
      { name: "VAT", percent_thousandths: 10_000, tax_class: "reduced" },
    ];
    const price = priceOf(cart({ lines, rates, discount_minor: 4_000, prices_include_tax: false }));
    expect(price.taxes).toMatchObject([
      { tax_class: "reduced", base_minor: 8_000, tax_minor: 800 },
      { tax_class: "standard", base_minor: 18_000, tax_minor: 3_600 },
    ]);
    expect(price.shares).toEqual([
      { discount_minor: 2_000, tax_minor: 1_600 },
      { discount_minor: 0, tax_minor: 2_000 },
      { discount_minor: 2_000, tax_minor: 800 },
    ]);
    expect(price.total_minor).toBe(26_000 + 4_400);
  });

  test("what came from elsewhere has its discount on all its lines", () => {
    const line = { product_id: 1, qty: 1, price_minor: 3_000 };
    expect(priceOfGoods([line, { ...line, qty: 2 }], 900)).toMatchObject({
      subtotal_minor: 9_000,
      goods_minor: 8_100,
      total_minor: 8_100,
      taxes: [],
      shares: [{ discount_minor: 300 }, { discount_minor: 600 }],
    });
  });
});
