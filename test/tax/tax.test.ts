import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { TaxLine } from "../../src/tax/schema";
import { clientOf, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

setDefaultTimeout(60_000);

const byId = (rates: { id: number }[]) => rates.toSorted((one, other) => one.id - other.id);

describe.each(engines)("tax rates on $name", (engine) => {
  test("hold at the most specific place that has any of their class, on all that goes there", async () => {
    const shop = await freshShop(engine, { PRICES_INCLUDE_TAX: "off" });
    const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
    for (const rate of [
      { name: "World", percent: 10 },
      { name: "India", percent: 18, country: "in" },
      { name: "Goa", percent: 9, country: "IN", state: "Goa" },
      { name: "Goa too", percent: 3, country: "IN", state: "GOA " },
      { name: "Kerala", percent: 5, country: "IN", state: "Kerala" },
      { name: "Goa, Ohio", percent: 7, country: "US", state: "Goa" },
      { name: "Books of Goa", percent: 2.525, tax_class: "reduced", country: "IN", state: "Goa" },
    ])
      expect((await admin.post("/tax-rates", rate)).status).toBe(201);
    // So dear that a rate that is off by the hundredth part of a thousandth shows.
    const [car, book] = [
      await stockShelf(shop, { price: 1_000_000 }),
      await stockShelf(shop, { price: 200_000, tax_class: "reduced" }),
    ];
    // As products of before may have it.
    await shop.database.transaction((tx) =>
      tx.run("UPDATE products SET tax_class = ' Reduced' WHERE id = $1", [book.id]),
    );
    for (const { id } of [car, book]) await buyer.post("/cart/add", { product_id: id });
    const taxes = async (place: object) =>
      (await buyer.post("/cart/quote", place)).body.taxes.map(({ name, base, tax }: TaxLine) => [name, base, tax]);
    const [world, india] = [["World", 1_000_000, 100_000] as const, ["India", 1_000_000, 180_000] as const];
    for (const [place, expected] of [
      [
        { country: "IN", state: " goa" },
        [
          ["Books of Goa", 200_000, 5_050],
          ["Goa", 1_000_000, 90_000],
          ["Goa too", 1_000_000, 30_000],
        ],
      ],
      [{ country: "IN", state: "Punjab" }, [india]],
      [{ country: "IN" }, [india]],
      [{ country: "US", state: "Goa" }, [["Goa, Ohio", 1_000_000, 70_000]]],
      [{ country: "US", state: "Ohio" }, [world]],
      [{ country: "DE", state: "Goa" }, [world]],
    ] as const)
      expect([place, await taxes(place)]).toEqual([place, expected.map((tax) => [...tax])]);
  });

  test("that are part of the price take each its share of what is left without them all", async () => {
    const shop = await freshShop(engine);
    const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
    for (const name of ["CGST", "SGST"]) await admin.post("/tax-rates", { name, percent: 9 });
    await buyer.post("/cart/add", { product_id: (await stockShelf(shop, { price: 1_180_000 })).id });
    expect((await buyer.post("/cart/quote")).body).toMatchObject({
      total: 1_180_000,
      tax: 0,
      tax_included: 180_000,
      taxes: [
        { base: 1_180_000, tax: 90_000 },
        { base: 1_180_000, tax: 90_000 },
      ],
    });
  });

  test("are changed and removed one by one, in the sight of all, and the audit has what they were", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const names = ["First", "Second", "Third"];
    const made = await Promise.all(names.map((name) => admin.post("/tax-rates", { name, percent: 9 })));
    const [first, second, third] = made.map(({ body }) => body);
    const anybody = clientOf(shop);
    const change = (id: number, what: object) => admin.patch(`/tax-rates/${id}`, what);
    expect((await change(second.id, { percent: 12.125 })).body).toEqual({ ...second, percent: 12.125 });
    const [entry] = (await admin.get("/admin/audit?size=1")).body;
    expect(entry.details).toEqual({ percent: [9, 12.125] });
    const renamed = { ...second, name: "Other", percent: 12.125 };
    expect((await change(second.id, { name: "Other" })).body).toEqual(renamed);
    expect((await anybody.get("/tax-rates")).body).toEqual(byId([first, renamed, third]));
    expect((await admin.delete(`/tax-rates/${first.id}`)).status).toBe(204);
    expect((await anybody.get("/tax-rates")).body).toEqual(byId([renamed, third]));
    for (const answer of [await admin.delete(`/tax-rates/${first.id}`), await change(first.id, { percent: 1 })])
      expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
    for (const [percent, status] of [
      [0, 200],
      [0.001, 200],
      [1_000, 200],
      [-0.001, 422],
      [1_000.001, 422],
      [9.0001, 422],
    ])
      expect([percent, (await change(third.id, { percent })).status]).toEqual([percent, status]);
    for (const wrong of [{ country: "IND" }, { country: "I1" }, { state: "Goa" }, { state: "Goa", country: null }])
      expect([wrong, (await admin.post("/tax-rates", { name: "VAT", percent: 9, ...wrong })).status]).toEqual([
        wrong,
        422,
      ]);
  });
});
