import { describe, expect, test } from "bun:test";
import { addToCart } from "../../src/carts/carts";
import { changeProduct } from "../../src/catalog/change";
import { removeProduct } from "../../src/catalog/removal";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { fair, sell, train } from "../support/fair";
import { stockShelf } from "../support/goods";

const idsOf = (list: { product_id: number }[]) => list.map((one) => one.product_id);

describe.each(engines)("lists of recommendations on $name", (engine) => {
  test("each recommendation says why, naming what the customer bought", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    await changeProduct(shop, products[4]!, { name: "Green tea" }, () => {});
    const newcomer = await newClient(shop);
    await sell(shop, newcomer.id, [products[4]!]);
    const { body } = await newcomer.get("/recommend/me?limit=3");
    expect(body.recommendations.map((one: { reason: string }) => one.reason)).toEqual([
      "Because you bought Green tea",
      "Because you bought Green tea",
      "Because you bought Green tea",
    ]);
    await addToCart(shop, newcomer.id, { product_id: products[4]!, qty: 1 });
    const cart = await newcomer.get("/recommend/me?limit=1&context=cart");
    expect(cart.body.recommendations[0].reason).toBe("Goes with Green tea in your cart");
  });

  test("what is popular counts back from the newest order, not from today", async () => {
    const { shop, products } = await fair(engine);
    const buyers = [];
    for (let buyer = 0; buyer < 6; buyer++) buyers.push(await newClient(shop));
    // A year later nobody has bought anything since.
    for (const buyer of buyers) await sell(shop, buyer.id, [products[5]!]);
    shop.pass(365 * 86_400);
    await train(shop, { trend_weight: 1, trend_smoothing: 1 });
    const list = await newClient(shop).then((visitor) => visitor.get("/recommend/popular?limit=4"));
    expect(list.status).toBe(200);
    expect(list.body[0]).toMatchObject({ product_id: products[5]!, reason: "Popular right now" });
    const newcomer = await newClient(shop);
    expect(idsOf((await newcomer.get("/recommend/me?limit=4")).body.recommendations)).toEqual(idsOf(list.body));
  });

  test("similar products please the same customers; those bought together lie in the same orders", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    const visitor = await newClient(shop);
    const similar = await visitor.get(`/products/${products[2]}/similar?limit=3`);
    expect(idsOf(similar.body).map((id) => products.indexOf(id) % 2)).toEqual([0, 0, 0]);
    expect(idsOf(similar.body)).not.toContain(products[2]!);
    const together = await visitor.get(`/products/${products[3]}/bought-together?limit=50`);
    expect(idsOf(together.body).toSorted(rising)).toEqual(
      products.filter((_, number) => number % 2 === 1 && number !== 3),
    );
    await removeProduct(shop, products[5]!, () => {});
    expect(idsOf((await visitor.get(`/products/${products[3]}/bought-together`)).body)).not.toContain(products[5]!);
    expect((await visitor.get(`/products/${products[5]}/similar`)).status).toBe(404);
    expect((await visitor.get(`/products/${products[5]}/bought-together`)).status).toBe(404);
  });

  test("a product that nobody has bought yet comes in through its category", async () => {
    const { shop, products } = await fair(engine);
    for (const [number, id] of products.entries()) {
      await changeProduct(shop, id, { category: number % 2 === 0 ? "Tea" : "Coffee" }, () => {});
    }
    const early = await stockShelf(shop, { ...unsold, slug: "early", category: "Tea" });
    await train(shop);
    const late = await stockShelf(shop, { ...unsold, slug: "late", category: "Tea" });
    const other = await stockShelf(shop, { ...unsold, slug: "other", category: "Coffee" });
    await Bun.sleep(300);
    const newcomer = await newClient(shop);
    await sell(shop, newcomer.id, [products[0]!, products[2]!, products[4]!]);
    const offered = idsOf((await newcomer.get("/recommend/me?limit=50")).body.recommendations);
    expect(offered.indexOf(early.id)).toBeGreaterThanOrEqual(0);
    expect(offered.indexOf(late.id)).toBeGreaterThanOrEqual(0);
    expect(offered.indexOf(early.id)).toBeLessThan(offered.indexOf(other.id));
    expect(offered.indexOf(late.id)).toBeLessThan(offered.indexOf(other.id));
    expect(idsOf((await newcomer.get(`/products/${late.id}/similar?limit=2`)).body)).toContain(early.id);
    // Nobody who bought anything bought it: neither that nor being popular is a reason.
    const reasonIn = (list: { product_id: number; reason: string }[]) =>
      list.find(({ product_id }) => product_id === early.id)?.reason;
    const mine = (await newcomer.get("/recommend/me?limit=50")).body.recommendations;
    expect(reasonIn(mine)).toBe("To discover");
    expect(reasonIn((await newcomer.get("/recommend/popular?limit=50")).body)).toBe("To discover");
  });

  test("a filter is applied before the list is cut", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    const newcomer = await newClient(shop);
    await sell(shop, newcomer.id, [products[0]!]);
    const everything = idsOf((await newcomer.get("/recommend/me?limit=50")).body.recommendations);
    const last = everything.at(-1)!;
    await changeProduct(shop, last, { category: "Rare", price: 999 }, () => {});
    expect(idsOf((await newcomer.get("/recommend/me?limit=1&category=Rare")).body.recommendations)).toEqual([last]);
    expect(idsOf((await newcomer.get("/recommend/me?limit=5&min_price=500")).body.recommendations)).toEqual([last]);
    expect((await newcomer.get("/recommend/popular?category=Rare")).body).toHaveLength(1);
    expect((await newcomer.get("/recommend/me?limit=5&category=None")).body.recommendations).toEqual([]);
  });

  test("every list holds the products themselves where it is asked to, and only there", async () => {
    const { shop, products } = await fair(engine);
    await train(shop);
    const customer = await newClient(shop);
    await sell(shop, customer.id, [products[0]!]);
    for (const path of [
      "/recommend/popular",
      "/recommend/me",
      `/recommend/${customer.id}`,
      "/recommend/buy-again",
      `/products/${products[2]}/similar`,
      `/products/${products[3]}/bought-together`,
    ]) {
      const listOf = async (more: string): Promise<Listed[]> => {
        const { status, body } = await customer.get(`${path}?limit=2${more}`);
        expect(status, path).toBe(200);
        return body.recommendations ?? body;
      };
      const [bare, list] = [await listOf(""), await listOf("&expand=product")];
      const ids = idsOf(bare);
      expect(ids.length, path).toBeGreaterThan(0);
      expect(bare[0], path).not.toHaveProperty("product");
      expect(idsOf(list)).toEqual(ids);
      const { body } = await customer.get(`/products?ids=${ids.join(",")}`);
      expect(list.map(({ product }) => product)).toEqual(body.items);
      expect((await customer.get(`${path}?expand=category`)).status).toBe(422);
    }
  });

  test("what one keeps buying comes first in buy-again, and nothing else is in it", async () => {
    const { shop, products } = await fair(engine);
    const newcomer = await newClient(shop);
    await sell(shop, newcomer.id, [products[1]!], 400);
    for (const daysAgo of [60, 30, 1]) await sell(shop, newcomer.id, [products[2]!], daysAgo);
    await sell(shop, newcomer.id, [products[3]!, products[4]!], 1);
    await addToCart(shop, newcomer.id, { product_id: products[4]!, qty: 1 });
    const { body } = await newcomer.get("/recommend/buy-again");
    expect(idsOf(body)).toEqual([products[2]!, products[3]!, products[1]!]);
    expect(body[0].reason).toBe("You bought it 3 times");
    expect(body[0].score).toBeLessThanOrEqual(1);
  });
});

type Listed = { product_id: number; product?: unknown };

const rising = (a: number, b: number) => a - b;

const unsold = { name: "Nobody's", price: 10, stock: 5, attributes: {} };
