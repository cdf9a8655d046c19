import { describe, expect, test } from "bun:test";
import { writeBehind } from "../../src/jobs/write-behind";
import type { Shop } from "../../src/shop/shop";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

/** A queue that notes what it wrote in each transaction, and lets `meanwhile` happen during one. */
function notingQueue(meanwhile: (shop: Shop, add: (shop: Shop, item: string) => void) => void) {
  const written: string[][] = [];
  const queue = writeBehind<string>({
    what: "A note",
    mostWaiting: 3,
    write: async (_, items, shop) => {
      written.push([...items]);
      meanwhile(shop, queue.add);
      return Promise.resolve();
    },
  });
  return { ...queue, written };
}

describe.each(engines)("what is written behind on $name", (engine) => {
  test("has company: what comes during a transaction waits for the next, instead of one each", async () => {
    const shop = await freshShop(engine);
    const { add, flush, written } = notingQueue((own, again) => again(own, `after ${written.length}`));
    add(shop, "a");
    add(shop, "b");
    await flush(shop);
    expect(written).toEqual([["a", "b"]]);
    await flush(shop);
    expect(written).toEqual([["a", "b"], ["after 1"]]);
  });

  test("is all written when flush answers, also what came while another flush was under way", async () => {
    const shop = await freshShop(engine);
    const { add, flush, written } = notingQueue(() => {});
    add(shop, "a");
    const first = flush(shop);
    add(shop, "b");
    await flush(shop);
    expect(written.flat()).toEqual(["a", "b"]);
    await first;
  });

  test("is forgotten where more waits than may", async () => {
    const shop = await freshShop(engine);
    const { add, flush, written } = notingQueue(() => {});
    for (const item of ["a", "b", "c", "d"]) add(shop, item);
    await flush(shop);
    expect(written).toEqual([["a", "b", "c"]]);
  });
});
