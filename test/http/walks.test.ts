import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createAccounts } from "../support/customers";
import { call, type Client, clientOf, linksOf, newBuyer } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

describe.each(engines)("a walk through a list on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newBuyer(shop);
    await shop.database.transaction((tx) => tx.run("UPDATE users SET is_admin = 1"));
    for (let number = 0; number < 23; number++) {
      if (number % 3 === 0) shop.pass(1);
      await stockShelf(shop, { slug: `walk-${number}`, name: `Walk ${number % 4}`, price: 100 + (number % 5) });
    }
    await createAccounts(shop, 12);
  });

  afterAll(() => shop.close());

  /** The ids of every page, one after the other, as their links lead on. */
  async function walk(path: string, between: (page: number) => Promise<unknown> = async () => {}): Promise<number[]> {
    const ids: number[] = [];
    let next: string | undefined = `/api/v1${path}`;
    for (let page = 0; next !== undefined && page < 50; page++) {
      const answer = await call(shop, "GET", next, { headers: { authorization: `Bearer ${admin.token}` } });
      expect(answer.status).toBe(200);
      const items: { id: number }[] = answer.body.items ?? answer.body;
      ids.push(...items.map(({ id }) => id));
      next = linksOf(answer)["next"];
      await between(page);
    }
    return ids;
  }

  const SORTS = ["", "&sort=newest", "&sort=name", "&sort=price_asc", "&sort=price_desc", "&sort=popular"];

  test.each(SORTS)("of products%s meets each once, in the order of its pages", async (sort) => {
    const walked = await walk(`/products?cursor=&size=4${sort}`);
    const whole = await admin.get(`/products?size=100${sort}`);
    expect(walked).toEqual(whole.body.items.map(({ id }: { id: number }) => id));
    expect(new Set(walked).size).toBe(23);
  });

  test("of what a filter leaves meets each once", async () => {
    for (const filter of [
      "in_stock=true",
      "min_price=101&max_price=103",
      "category=Kitchen",
      "in_stock=true&sort=name",
    ]) {
      const walked = await walk(`/products?cursor=&size=3&${filter}`);
      const whole = await admin.get(`/products?size=100&${filter}`);
      expect(walked).toEqual(whole.body.items.map(({ id }: { id: number }) => id));
    }
  });

  test("of accounts does not drift when others come meanwhile", async () => {
    const before = await admin.get("/users?size=100");
    const walked = await walk("/users?cursor=&size=3", async (page) => {
      if (page === 1) await newBuyer(shop);
    });
    expect(walked.slice(0, before.body.length)).toEqual(before.body.map(({ id }: { id: number }) => id));
    expect(new Set(walked).size).toBe(walked.length);
  });

  test("begins where a page leaves off", async () => {
    const page = await admin.get("/products?size=5&page=2&sort=name");
    const whole = await admin.get("/products?size=100&sort=name");
    const rest = await walk(`/products?size=5&sort=name&cursor=${page.body.next_cursor}`);
    expect(rest).toEqual(whole.body.items.slice(10).map(({ id }: { id: number }) => id));
    expect((await admin.get("/products?size=100")).body.next_cursor).toBeNull();
  });

  test.each([
    "x",
    "W10",
    "WyJ4Il0",
    Buffer.from('["a\\u0000",1]').toString("base64url"),
    Buffer.from("[1e99]").toString("base64url"),
  ])("does not go on from %s, which is no place", async (cursor) => {
    for (const path of ["/products?sort=name", "/products?sort=price_asc", "/users?size=1", "/admin/audit?size=1"]) {
      const { status, body } = await admin.get(`${path}&cursor=${cursor}`);
      expect({ path, status, code: body.code }).toEqual({ path, status: 422, code: "invalid" });
    }
  });

  test("by relevance has no place to go on from", async () => {
    const { body } = await admin.get("/products?size=2");
    expect((await clientOf(shop).get(`/search/products?q=walk&cursor=${body.next_cursor}`)).status).toBe(422);
  });
});
