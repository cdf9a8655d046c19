import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { engines } from "../support/engines";
import { sequencesOf, USUAL_LENGTH } from "../support/fuzz/cases";
import { layFloors } from "../support/fuzz/floor";
import { createJudge } from "../support/fuzz/judge";
import { createTally } from "../support/fuzz/tally";
import { walk } from "../support/fuzz/walk";

/** A share at every check; `bun run fuzz` sends 20,000. */
const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 400);
const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const SHARE = Math.ceil(REQUESTS / engines.length);

/** So many find their way into every operation, whatever the seed. */
const ENOUGH = 10_000;

/** Operations that nothing here gets a good answer from, and why. */
const NEVER_GOOD = [
  // A training is under way from the start: each is a process of its own. See test/recommend/background.test.ts.
  "POST /api/v1/recommend/retrain",
];

describe.each(engines)("requests made of the document on $name", (engine) => {
  test(`${SHARE} of them get answers that the document knows`, async () => {
    const floors = await layFloors(engine);
    const tally = createTally(floors.document);
    const judge = createJudge(floors.document);
    const property = fc.asyncProperty(sequencesOf(floors.document), (sequence) =>
      walk(floors, judge, sequence, tally.count),
    );
    const outcome = await fc.check(property, { numRuns: Math.ceil(SHARE / USUAL_LENGTH), seed: SEED });
    await floors.remove();
    const where = `${engine.name}, seed ${SEED}`;
    if (outcome.failed) {
      const how = `By hand: bun run fuzz:floor ${engine.name}, and in another terminal what follows the first line.`;
      expect().fail(`${where}. ${how}\n\n${String(outcome.errorInstance)}`);
    }
    console.log(`${where}: ${tally.summary()}`);
    if (process.env["FUZZ_COUNTS"]) console.log(tally.table());
    // A fuzzer whose every request is refused finds nothing.
    expect(tally.good()).toBeGreaterThan(SHARE / 5);
    if (SHARE >= ENOUGH) expect(tally.neverGood()).toEqual(NEVER_GOOD);
  }, 1_600_000);
});
