import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sweepOrders } from "../../src/orders/sweep";
import { signatureOf } from "../../src/payments/gateways/signature";
import { engines, postgresAt, postgresServer, type TestEngine } from "../support/engines";
import { type Bouncer, pgbouncerProgram, POOLER_IGNORES, startBouncer } from "../support/pgbouncer";
import { ask, type Caller, type FileShop, fileShop, type Served, sizeOf, startServer } from "../support/served";

setDefaultTimeout(24 * 3_600_000);

const SECONDS = sizeOf("SANSET_TEST_BANK_SECONDS", 4);
const SEED = sizeOf("SANSET_TEST_BANK_SEED", Date.now() % 1_000_000);
const CLIENTS = 12;
const KILLED_EVERY_MS = 2_000;
const SECRET = "whsec_0123456789abcdef";

let shop: FileShop | undefined;
let servers: Served[] = [];
let bouncer: Bouncer | undefined;

afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill().catch(() => {});
  await shop?.remove();
  await bouncer?.stop();
  bouncer = undefined;
});

interface Way {
  way: string;
  count: number;
  engine(): Promise<TestEngine>;
}

const throughBouncer = async (): Promise<TestEngine> => {
  if (postgresServer === undefined) throw new Error("There is no PostgreSQL.");
  const started = (bouncer = await startBouncer(postgresServer, { ignores: POOLER_IGNORES, connections: 20 }));
  return postgresAt(postgresServer, (url) => started.urlOf(url));
};

/** On PostgreSQL over three servers, directly and through a pooler. */
const ways: Way[] = engines.flatMap((engine): Way[] =>
  engine.name === "sqlite"
    ? [{ way: "sqlite", count: 1, engine: async () => engine }]
    : [
        { way: "postgres", count: 3, engine: async () => engine },
        ...(pgbouncerProgram() ? [{ way: "postgres through PgBouncer", count: 3, engine: throughBouncer }] : []),
      ],
);

/** Numbers that look random and follow from the seed (mulberry32, T. Ettinger, public domain). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe.each(ways)("the bank on $way", ({ engine, count }) => {
  test(`${SECONDS} s of everything at once, a server killed every ${KILLED_EVERY_MS / 1000} s, and of three one paused: everything adds up, and nothing that was acknowledged is lost (seed ${SEED})`, async () => {
    console.log(`Bank: seed ${SEED}; again with SANSET_TEST_BANK_SEED=${SEED}`);
    // Holds of a second and a half, so that some run out.
    const settings = { HOLD_MINUTES: "0.025", SWEEP_SECONDS: "1", MOCK_WEBHOOK_SECRET: SECRET };
    const bank = (shop = await fileShop({ engine: await engine(), buyers: CLIENTS, stock: 40, settings }));
    await bank.within(async ({ database }) => {
      await database.transaction((tx) =>
        tx.run(
          "INSERT INTO coupons (code, percent, max_uses, created_at) VALUES ('BANK', 10, 25, '2030-01-01T00:00:00.000Z')",
        ),
      );
    });
    servers = await Promise.all(Array.from({ length: count }, () => startServer(bank)));
    let asked = 0;
    const url = () => servers[asked++ % servers.length]?.url ?? "";
    const over = new AbortController();
    const acknowledged: number[] = [];
    const counts: Record<string, number> = {};

    const hear = (what: string, status: number) => {
      counts[`${what} ${status}`] = (counts[`${what} ${status}`] ?? 0) + 1;
    };

    const client = async (caller: Caller, index: number) => {
      const random = randomFrom(SEED * 1_000 + index);
      const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
      const mine: { id: number; page: string | null }[] = [];
      let keys = 0;
      while (!over.signal.aborted) {
        const roll = random();
        const order = pick(mine);
        const at = (path: string) => `/orders/${order?.id}/${path}`;
        if (roll < 0.4) {
          await ask(url(), caller, "POST", "/cart/add", {
            product_id: bank.product,
            qty: 1 + Math.floor(random() * 3),
          });
          const key = `${index}-${++keys}`;
          const body = {
            payment_method: random() < 0.5 ? "cod" : "mock",
            address_id: caller.address_id,
            ...(random() < 0.3 && { coupon_code: "bank" }),
          };
          const send = () => ask(url(), caller, "POST", "/orders/checkout", body, { "idempotency-key": key });
          let heard = await send();
          // No answer: the same again under the same key.
          while (heard.status === 0 && !over.signal.aborted) {
            await Bun.sleep(50);
            heard = await send();
          }
          hear("checkout", heard.status);
          if (heard.status !== 201) continue;
          acknowledged.push(heard.body.order_id);
          const page = heard.body.payment_url as string | null;
          mine.push({ id: heard.body.order_id, page: page && new URL(page).pathname.replace("/api/v1", "") });
        } else if (roll < 0.6 && order?.page) {
          await pay(url(), caller, order.page, random, hear);
        } else if (roll < 0.7) {
          hear("cancel", (await ask(url(), caller, "POST", at("cancellation"))).status);
        } else if (roll < 0.75) {
          hear("ask", (await ask(url(), caller, "POST", at("payment"))).status);
        } else if (roll < 0.9) {
          const step = pick(["packing", "shipment", "delivery", "refund", "return"]) ?? "packing";
          const body = step === "refund" ? (random() < 0.5 ? {} : { amount: 10 }) : step === "return" ? {} : undefined;
          hear(step, (await ask(url(), bank.admin, "POST", at(step), body)).status);
        } else {
          const delta = random() < 0.7 ? 5 : -2;
          const path = `/admin/stock/${bank.product}/adjustment`;
          hear("adjust", (await ask(url(), bank.admin, "POST", path, { delta, reason: "count" })).status);
        }
      }
    };

    const killer = async () => {
      const endsAt = performance.now() + SECONDS * 1_000;
      for (let turn = 0; performance.now() < endsAt; turn++) {
        // Longer than a transaction may stand still, where others wait for its rows.
        const paused = turn % 2 === 1 ? servers[(turn + 1) % servers.length] : undefined;
        if (servers.length > 1) paused?.process.kill("SIGSTOP");
        await Bun.sleep(Math.min(KILLED_EVERY_MS, endsAt - performance.now()));
        const killed = servers[turn % servers.length];
        await killed?.kill();
        const next = await startServer(bank);
        servers = servers.map((server) => (server === killed ? next : server));
        paused?.process.kill("SIGCONT");
      }
      over.abort();
    };
    await Promise.all([killer(), ...bank.buyers.map(client)]);
    for (const server of servers.splice(0)) await server.kill();

    console.log(`Bank: ${acknowledged.length} orders acknowledged; ${JSON.stringify(counts)}`);
    expect(Object.keys(counts).filter((what) => / 5(?!03)\d\d$/.test(what))).toEqual([]);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const there = await bank.within(async (opened) => {
      await Bun.sleep(2_000);
      // Until no hold is left that has run out.
      while ((await sweepOrders(opened)).expired > 0);
      const rows = await opened.database.all<{ id: number }>("SELECT id FROM orders");
      return new Set(rows.map(({ id }) => id));
    });
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(await bank.problems()).toEqual([]);
    // The gateway's books and ours agree: nobody paid for nothing.
    const kept = await bank.within(({ database }) =>
      database.all(
        `SELECT p.order_id FROM payments p JOIN mock_payments m ON m.reference = p.reference
       WHERE (CASE WHEN m.state = 'paid' THEN m.amount_minor - m.refunded_minor ELSE 0 END) <> p.captured_minor - p.refunded_minor`,
      ),
    );
    expect(kept).toEqual([]);
  });
});

/** On the page or by webhook, sometimes twice at once, sometimes the opposite right behind it. */
async function pay(
  url: string,
  caller: Caller,
  page: string,
  random: () => number,
  hear: (what: string, status: number) => void,
): Promise<void> {
  const choose = (choice: string) =>
    fetch(`${url}/api/v1${page}`, {
      method: "POST",
      headers: { authorization: `Bearer ${caller.token}`, "content-type": "application/x-www-form-urlencoded" },
      body: `choice=${choice}`,
    }).then(
      ({ status }) => status,
      () => 0,
    );
  const first = random() < 0.7 ? "pay" : random() < 0.5 ? "decline" : "expire";
  const times = random() < 0.3 ? 2 : 1;
  const answers = await Promise.all(Array.from({ length: times }, () => choose(first)));
  for (const status of answers) hear(first, status);
  if (random() < 0.5) hear("late event", await sendLate(url, page));
}

/** News of another end, out of order: what the gateway's books say has to win. */
async function sendLate(url: string, page: string): Promise<number> {
  const reference = page.split("/").at(-1);
  const event = { id: crypto.randomUUID(), type: "payment.expired", reference, amount_minor: 0, currency: "INR" };
  const body = JSON.stringify(event);
  return fetch(`${url}/api/v1/payments/mock/webhook`, {
    method: "POST",
    headers: { "content-type": "application/json", "sanset-signature": signatureOf(body, SECRET, new Date()) },
    body,
  }).then(
    ({ status }) => status,
    () => 0,
  );
}
