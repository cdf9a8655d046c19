import { describe, expect, test } from "bun:test";
import { addImage } from "../../src/catalog/images";
import { importProducts } from "../../src/imports/products/import";
import { clientOf, newClient, PASSWORD } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { eventsOf } from "../support/outbox";
import { newFolder } from "../support/program";
import { freshShop } from "../support/shop";

const MUG = { slug: "mug", name: "Mug", category: "Kitchen", price: 4, stock: 9 };
const ASHA = { full_name: "Asha Rao", email: "asha@example.com", phone: "+91 98450 00000", password: PASSWORD };

const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==";

const of = (product_id: number, change: string) => ({ product_id, change });

describe.each(engines)("what others hear of goods and customers, on $name", (engine) => {
  test("a product is told of when it is added, changed, taken out and taken back", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = (await admin.post("/products", MUG)).body;
    const told = (change: string) => ({ product_id: id, change });
    await admin.patch(`/products/${id}`, { price: 5 });
    await admin.put(`/products/${id}`, { price: 6 });
    await admin.delete(`/products/${id}`);
    await admin.post(`/products/${id}/restoration`, {});
    expect(await eventsOf(shop, "product.changed")).toEqual(
      ["created", "changed", "changed", "deleted", "created"].map(told),
    );
  });

  test("a product is told of when it gets a picture, when that stands elsewhere, and when it goes", async () => {
    const shop = await freshShop(engine, { MEDIA_DIR: newFolder() });
    const admin = await newClient(shop, { admin: true });
    const kurta = await stockShelf(shop, { option_names: ["Size"], stock: 0, price: 0 });
    const small = await stockShelf(shop, { parent_id: kurta.id, options: { Size: "S" } });
    const since = (await eventsOf(shop, "product.changed")).length;
    const { id: picture } = await addImage(shop, kurta.id, Buffer.from(DOT, "base64"));
    await admin.patch(`/products/${kurta.id}/images/${picture}`, { alt: "From the front" });
    await admin.patch(`/products/${small.id}`, { image_id: picture });
    await admin.delete(`/products/${kurta.id}/images/${picture}`);
    expect((await eventsOf(shop, "product.changed")).slice(since)).toEqual([
      of(kurta.id, "changed"),
      of(kurta.id, "changed"),
      of(small.id, "changed"),
      of(small.id, "changed"),
      of(kurta.id, "changed"),
    ]);
  });

  test("another name of a category is told of each product in it, and of those that go along into another", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { category: "Kitchen" });
    const kurta = await stockShelf(shop, { category: "Kitchen", option_names: ["Size"], stock: 0, price: 0 });
    const small = await stockShelf(shop, { parent_id: kurta.id, options: { Size: "S" } });
    const tea = await stockShelf(shop, { category: "Tea" });
    const gone = await stockShelf(shop, { category: "Kitchen" });
    await admin.delete(`/products/${gone.id}`);
    const since = (await eventsOf(shop, "product.changed")).length;
    const moved = [mug.id, kurta.id, small.id].map((id) => of(id, "changed"));
    expect((await admin.put("/categories/Kitchen", { name: "Cooking" })).status).toBe(200);
    expect((await eventsOf(shop, "product.changed")).slice(since)).toEqual(moved);
    expect((await admin.put("/categories/Cooking", { position: 3 })).status).toBe(200);
    expect((await admin.put("/categories/Cooking", { name: "Tea", merge: true })).status).toBe(200);
    expect((await eventsOf(shop, "product.changed")).slice(since)).toEqual([...moved, ...moved]);
    expect((await admin.get(`/products/${tea.id}`)).body.category).toBe("Tea");
  });

  test("what is refused is not told", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = (await admin.post("/products", MUG)).body;
    expect((await admin.post("/products", MUG)).status).toBe(409);
    expect((await admin.patch(`/products/${id}`, { price: 5 }, { "if-match": '"0"' })).status).toBe(412);
    expect((await admin.post(`/products/${id}/restoration`, {})).status).toBe(409);
    expect(await eventsOf(shop, "product.changed")).toEqual([{ product_id: id, change: "created" }]);
  });

  test("a new name is told of each variant too, and so is taking out their parent and taking it back", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { stock: _, price: _none, ...kurta } = { ...MUG, slug: "kurta", name: "Kurta", option_names: ["Size"] };
    const parent = (await admin.post("/products", kurta)).body.id;
    const variant = { parent_id: parent, slug: "small", name: "-", category: "-", price: 4, options: { Size: "S" } };
    const small = (await admin.post("/products", variant)).body.id;
    const since = (await eventsOf(shop, "product.changed")).length;
    await admin.patch(`/products/${parent}`, { name: "Shirt" });
    await admin.patch(`/products/${parent}`, { weight_grams: 5 });
    await admin.delete(`/products/${parent}`);
    await admin.post(`/products/${parent}/restoration`, {});
    const told = (await eventsOf(shop, "product.changed")).slice(since);
    expect(told).toEqual([
      of(small, "changed"),
      of(parent, "changed"),
      of(parent, "changed"),
      of(parent, "deleted"),
      of(small, "deleted"),
      of(parent, "created"),
      of(small, "created"),
    ]);
  });

  test("a change of many products is told of each of them, and its preview of none", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const ids: number[] = [];
    for (const slug of ["mug", "cup", "pot"]) ids.push((await admin.post("/products", { ...MUG, slug })).body.id);
    const asked = { filter: { ids: ids.slice(0, 2) }, change: { price_percent: 50 } };
    const { confirm } = (await admin.patch("/admin/products", asked)).body;
    expect(await eventsOf(shop, "product.changed")).toHaveLength(3);
    expect((await admin.patch("/admin/products", { ...asked, confirm })).body).toMatchObject({ applied: true });
    const changed = ids.slice(0, 2).map((product_id) => ({ product_id, change: "changed" }));
    expect((await eventsOf(shop, "product.changed")).slice(3)).toEqual(changed);
  });

  test("products that come with a file are not told one by one, those of a command are", async () => {
    const shop = await freshShop(engine);
    const path = `${newFolder()}/products.jsonl`;
    await Bun.write(path, ["mug", "cup"].map((slug) => JSON.stringify({ ...MUG, slug, stock: 1 })).join("\n"));
    expect((await importProducts(shop, path)).new).toBe(2);
    expect(await eventsOf(shop, "product.changed")).toEqual([]);
    expect(await eventsOf(shop, "stock.low")).toEqual([]);
    await runCommand(shop, ["product", "edit", "mug", "--price", "5"]);
    expect(await eventsOf(shop, "product.changed")).toMatchObject([{ change: "changed" }]);
  });

  test("a customer is told of once they have an account: by registering, not by being refused or as an admin", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { admin: true });
    expect(await eventsOf(shop, "user.registered")).toEqual([]);
    const { id } = (await clientOf(shop).post("/auth/register", ASHA)).body;
    expect((await clientOf(shop).post("/auth/register", ASHA)).status).toBe(409);
    expect(await eventsOf(shop, "user.registered")).toEqual([{ user_id: id }]);
  });

  test("a guest is told of when they register, not when they come", async () => {
    const shop = await freshShop(engine);
    const { access_token } = (await clientOf(shop).post("/auth/guest", {})).body;
    expect(await eventsOf(shop, "user.registered")).toEqual([]);
    const registered = await clientOf(shop, access_token).post("/auth/register", ASHA);
    expect(registered.status).toBe(201);
    expect(await eventsOf(shop, "user.registered")).toEqual([{ user_id: registered.body.id }]);
  });
});
