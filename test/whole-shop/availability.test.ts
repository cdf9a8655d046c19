import { describe, expect, test } from "bun:test";
import { routeCosts } from "../../src/http/openapi/costs";
import { engines } from "../support/engines";
import { readDocument } from "../support/operations";
import { freshShop } from "../support/shop";
import { attacksOn } from "../support/siege/attacks";
import { besiege } from "../support/siege/besieged";
import { percentile, shopHonestly } from "../support/siege/honest";

/**
 * How long each attack goes on at the least, and on how large a shop. At every check each lasts for one round of the honest customer,
 * who comes from another address each time, and passwords are hashed in a moment; `bun run siege` takes a minute for each, with one
 * customer throughout.
 */
const SECONDS = Number(process.env["SIEGE_SECONDS"] ?? 0);
const PRODUCTS = Number(process.env["SIEGE_PRODUCTS"] ?? 300);
const IS_FULL = SECONDS >= 60;

/** Held by the full siege alone: at a check other tests have the machine too. */
const SIGN_IN_MS = 1_000;
const READ_MS = 250;
const TIMER_MS = 200;
const MEMORY_MB = 600;
const MEMORY_LEFT_MB = 50;

describe.each(engines)("one client against the shop on $name", (engine) => {
  test("keeps nobody else from signing in, looking around and buying, whatever it sends", async () => {
    const small = await freshShop(engine);
    const document = await readDocument(small);
    const costs = routeCosts(small.app);
    const shop = await besiege(engine, PRODUCTS, IS_FULL ? {} : { BCRYPT_COST: "7" });
    try {
      await shopHonestly(shop, AbortSignal.abort(), 1).calls;
      const before = shop.memory();
      const lines: string[] = [];
      // Told at the end, beside all figures.
      const missed: unknown[] = [];
      const hold = (holds: boolean, ...about: unknown[]) => void (holds || missed.push(about));
      for (const attack of attacksOn(document.operations)) {
        const stop = new AbortController();
        const attacked = attack.run(shop, stop.signal);
        const honest = shopHonestly(shop, stop.signal, IS_FULL ? 1 : lines.length + 2);
        await Promise.all([honest.round, Bun.sleep(SECONDS * 1000)]);
        const memory = shop.memory();
        stop.abort();
        const [calls, sent] = [await honest.calls, await attacked];
        // Every honest call is answered, and as it should be.
        const refused = calls.filter(({ status }) => status >= 400);
        hold(refused.length === 0, attack.name, refused);
        const [signIn, read] = [percentile(calls, "sign-in", 99), percentile(calls, "read", 99)];
        lines.push(
          `  ${attack.name.padEnd(50)} ${sent} sent; sign-in p99 ${signIn} ms, read p99 ${read} ms, ${Math.round(memory)} MB`,
        );
        hold(memory < MEMORY_MB, attack.name, "memory", memory);
        if (!IS_FULL) continue;
        hold(signIn < SIGN_IN_MS && read < READ_MS, attack.name, "sign-in and read", signIn, read);
      }
      const most = Map.groupBy(costs, ({ path }) => path);
      for (const [route, ms] of await shop.charged()) {
        // What there is nothing at costs no more than finding that out.
        const declared = Math.max(50, ...(most.get(route) ?? []).map((cost) => cost.ms));
        if (ms > declared / 4) lines.push(`  ${route} was charged with ${Math.round(ms)} of ${declared} ms a call`);
        if (IS_FULL) hold(ms <= declared, route, "ms a call", ms);
      }
      const lag = await shop.lag();
      lines.push(`  a timer came at most ${lag} ms late`);
      if (IS_FULL) {
        hold(lag <= TIMER_MS, "timer", lag);
        await Bun.sleep(40_000);
        const left = shop.memory() - before;
        lines.push(`  memory began at ${Math.round(before)} MB and ended ${Math.round(left)} MB above that`);
        hold(left < MEMORY_LEFT_MB, "memory left", left);
      }
      console.log(`${engine.name}, ${SECONDS} s each, ${PRODUCTS} products:\n${lines.join("\n")}`);
      expect(missed).toEqual([]);
    } finally {
      await shop.end();
    }
  }, 3_600_000);
});
