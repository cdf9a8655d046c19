import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { labOf, type Line } from "../support/lab";

setDefaultTimeout(30_000);

const SHELF: Line[] = [
  { name: "Kolam Rice, 1 kg", price: 90, category: "Rice" },
  { name: "Basmati Rice, 5 kg", price: 500, category: "Rice" },
  { name: "Basmati Rice, 10 kg", price: 950, category: "Rice" },
  { name: "Brown Rice, 500 g", price: 130, category: "Rice" },
  { name: "Rice Cooker", price: 1_500, category: "Kitchen" },
  { name: "Assam Tea, 500 g", price: 180, category: "Tea" },
  { name: "Darjeeling Tea, 100 g", price: 250, category: "Tea" },
  { name: "Under 25 Stories", price: 300, category: "Books" },
  { name: "Stories for All", price: 20, category: "Books" },
];

describe.each(engines)("a price in the words of a search on $name", (engine) => {
  let lab: Awaited<ReturnType<typeof labOf>>;

  beforeAll(async () => {
    lab = await labOf(engine, SHELF);
  });

  test.each([
    ["rice under 500", ["Basmati Rice, 5 kg", "Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice below 130", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["under ₹500 rice", ["Basmati Rice, 5 kg", "Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice less than rs. 130", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice up to 130 rupees", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice < 130", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice max 130 INR", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice 130 or less", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["130 se kam rice", ["Brown Rice, 500 g", "Kolam Rice, 1 kg"]],
    ["rice above 900", ["Basmati Rice, 10 kg", "Rice Cooker"]],
    ["rice over 1k", ["Rice Cooker"]],
    ["rice more than 1,000", ["Rice Cooker"]],
    ["rice between 100 and 500", ["Basmati Rice, 5 kg", "Brown Rice, 500 g"]],
    ["rice ₹100-₹500", ["Basmati Rice, 5 kg", "Brown Rice, 500 g"]],
    ["rice under 500 5 kg", ["Basmati Rice, 5 kg"]],
    ["basmati rise under 600", ["Basmati Rice, 5 kg"]],
  ])("`%s` is answered by what costs that", async (q, expected) => {
    const { items, total, total_exact, facets } = await lab.ask(q);
    expect(items.map(({ name }) => name).toSorted()).toEqual(expected);
    expect([total, total_exact]).toEqual([expected.length, expected.length]);
    expect(facets.category.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length);
  });

  test("is said, in the shop's currency", async () => {
    expect(await lab.ask("rice under 500")).toMatchObject({ asked_price: { min: null, max: 500 }, ignored_words: [] });
    expect(await lab.ask("rice over ₹1,00,000/-")).toMatchObject({ asked_price: { min: 100_000, max: null } });
    expect(await lab.ask("between 99.50 and 150 rice")).toMatchObject({ asked_price: { min: 99.5, max: 150 } });
    expect(await lab.ask("rice")).toMatchObject({ asked_price: null });
  });

  test("is no amount, no part of a name, no other currency's, and nothing in quotes or by itself", async () => {
    for (const q of [
      "rice under 500 g",
      "rice between 5 and 10 kg",
      "rice under 5 stars",
      "rice air max 90",
      "under 25 stories",
      "rice under $20",
      'rice "under 500"',
      "under 500",
      "rice 5-10",
    ])
      expect((await lab.ask(q)).asked_price, q).toBeNull();
    expect((await lab.find("under 25 stories"))[0]).toBe("Under 25 Stories");
  });

  test("that nothing has is said so: what is found is shown as no full answer", async () => {
    const { items, total_exact, relaxed_from, ...answer } = await lab.ask("basmati rice under 100");
    expect(answer).toMatchObject({ asked_price: { min: null, max: 100 } });
    expect([total_exact, relaxed_from]).toEqual([0, 0]);
    expect(
      items
        .slice(0, 2)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["Basmati Rice, 10 kg", "Basmati Rice, 5 kg"]);
    expect(items.every(({ relaxed }) => relaxed === true)).toBeTrue();
  });

  test("goes together with filters and orders, which only take away", async () => {
    expect(await lab.find("rice under 500", "&min_price=100&sort=price_desc")).toEqual([
      "Basmati Rice, 5 kg",
      "Brown Rice, 500 g",
    ]);
    expect(await lab.find("rice under 500", "&max_price=100")).toEqual(["Kolam Rice, 1 kg"]);
    expect(await lab.find("rice under 500", "&category=Kitchen")).toEqual([]);
  });

  test("takes nothing away from suggestions, and why names it", async () => {
    expect(await lab.suggest("assam tea under 200")).toEqual(["Assam Tea, 500 g"]);
    const admin = await newClient(lab.shop, { admin: true });
    const why = async (q: string, name: string) => {
      const id = (await lab.ask(name)).items[0]?.id;
      return (await admin.get(`/admin/search/why?q=${encodeURIComponent(q)}&product_id=${id}`)).body;
    };
    expect(await why("basmati rice under 600", "Basmati Rice, 10 kg")).toMatchObject({
      place: null,
      answers: "no",
      because: "It has another price than the search asks for.",
      total_exact: 1,
    });
    expect(await why("basmati rice under 600", "Basmati Rice, 5 kg")).toMatchObject({ place: 1, answers: "whole" });
    expect(await why("basmati rice under 100", "Basmati Rice, 5 kg")).toMatchObject({
      answers: "part",
      total_exact: 0,
    });
  });
});

test.each(engines)("a price is read in the shop's languages and currency on $name", async (engine) => {
  const lab = await labOf(
    engine,
    [
      { name: "Kaffee", price: 4.5 },
      { name: "Kaffeemühle", price: 35 },
      { name: "Kaffee Crema", price: 12 },
    ],
    {
      CURRENCY: "EUR",
      SEARCH_LANGUAGES: "de,en",
    },
  );
  expect(await lab.find("kaffee unter 10 €")).toEqual(["Kaffee"]);
  expect(await lab.find("kaffee zwischen 10 und 12,50 euro")).toEqual(["Kaffee Crema"]);
  expect(await lab.find("kaffee mindestens 12")).toEqual(["Kaffee Crema"]);
});
