import { expect, test } from "bun:test";
import { drawPicture } from "../../src/demo/pictures";
import { seedShop } from "../../src/demo/seed";
import { writeShowcase } from "../../src/demo/showcase";
import { examine } from "../../src/doctor/doctor";
import { clientOf, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { newFolder } from "../support/program";
import { freshShop } from "../support/shop";

test.each(anyEngine)(
  "on $name a demo shop shows variants, pictures, delivery, taxes and orders in every state",
  async (engine) => {
    const shop = await freshShop(engine, { MEDIA_DIR: newFolder() });
    const size = { seed: 1, products: 420, customers: 5, orders: 30, yes: true, variants: true };
    await seedShop(shop, size);
    expect((await writeShowcase(shop)).orders).toBe(9);
    expect(await examine(shop)).toEqual([]);

    const admin = await newClient(shop, { admin: true });
    const { items, total } = (await clientOf(shop).get("/products?sort=newest&size=100")).body;
    expect(items.filter(({ image_url }: { image_url: string | null }) => image_url === null)).toEqual([]);
    expect(items.some(({ option_names }: { option_names: string[] }) => option_names.length > 0)).toBe(true);
    expect(total).toBeLessThan(420);
    const states = (await admin.get("/orders/all?size=100")).body.map(
      ({ status, payment_status }: { status: string; payment_status: string }) => `${status} ${payment_status}`,
    );
    for (const state of [
      "placed pending",
      "placed paid",
      "packed paid",
      "shipped paid",
      "delivered paid",
      "cancelled refunded",
      "delivered partially_refunded",
    ]) {
      expect(states).toContain(state);
    }
    expect((await admin.get("/returns")).body).toHaveLength(1);
    expect((await admin.get("/users?guests=true")).body).toHaveLength(9);
    expect((await clientOf(shop).get("/shipping-methods")).body).toHaveLength(2);
    expect((await clientOf(shop).get("/tax-rates")).body).toHaveLength(2);

    // Once more changes nothing.
    await seedShop(shop, size);
    expect((await writeShowcase(shop)).orders).toBe(0);
    expect((await clientOf(shop).get("/products?size=100")).body.total).toBe(total);
  },
);

test("the picture of a number is always the same, and another for another", async () => {
  const [once, again, other] = [await drawPicture(3, 1), await drawPicture(3, 1), await drawPicture(3, 2)];
  expect(Buffer.from(once).equals(again)).toBe(true);
  expect(Buffer.from(once).equals(other)).toBe(false);
  expect(await new Bun.Image(once).metadata()).toEqual({ width: 240, height: 240, format: "png" });
});
