import { describe, expect, test } from "bun:test";
import { affinities } from "../../data/affinities";
import { categories } from "../../data/categories/index";
import { tastes } from "../../data/tastes";
import { assortment, describeProduct, HAND_WRITTEN, kindsSold } from "../../src/demo/assortment";
import { diwali, firstDay, ganeshChaturthi, holi, localDay, seasonFactor } from "../../src/demo/calendar";
import { describeCustomer, householdOf, OM } from "../../src/demo/customers";
import { careerOf } from "../../src/demo/demand";
import { type DemoOrder, ordersOfTheYear } from "../../src/demo/orders";

const SEED = 1;
const UNTIL = new Date("2026-11-23T12:00:00.000Z");
const START = firstDay(UNTIL);
const CUSTOMERS = 800;
const items = assortment(HAND_WRITTEN);
const wanted = { seed: SEED, items, customers: CUSTOMERS, orders: 10_000, until: UNTIL };
const orders = [...ordersOfTheYear(wanted)];
const lines = orders.flatMap((order) => order.lines.map((line) => ({ ...line, order })));
const households = Array.from({ length: CUSTOMERS }, (_, customer) => householdOf(SEED, customer, CUSTOMERS));

const kindAt = (product: number) => kindsSold[items[product]?.kind ?? -1];
const productsOf = (product: number) => items.filter((item) => item.kind === items[product]?.kind);
const kindNames = (order: DemoOrder) => new Set(order.lines.map(({ product }) => kindAt(product)?.name ?? ""));
const dayOfYear = (order: DemoOrder) => localDay(order.placed_at) - START;
const ordersBetween = (from: number, to: number) =>
  orders.filter((order) => dayOfYear(order) >= from && dayOfYear(order) < to).length;
const shareBetween = (name: string, from: string, to: string) => {
  const then = lines.filter(({ order: { placed_at } }) => placed_at >= new Date(from) && placed_at < new Date(to));
  return then.filter(({ product }) => kindAt(product)?.name === name).length / then.length;
};
const basketsOf = (year: Iterable<DemoOrder>) => Array.from(year, ({ customer, lines }) => ({ customer, lines }));
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

describe("the assortment of the demo shop", () => {
  const products = items.map(describeProduct);

  test("has 400 products or more in 12 categories or more, each filled", () => {
    const counts = Map.groupBy(products, (product) => product.category);
    expect(products.length).toBeGreaterThanOrEqual(400);
    expect(counts.size).toBeGreaterThanOrEqual(12);
    expect(Math.min(...[...counts.values()].map((group) => group.length))).toBeGreaterThanOrEqual(12);
  });

  test("any beginning of it has something of every aisle", () => {
    const beginning = assortment(categories.length).map(describeProduct);
    expect(new Set(beginning.map((product) => product.category)).size).toBe(categories.length);
  });

  test.each(categories)("$name: every product has the same attributes, of the same types", ({ name }) => {
    const shapes = products
      .filter((product) => product.category === name)
      .map(({ attributes }) => Object.entries(attributes).map(([key, value]) => `${key}: ${typeof value}`));
    for (const shape of shapes) expect(shape).toEqual(shapes[0] ?? []);
  });

  test("grows to a hundred thousand products without two of one name or slug", () => {
    const many = assortment(100_000).map(describeProduct);
    expect(new Set(many.map((product) => product.slug)).size).toBe(100_000);
    expect(new Set(many.map((product) => product.name)).size).toBe(100_000);
    expect(many.map(({ name }) => name).filter((name) => /\b([a-z]+) \1\b/i.test(name))).toEqual([]);
    expect(many.filter(({ slug }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))).toEqual([]);
  });

  test.each(kindsSold.filter((kind) => Object.keys(kind.packs).length > 1))(
    "$name: a bigger pack costs more, but not more for the same weight",
    ({ packs }) => {
      const sizes = Object.entries(packs).map(([pack, price]) => ({ ...sizeOf(pack), price }));
      for (const { unit, size, price } of sizes) {
        for (const bigger of sizes.filter((other) => other.unit === unit && other.size > size)) {
          expect(bigger.price).toBeGreaterThan(price);
          expect(bigger.price / bigger.size).toBeLessThanOrEqual(price / size);
        }
      }
    },
  );

  test("affinities and tastes speak of what is sold", () => {
    const kinds = new Set(kindsSold.map((kind) => kind.name));
    const aisles = new Set(categories.map((category) => category.name));
    expect(affinities.flat().filter((name) => !kinds.has(name))).toEqual([]);
    expect(tastes.flatMap((taste) => Object.keys(taste.kinds ?? {})).filter((name) => !kinds.has(name))).toEqual([]);
    expect(tastes.flatMap((taste) => Object.keys(taste.categories)).filter((name) => !aisles.has(name))).toEqual([]);
    expect(kinds.size).toBe(kindsSold.length);
  });
});

describe("the customers of the demo shop", () => {
  test("none shares an e-mail with another or with the demo accounts", () => {
    const emails = [1, 2].flatMap((seed) =>
      Array.from({ length: 3_000 }, (_, customer) => describeCustomer(seed, customer + 1, 3_001, START).email),
    );
    expect(new Set(emails).size).toBe(6_000);
    expect(emails).not.toContain("om@example.com");
    expect(emails.filter((email) => !/^[a-z]+\.[a-z]+\.[a-z0-9]+-\d+@example\.com$/.test(email))).toEqual([]);
  });

  test("nobody orders before having an account", () => {
    const accounts = households.map((_, customer) => describeCustomer(SEED, customer, CUSTOMERS, START).created_at);
    expect(orders.filter(({ customer, placed_at }) => placed_at <= (accounts[customer] ?? UNTIL))).toEqual([]);
  });

  test("Om has ordered now and then all the year", () => {
    const days = orders.filter((order) => order.customer === OM).map(dayOfYear);
    expect(days.length).toBeGreaterThan(20);
    expect(Math.max(...days.slice(1).map((day, at) => day - (days[at] ?? 0)))).toBeLessThan(30);
  });
});

describe("a year of orders", () => {
  test("is as many as asked for, oldest first, none outside the year, none twice a product", () => {
    expect(orders).toHaveLength(10_000);
    expect(orders.map((order) => order.number)).toEqual(orders.map((_, at) => at));
    for (const [at, order] of orders.entries()) {
      if (order.placed_at < (orders[at - 1]?.placed_at ?? order.placed_at)) throw new Error(`Order ${at} is early.`);
      if (new Set(order.lines.map((line) => line.product)).size !== order.lines.length) throw new Error(`Twice: ${at}`);
    }
    expect(dayOfYear(orders[0] as DemoOrder)).toBe(0);
    expect(orders.at(-1)?.placed_at.getTime()).toBeLessThanOrEqual(UNTIL.getTime());
    expect(orders.filter((order) => order.is_recent)).toEqual(orders.slice(-8));
    expect(mean(orders.map((order) => order.lines.length))).toBeWithin(4, 9);
  });

  test("is the same for the same seed at any hour, and another for another", () => {
    expect([...ordersOfTheYear({ ...wanted, orders: 500 })]).toEqual([...ordersOfTheYear({ ...wanted, orders: 500 })]);
    const later = { ...wanted, orders: 500, until: new Date("2026-11-23T17:59:00.000Z") };
    expect(basketsOf(ordersOfTheYear(later))).toEqual(basketsOf(ordersOfTheYear({ ...wanted, orders: 500 })));
    const other = [...ordersOfTheYear({ ...wanted, orders: 500, seed: 2 })];
    expect(other).not.toEqual([...ordersOfTheYear({ ...wanted, orders: 500 })]);
  });

  test.each([
    { products: 1, customers: 1, orders: 3 },
    { products: 30, customers: 2, orders: 700 },
    { products: 610, customers: 50, orders: 0 },
  ])("works for $products products, $customers customers and $orders orders", ({ products, customers, orders }) => {
    const year = [...ordersOfTheYear({ seed: 5, items: assortment(products), customers, orders, until: UNTIL })];
    expect(year).toHaveLength(orders);
    expect(year.every((order) => order.lines.length > 0)).toBeTrue();
  });

  test("grows, and has a weekly rhythm", () => {
    const perWeekday = [0, 1, 2, 3, 4, 5, 6].map(
      (weekday) => orders.filter((o) => new Date((START + dayOfYear(o)) * 86_400_000).getUTCDay() === weekday).length,
    );
    expect(perWeekday[0]).toBeGreaterThan(1.3 * (perWeekday[2] ?? 0));
    expect(ordersBetween(275, 365)).toBeGreaterThan(1.3 * ordersBetween(0, 90));
  });

  test("what goes together is bought together", () => {
    const baskets = orders.map(kindNames);
    const having = (...names: string[]) => baskets.filter((basket) => names.every((name) => basket.has(name))).length;
    const lift = (one: string, other: string) => (having(one, other) * baskets.length) / (having(one) * having(other));
    expect(lift("Penne Pasta", "Tomato Basil Pasta Sauce")).toBeGreaterThan(2.5);
    expect(lift("Nappy Pants Medium", "Baby Wipes")).toBeGreaterThan(2.5);
    expect(lift("Bread Flour", "Instant Dry Yeast")).toBeGreaterThan(2.5);
    expect(lift("Detergent Powder", "Hybrid Tomato")).toBeWithin(0.3, 1.6);
    // Over all pairs, not only the best.
    expect(median(affinities.map(([one, other]) => lift(one, other)).filter(Number.isFinite))).toBeGreaterThan(2);
  });

  test("people buy again what they know, milk every few days and detergent every few weeks", () => {
    const days = Map.groupBy(lines, ({ order, product }) => `${order.customer} ${product}`);
    const again = [...days.values()].reduce((sum, bought) => sum + bought.length - 1, 0);
    expect(again / lines.length).toBeWithin(0.3, 0.8);
    const pauses = (name: string) =>
      [
        ...Map.groupBy(
          lines.filter(({ product }) => kindAt(product)?.name === name),
          ({ order }) => order.customer,
        ).values(),
      ]
        .filter((bought) => bought.length >= 5)
        .flatMap((bought) =>
          bought.slice(1).map(({ order }, at) => dayOfYear(order) - dayOfYear(bought[at]?.order ?? order)),
        );
    expect(median(pauses("Toned Milk"))).toBeLessThan(0.6 * median(pauses("Detergent Powder")));
    expect(median(pauses("Detergent Powder"))).toBeWithin(20, 60);
  });

  test.each(tastes.filter((taste) => taste.name !== "vegetarian kitchen"))("$name show what they like", (taste) => {
    const [favourite = ""] = Object.entries(taste.categories).toSorted((a, b) => b[1] - a[1])[0] ?? [];
    const share = (bought: typeof lines) =>
      bought.filter(({ product }) => kindAt(product)?.category.name === favourite).length / bought.length;
    const theirs = lines.filter(({ order }) => tastes[households[order.customer]?.taste ?? -1] === taste);
    const others = lines.filter(({ order }) => {
      const household = households[order.customer];
      return tastes[household?.taste ?? -1] !== taste && tastes[household?.second_taste ?? -1] !== taste;
    });
    expect(share(theirs)).toBeGreaterThan(1.5 * share(others));
  });

  test("vegetarians buy neither meat nor eggs", () => {
    const forbidden = lines.filter(({ order, product }) => {
      const kind = kindAt(product);
      const diet = kind?.diet ?? kind?.category.diet ?? "";
      const household = tastes[households[order.customer]?.taste ?? -1];
      return household?.diet === "vegetarian" && ["egg", "non-vegetarian"].includes(diet);
    });
    expect(forbidden).toEqual([]);
  });

  test("mangoes sell in May, diyas before Diwali", () => {
    const may = shareBetween("Alphonso Mango", "2026-04-20", "2026-06-01");
    expect(may).toBeGreaterThan(4 * shareBetween("Alphonso Mango", "2026-08-01", "2026-11-01"));
    const diyas = shareBetween("Clay Diyas", "2026-10-20", "2026-11-09");
    expect(diyas).toBeGreaterThan(4 * shareBetween("Clay Diyas", "2026-02-01", "2026-08-01"));
  });

  test("new products come in the course of the year and find their buyers", () => {
    const launches = items.map((_, product) => careerOf(SEED, product).launched);
    const early = lines.filter(({ order, product }) => dayOfYear(order) < (launches[product] ?? 0));
    expect(early).toEqual([]);
    const known = launches.flatMap((launched, product) => (launched > 0 && launched < 200 ? [product] : []));
    expect(known.length).toBeGreaterThan(15);
    const sales = (from: number, to: number) =>
      lines.filter(({ order, product }) => {
        const age = dayOfYear(order) - (launches[product] ?? 0);
        return known.includes(product) && age >= from && age < to;
      }).length;
    expect(sales(100, 160)).toBeGreaterThan(1.5 * sales(0, 60));
  });

  test("people stay with the brand and the pack that they know", () => {
    const bought = Map.groupBy(lines, ({ order, product }) => `${order.customer} ${items[product]?.kind}`);
    const choices = [...bought.values()].filter(([first]) => first && productsOf(first.product).length > 1);
    const repeated = choices.flatMap((each) => each.slice(1).map(({ product }, at) => product === each[at]?.product));
    expect(repeated.filter(Boolean).length / repeated.length).toBeGreaterThan(0.7);
  });

  test("a few products are bought by many, and many by a few", () => {
    const many = assortment(3_000);
    const sold = [...ordersOfTheYear({ ...wanted, items: many })].flatMap((order) => order.lines);
    const units = [...Map.groupBy(sold, ({ product }) => product).values()].map((bought) => bought.length);
    const top = units.toSorted((a, b) => b - a).slice(0, many.length / 10);
    expect(top.reduce((sum, count) => sum + count, 0) / sold.length).toBeWithin(0.45, 0.9);
    expect(units.length / many.length).toBeGreaterThan(0.7);
  });

  test("who knows the taste of a household recommends better than who knows only what is popular", () => {
    const cut = START + 335;
    const isTest = (order: DemoOrder) => localDay(order.placed_at) >= cut;
    const train = lines.filter(({ order }) => !isTest(order));
    const rank = (bought: typeof lines) =>
      [...Map.groupBy(bought, ({ product }) => product)].toSorted((a, b) => b[1].length - a[1].length).map(([p]) => p);
    const popular = rank(train);
    const byTaste = tastes.map((_, taste) =>
      rank(train.filter(({ order }) => households[order.customer]?.taste === taste)),
    );
    const known = Map.groupBy(train, ({ order }) => order.customer);
    const later = Map.groupBy(
      lines.filter(({ order }) => isTest(order)),
      ({ order }) => order.customer,
    );
    const recall = (listFor: (customer: number) => number[]) =>
      mean(
        [...later].flatMap(([customer, bought]) => {
          const history = new Set(known.get(customer)?.map(({ product }) => product));
          const fresh = new Set(bought.map(({ product }) => product).filter((product) => !history.has(product)));
          const shown = listFor(customer)
            .filter((product) => !history.has(product))
            .slice(0, 20);
          return fresh.size === 0 ? [] : [shown.filter((product) => fresh.has(product)).length / fresh.size];
        }),
      );
    const plain = recall(() => popular);
    const tasteful = recall((customer) => byTaste[households[customer]?.taste ?? 0] ?? []);
    expect(tasteful).toBeGreaterThan(1.6 * plain);
  });
});

describe("the shop's calendar", () => {
  // https://en.wikipedia.org/wiki/Diwali, /Holi, /Ganesh_Chaturthi
  test.each([
    { festival: diwali, days: ["2023-11-12", "2024-11-01", "2025-10-21", "2026-11-08", "2027-10-29", "2028-10-17"] },
    { festival: holi, days: ["2023-03-08", "2024-03-25", "2025-03-14", "2026-03-04", "2027-03-22", "2028-03-11"] },
    { festival: ganeshChaturthi, days: ["2023-09-19", "2024-09-07", "2025-08-27", "2026-09-14", "2027-09-04"] },
  ])("knows when $festival.name is, within two days", ({ festival, days }) => {
    for (const day of days) {
      const date = new Date(day);
      expect(Math.abs(festival(date.getUTCFullYear()) - date.getTime() / 86_400_000)).toBeLessThanOrEqual(2);
    }
  });

  test("winter goes on over New Year", () => {
    const newYear = Date.UTC(2026, 0, 1) / 86_400_000;
    expect(seasonFactor("winter", newYear)).toBeCloseTo(seasonFactor("winter", newYear - 1), 0);
  });
});

function sizeOf(pack: string): { size: number; unit: string } {
  const [number = "", unit = ""] = pack.split(" ");
  const inSmall = unit === "kg" || unit === "l";
  return { size: Number(number) * (inSmall ? 1000 : 1), unit: inSmall ? (unit === "kg" ? "g" : "ml") : unit };
}
