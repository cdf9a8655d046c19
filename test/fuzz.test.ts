import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { engines } from "./support/engines";
import { casesOf } from "./support/fuzz/cases";
import { openShopfloor } from "./support/fuzz/shopfloor";
import { readDocument } from "./support/operations";
import { freshShop } from "./support/shop";

/** A share at every check; `bun run fuzz` sends 20,000. */
const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 2_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

describe.each(engines)("requests made of the document on $name", (engine) => {
  test(`${REQUESTS} of them get answers that the document knows`, async () => {
    const shop = await freshShop(engine);
    const document = await readDocument(shop);
    const floor = await openShopfloor(shop, document);
    const seen = new Map<number, number>();
    const property = fc.asyncProperty(casesOf(document), async (request) => {
      const status = await floor.check(request);
      seen.set(status, (seen.get(status) ?? 0) + 1);
    });
    const numRuns = Math.ceil(REQUESTS / engines.length);
    await fc.assert(property, {
      numRuns,
      seed: SEED,
      interruptAfterTimeLimit: 1_500_000,
      markInterruptAsFailure: true,
    });
    const counts = [...seen].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    console.log(`${engine.name}: ${numRuns} requests, seed ${SEED}; ${counts.join(", ")}`);
    // A fuzzer whose every request is refused finds nothing.
    expect((seen.get(200) ?? 0) + (seen.get(201) ?? 0)).toBeGreaterThan(numRuns / 20);
  }, 1_600_000);
});
