import { describe, expect, test } from "bun:test";
import { changeProduct } from "../../src/catalog/change";
import { modelInService, modelsReady } from "../../src/recommend/serve/model-in-service";
import { recommend } from "../../src/recommend/serve/recommend";
import { openShop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { type Fair, fair, train } from "../support/fair";

/** So many features of 512 numbers are more than a megabyte. */
const manyAttributes = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`attribute ${at}`, at]));

async function fairOfManyFeatures(engine: (typeof engines)[number]): Promise<Fair> {
  const opened = await fair(engine);
  for (const id of opened.products) await changeProduct(opened.shop, id, { attributes: manyAttributes }, () => {});
  return opened;
}

const large = { factors: 512, epochs: 1 };

describe.each(engines)("a model of more than a megabyte, on $name", (engine) => {
  test("is made ready behind the one that answers meanwhile, and is whole", async () => {
    const { shop, customers } = await fairOfManyFeatures(engine);
    const elsewhere = openShop(await openDatabase(shop.place.address), shop.settings, { now: shop.now });
    try {
      const first = await train(shop);
      await recommend(shop, customers[0]!.id, { limit: 1 });
      const second = await train(elsewhere, large, { force: true });
      await Bun.sleep(300);
      // Who comes now does not wait until it is read.
      expect((await modelInService(shop))?.id).toBe(first.model_id);
      await modelsReady(shop);
      const served = await modelInService(shop);
      expect(served?.id).toBe(second.model_id);
      expect(served?.model.products).toHaveLength(512 * served!.model.productIds.length);
      expect([...served!.model.features.vectors].every(Number.isFinite)).toBe(true);
      expect(served?.model.features.names).toContain("attribute 599:599");
    } finally {
      await elsewhere.database.close();
    }
  });

  test("answers the next request when an admin has put it into service, and goes with all its pieces", async () => {
    const { shop } = await fairOfManyFeatures(engine);
    const admin = await newClient(shop, { admin: true });
    const pieces = () => shop.database.all<{ model_id: number }>("SELECT model_id FROM recommend_model_pieces");
    const first = await train(shop, large, { force: true });
    const second = await train(shop, {}, { force: true });
    await recommend(shop, admin.id, { limit: 1 });
    expect((await pieces()).map(({ model_id }) => model_id)).toEqual([first.model_id]);
    const { body } = await admin.put(`/admin/recommend/models/${first.model_id}/role`, { role: "serving" });
    expect(body.bytes).toBeGreaterThan(2 ** 20);
    expect((await modelInService(shop))?.id).toBe(first.model_id);
    await admin.put(`/admin/recommend/models/${second.model_id}/role`, { role: "serving" });
    for (let more = 0; more < 5; more++) await train(shop, {}, { force: true });
    expect(await pieces()).toEqual([]);
  });
});
