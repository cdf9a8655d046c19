import { describe, expect, test } from "bun:test";
import { addToCart } from "../../src/carts/carts";
import { habitsOf, nextOrderScore, repeatRateOf } from "../../src/recommend/model/next-basket";
import { pairsOf } from "../../src/recommend/model/purchases";
import { newClient } from "../support/client";
import { createAccounts } from "../support/customers";
import { engines } from "../support/engines";
import { fair, sell, sellAll, train } from "../support/fair";

const idsOf = (list: { product_id: number }[]) => list.map((one) => one.product_id);

const line = (order_id: number, product_id: number, day: string) => ({
  order_id,
  product_id,
  placed_at: `2030-${day}T00:00:00.000Z`,
});

describe("a habit", () => {
  test("is stronger the more orders it is in, the newer they are, and the fewer came since", () => {
    const habits = habitsOf([
      line(1, 7, "01-01"),
      line(2, 7, "01-03"),
      line(2, 7, "01-03"),
      line(2, 8, "01-03"),
      line(1, 9, "01-01"),
    ]);
    const strengthOf = new Map(habits.map((habit) => [habit.product_id, habit.strength]));
    const before = 0.9 * 2 ** (-2 / 365);
    expect(strengthOf.get(7)).toBeCloseTo(1 + before, 12);
    expect(strengthOf.get(8)).toBe(1);
    expect(strengthOf.get(9)).toBeCloseTo(before, 12);
    expect(habits.find((habit) => habit.product_id === 7)?.times).toBe(2);
    expect(habitsOf([])).toEqual([]);
  });

  test("of one order is outweighed by a product's trend only when that is far apart", () => {
    expect(nextOrderScore({ strength: 1 }, -1)).toBeLessThan(nextOrderScore({ strength: 0.9 }, 1));
    expect(nextOrderScore({ strength: 2 }, -2)).toBeGreaterThan(nextOrderScore({ strength: 1 }, 2));
  });
});

test("of what customers buy after their first order, the share that they had bought before is known", () => {
  // Customer 0 buys 0 and 1 first, then 0 again and 2; customer 1 buys but once, two lines of one product.
  const pairs = pairsOf(2, 3, [0, 0, 0, 0, 1, 1], [0, 1, 0, 2, 1, 1], [1, 1, 5, 5, 3, 3]);
  expect(repeatRateOf(pairs)).toBe(1 / 2);
  expect(repeatRateOf(pairsOf(1, 1, [0], [0], [1]))).toBe(0);
});

/** So many customers who bought one thing a dozen times, and then another. */
async function changingHabits(engine: (typeof engines)[number], count: number) {
  const { shop, products } = await fair(engine);
  const customer = await newClient(shop);
  const users = [customer.id, ...(await createAccounts(shop, count - 1)).slice(1 - count)];
  const sales = users.flatMap((userId, number) =>
    Array.from({ length: 16 }, (_, order) => ({
      userId,
      productIds: [products[(number + Number(order >= 12)) % products.length]!],
      daysAgo: 16 - order,
    })),
  );
  await sellAll(shop, sales);
  await train(shop);
  return { customer, before: products[0]!, now: products[1]! };
}

describe.each(engines)("habits on $name", (engine) => {
  test("fade as fast as the shop's own customers change them", async () => {
    const { customer, before, now } = await changingHabits(engine, 30);
    const { body } = await customer.get("/recommend/buy-again?limit=2");
    expect(idsOf(body)).toEqual([now, before]);
  });

  test("fade as they do elsewhere where too few have come back to tell", async () => {
    const { customer, before, now } = await changingHabits(engine, 16);
    const { body } = await customer.get("/recommend/buy-again?limit=2");
    expect(idsOf(body)).toEqual([before, now]);
  });
});

describe.each(engines)("a cart on $name", (engine) => {
  test("is reminded of what its customer always buys, in a shop where things are bought again", async () => {
    const { shop, customers, products } = await fair(engine);
    const [milk, tea] = [products[2]!, products[4]!];
    for (const customer of customers.filter((_, number) => number % 2 === 0)) {
      for (const daysAgo of [30, 20, 10]) await sell(shop, customer.id, [milk], daysAgo);
    }
    await train(shop);
    const [customer] = customers;
    await addToCart(shop, customer!.id, { product_id: tea, qty: 1 });
    const { body } = await customer!.get("/recommend/me?context=cart&limit=50");
    expect(body.recommendations[0]).toMatchObject({ product_id: milk, reason: "You bought it 4 times" });
    const scores = body.recommendations.map((one: { score: number }) => one.score);
    expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
    expect(scores[0]).toBeLessThan(1);
    expect(idsOf(body.recommendations)).not.toContain(tea);
    expect(idsOf((await customer!.get("/recommend/me?limit=50")).body.recommendations)).not.toContain(milk);
  });

  test("is offered only what is new where nothing is ever bought again", async () => {
    const { shop, customers, products } = await fair(engine);
    await train(shop);
    await addToCart(shop, customers[0]!.id, { product_id: products[0]!, qty: 1 });
    const { body } = await customers[0]!.get("/recommend/me?context=cart&limit=50");
    expect(idsOf(body.recommendations).every((id) => products.indexOf(id) % 2 === 1)).toBe(true);
  });

  test("of a newcomer is offered what goes with it", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    const newcomer = await newClient(shop);
    await addToCart(shop, newcomer.id, { product_id: products[3]!, qty: 1 });
    const { body } = await newcomer.get("/recommend/me?context=cart&limit=3");
    expect(idsOf(body.recommendations).map((id) => products.indexOf(id) % 2)).toEqual([1, 1, 1]);
  });
});
