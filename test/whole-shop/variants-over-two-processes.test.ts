import { afterAll, describe, expect, test } from "bun:test";
import { createProduct } from "../../src/catalog/create";
import { getProduct } from "../../src/catalog/catalog";
import { engines } from "../support/engines";
import { type Caller, type FileShop, fileShop, type Served, startServer } from "../support/served";

const opened: { shop: FileShop; servers: Served[] }[] = [];

afterAll(async () => {
  for (const { shop, servers } of opened) {
    for (const server of servers) await server.kill();
    await shop.remove();
  }
});

const call = (url: string, { token }: Caller, path: string, body: object) =>
  fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** A shirt in two colours: three red ones, many blue. */
async function newShirt(shop: FileShop) {
  return shop.within(async (inside) => {
    const base = { category: "Clothes", attributes: {}, name: "Shirt", stock: 0 };
    const parent = await createProduct(inside, { ...base, slug: "shirt", price: 500, option_names: ["Colour"] });
    const variant = (Colour: string, stock: number) =>
      createProduct(inside, { ...base, slug: `shirt-${Colour}`, stock, parent_id: parent.id, options: { Colour } });
    return { parent: parent.id, red: (await variant("Red", 3)).id, blue: (await variant("Blue", 100)).id };
  });
}

describe.each(engines)("variants over two processes on $name", (engine) => {
  test("ten buyers of three red shirts, while ten buy blue ones: three get red, all get blue, the parent is the sum", async () => {
    const shop = await fileShop({ engine, buyers: 20, stock: 1 });
    const { parent, red, blue } = await newShirt(shop);
    const servers = await Promise.all([startServer(shop), startServer(shop)]);
    opened.push({ shop, servers });
    const statuses = await Promise.all(
      shop.buyers.map(async (buyer, at) => {
        const { url } = servers[at % 2]!;
        await call(url, buyer, "/cart/add", { product_id: at < 10 ? red : blue });
        const { status } = await call(url, buyer, "/orders/checkout", {
          payment_method: "cod",
          address_id: buyer.address_id,
        });
        return status;
      }),
    );
    expect(statuses.slice(0, 10).toSorted((a, b) => a - b)).toEqual([201, 201, 201, ...Array<number>(7).fill(409)]);
    expect(statuses.slice(10)).toEqual(Array<number>(10).fill(201));
    const shown = await shop.within((inside) => getProduct(inside, parent));
    expect(shown.stock).toBe(90);
    expect(shown.variants.map(({ stock }) => stock)).toEqual([0, 90]);
    expect(await shop.problems()).toEqual([]);
  });
});
