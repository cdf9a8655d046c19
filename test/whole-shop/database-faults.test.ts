import { SQL } from "bun";
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { postgresAt, postgresServer } from "../support/engines";
import { type OwnPostgres, ownPostgres } from "../support/own-postgres";
import { pgbouncerProgram, startBouncer } from "../support/pgbouncer";
import { type Caller, type FileShop, fileShop, missing, type Served, sizeOf, startServer } from "../support/served";
import { smallDisk } from "../support/small-disk";
import { wayTo } from "../support/way";

setDefaultTimeout(24 * 3_600_000);

/** How long a fault lasts, where it has a length. At full size with the usual deadline, in the check with a shorter one. */
const FAULT_MS = 1_000 * sizeOf("SANSET_TEST_FAULT_SECONDS", 1);
const isWhole = FAULT_MS >= 10_000;
const CLIENTS = 12;
/** Nobody waits longer for an answer, whatever has happened to the database. */
const ANSWERED_WITHIN_MS = 8_000;
/** And so long after it is there again, all is as before. */
const RECOVERED_WITHIN_MS = 15_000;

/** Those that grow with each order. */
const WRITTEN_BY_ORDERS = ["orders", "order_items", "order_history", "payments", "stock_moves", "outbox"];

let postgres: OwnPostgres;
let shop: FileShop;
const servers: Served[] = [];
let servedBy = "";
const ends: (() => unknown)[] = [];

async function stopServing(): Promise<void> {
  for (const server of servers.splice(0)) await server.kill().catch(() => {});
}

const databaseUrl = (): string => shop.environment["DATABASE_URL"] ?? "";

/** The servers go on from test to test where they reach the database in the same way. */
async function serve(count = 2, url = databaseUrl()): Promise<void> {
  if (url !== servedBy) await stopServing();
  servedBy = url;
  const environment = { ...shop.environment, DATABASE_URL: url };
  while (servers.length < count) servers.push(await startServer({ ...shop, environment }));
}

async function administer(statement: string): Promise<void> {
  const admin = new SQL(databaseUrl(), { max: 1 });
  await admin.unsafe(statement).simple();
  await admin.close();
}

describe.skipIf(postgresServer === undefined)("two servers on a database", () => {
  beforeAll(async () => {
    postgres = await ownPostgres();
    const settings: Record<string, string> = isWhole ? {} : { DATABASE_DEADLINE_SECONDS: "1.5" };
    shop = await fileShop({ engine: postgresAt(postgres.url), buyers: CLIENTS, stock: 1_000_000, settings });
    // As a shop's database is set. Other tests need not outlive a power cut.
    await administer(`ALTER DATABASE ${new URL(databaseUrl()).pathname.slice(1)} RESET ALL`);
  });

  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  afterAll(async () => {
    await stopServing();
    // The server that it was made on may be gone.
    await shop?.remove().catch(() => {});
    await postgres?.remove();
  });

  test("that starts again lose nothing, and sell again by themselves", async () => {
    await serve();
    await during(async () => {
      postgres.stop("fast");
      postgres.start();
    });
  });

  test.if(isWhole)("that is killed lose nothing", async () => {
    await serve();
    await during(async () => {
      postgres.stop("immediate");
      await Bun.sleep(FAULT_MS);
      postgres.start();
    });
  });

  test("that stands still answer in time, and are used again once it goes on", async () => {
    await serve();
    await during(async (untilReadyIs) => {
      postgres.freeze();
      await untilReadyIs(503);
      await Bun.sleep(FAULT_MS);
      postgres.thaw();
    });
  });

  test("whose connections fall silent for ever open others", async () => {
    const way = wayTo(databaseUrl());
    ends.push(() => way.close());
    await serve(2, way.url);
    await during(async (untilReadyIs) => {
      way.fallSilent();
      await untilReadyIs(503);
      way.open();
    });
  });

  test.if(isWhole)("whose connections are cut again and again go on", async () => {
    await serve();
    const until = performance.now() + FAULT_MS;
    await during(async () => {
      while (performance.now() < until) {
        await administer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sanset'`);
        await Bun.sleep(100);
      }
    });
  });

  test.if(isWhole)("with a table that somebody holds say that it is busy", async () => {
    await serve();
    await during(async () => {
      await administer(
        `BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${FAULT_MS / 1000}); COMMIT`,
      );
    });
  });

  test.if(isWhole)("that has no connection left to give start and sell with those there are", async () => {
    await stopServing();
    await serve(1);
    const hogs = new SQL(databaseUrl(), { max: 90 });
    ends.push(() => hogs.close({ timeout: 0 }));
    await during(async () => {
      const held = Array.from({ length: 90 }, () => hogs.unsafe(`SELECT pg_sleep(${2 + FAULT_MS / 1000})`));
      await serve(2);
      await Promise.all(held);
      await hogs.close();
    });
  });

  test("one of which stands still sell on at the other", async () => {
    await serve();
    const [one, two] = servers;
    if (!one || !two) throw new Error("No servers.");
    await during(async () => {
      process.kill(one.process.pid, "SIGSTOP");
      await Bun.sleep(3_500 + FAULT_MS);
      expect((await buy(two.url, shop.admin, `beside-${crypto.randomUUID()}`)).status).toBe(201);
      process.kill(one.process.pid, "SIGCONT");
    }, [two]);
  });

  test.skipIf(!pgbouncerProgram())("behind a pooler that starts again go on", async () => {
    const bouncer = await startBouncer(postgres.url);
    ends.push(() => bouncer.stop());
    await serve(2, bouncer.urlOf(databaseUrl()));
    await during(() => bouncer.restart());
  });

  test("whose disk is full say so and are not ready, look things up meanwhile, and sell again once there is space", async () => {
    const disk = smallDisk(64);
    if (!disk) {
      console.log("Skipped: this user may mount no disk.");
      return;
    }
    ends.push(() => disk.remove());
    await serve();
    const moveTables = async (place: string) => {
      for (const table of WRITTEN_BY_ORDERS) await administer(`ALTER TABLE ${table} SET TABLESPACE ${place}`);
    };
    await administer(`CREATE TABLESPACE small LOCATION '${disk.folder}'`);
    ends.push(
      () => administer("DROP TABLESPACE small"),
      () => moveTables("pg_default"),
    );
    await moveTables("small");
    const counts = await during(
      async (untilReadyIs) => {
        disk.fill();
        await untilReadyIs(503);
        await Bun.sleep(FAULT_MS);
        disk.empty();
      },
      servers,
      [507],
    );
    expect(counts["buy 507"] ?? 0).toBeGreaterThan(0);
    expect(Object.keys(counts).filter((what) => what.startsWith("/api/"))).toEqual(
      expect.arrayContaining([expect.stringMatching(/ 200$/)]),
    );
    expect(Object.keys(counts).filter((what) => /^\/api\/.* (?!200)/.test(what))).toEqual([]);
  });

  // The last one: the first server of the two is gone after it.
  test("that is taken over by its copy turn to that, and nothing is lost", async () => {
    const standby = await postgres.standby();
    await setSynchronous(postgres.url);
    const { username, pathname } = new URL(databaseUrl());
    const hosts = `127.0.0.1:${postgres.port},127.0.0.1:${standby.port}`;
    const url = `postgres://${username}@${hosts}${pathname}?target_session_attrs=read-write`;
    await serve(2, url);
    shop.environment["DATABASE_URL"] = url;
    await during(async (untilReadyIs) => {
      postgres.stop("immediate");
      await untilReadyIs(503);
      standby.promote();
    });
  });
});

/** From now on a commit waits until the standby has it. */
async function setSynchronous(url: string): Promise<void> {
  const admin = new SQL(url, { max: 1 });
  await admin.unsafe("ALTER SYSTEM SET synchronous_standby_names = 'standby'").simple();
  await admin.unsafe("SELECT pg_reload_conf()");
  const isSynchronous = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
  while ((await admin.unsafe(isSynchronous)).length === 0) await Bun.sleep(20);
  await admin.close();
}

interface Told {
  status: number;
  retryAfter: string | null;
  body: { order_id?: number } | undefined;
}

/** One call; status 0 where the connection was lost, -1 where no answer came in time. */
async function call(url: string, path: string, caller?: Caller, method = "GET", body?: object, key?: string) {
  try {
    const response = await fetch(url + path, {
      method,
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
      headers: {
        ...(caller && { authorization: `Bearer ${caller.token}` }),
        ...(body && { "content-type": "application/json" }),
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const told: Told = {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      body: (await response.json()) as Told["body"],
    };
    return told;
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return { status: isLate ? -1 : 0, retryAfter: null, body: undefined };
  }
}

async function buy(url: string, caller: Caller, key: string): Promise<Told> {
  const put = await call(url, `/api/v1/cart/items/${shop.product}`, caller, "PUT", { qty: 1 });
  if (put.status !== 200) return put;
  const checkout = { payment_method: "cod", address_id: caller.address_id };
  return call(url, "/api/v1/orders/checkout", caller, "POST", checkout, key);
}

/**
 * Sells and looks around while this happens. Everybody is answered in time, with 503 and when to come back where it did not
 * work; every server sells again by itself; and what was acknowledged is there.
 */
async function during(
  fault: (untilReadyIs: (status: number) => Promise<void>) => Promise<unknown>,
  askedOf: readonly Served[] = servers,
  alsoRight: readonly number[] = [],
): Promise<Record<string, number>> {
  const over = new AbortController();
  const acknowledged = new Map<string, number>();
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  const hear = (what: string, { status, retryAfter }: Told) => {
    counts[`${what} ${status}`] = (counts[`${what} ${status}`] ?? 0) + 1;
    const isRight =
      status < 400 && status > 0 ? true : (status === 503 && retryAfter !== null) || alsoRight.includes(status);
    if (!isRight) wrong.push(`${what} ${status}`);
  };
  const url = (index: number) => askedOf[index % askedOf.length]?.url ?? "";
  const buyer = async (caller: Caller, index: number) => {
    while (!over.signal.aborted) {
      const key = `${index}-${crypto.randomUUID()}`;
      const told = await buy(url(index), caller, key);
      // Nobody knows whether an order of before stands: the cart may be empty by it.
      if (told.status !== 409) hear("buy", told);
      if (told.status === 201 && told.body?.order_id) acknowledged.set(key, told.body.order_id);
      if (told.status !== 201) await Bun.sleep(50);
    }
  };
  const looker = async (path: string, index: number) => {
    while (!over.signal.aborted) {
      hear(path.slice(0, 16), await call(url(index), path));
      await Bun.sleep(20);
    }
  };
  const paths = ["/readyz", "/readyz", "/api/v1/products?size=20", `/api/v1/products/${shop.product}`];
  const going = [...shop.buyers.map(buyer), ...paths.map(looker)];
  await untilAll(askedOf, (server) => buy(server.url, shop.admin, `before-${crypto.randomUUID()}`), 201);
  await fault((status) => untilAll(askedOf, (server) => call(server.url, "/readyz"), status));
  const recovers = performance.now() + RECOVERED_WITHIN_MS;
  await untilAll(servers, (server) => buy(server.url, shop.admin, `after-${crypto.randomUUID()}`), 201, recovers);
  await untilAll(servers, (server) => call(server.url, "/readyz"), 200, recovers);
  over.abort();
  await Promise.all(going);
  console.log(`${acknowledged.size} orders acknowledged; ${JSON.stringify(counts)}`);
  expect(wrong).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(0);
  expect(await missing(shop, acknowledged)).toEqual([]);
  expect(await shop.problems()).toEqual([]);
  return counts;
}

async function untilAll(
  asked: readonly Served[],
  ask: (server: Served) => Promise<Told>,
  status: number,
  giveUpAt = performance.now() + 30_000,
): Promise<void> {
  for (const server of asked) {
    let told = await ask(server);
    while (told.status !== status) {
      if (performance.now() > giveUpAt) throw new Error(`It still answers ${told.status}, not ${status}.`);
      await Bun.sleep(50);
      told = await ask(server);
    }
  }
}
