import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engines } from "./support/engines";
import { ask, buyOne, checkOutOver, type FileShop, fileShop, type Served, sizeOf, startServer } from "./support/served";

setDefaultTimeout(600_000);

const KILL_CYCLES = sizeOf("SANSET_TEST_KILL_CYCLES", 2);
const ACKNOWLEDGED_A_CYCLE = sizeOf("SANSET_TEST_KILL_ORDERS", 100);
const BUYERS = sizeOf("SANSET_TEST_BUYERS", 150);
const BUYING_ROUNDS = sizeOf("SANSET_TEST_BUYING_ROUNDS", 2);
const FAULTS = sizeOf("SANSET_TEST_FAULTS", 2);

const servers = new Set<Served>();
const shops = new Set<FileShop>();

afterEach(async () => {
  for (const server of servers) await server.kill().catch(() => {});
  servers.clear();
  for (const shop of shops) await shop.remove();
  shops.clear();
});

async function open(...given: Parameters<typeof fileShop>): Promise<FileShop> {
  const shop = await fileShop(...given);
  shops.add(shop);
  return shop;
}

async function serve(shop: FileShop, under?: string[]): Promise<Served> {
  const server = await startServer(shop, under);
  servers.add(server);
  return server;
}

async function kill(server: Served): Promise<void> {
  servers.delete(server);
  await server.kill();
}

/** Which of these orders are not there whole: with lines, payment, history, stock move and idempotency record. */
function missing(shop: FileShop, acknowledged: ReadonlyMap<string, number>): Promise<string[]> {
  return shop.within(async ({ database }) => {
    const whole = await database.all<{ id: number }>(
      `SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id)
         AND EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id)
         AND EXISTS (SELECT 1 FROM order_history h WHERE h.order_id = o.id)
         AND EXISTS (SELECT 1 FROM stock_moves m WHERE m.order_id = o.id AND m.cause = 'reserved')`,
    );
    const there = new Set(whole.map(({ id }) => id));
    const kept = await database.all<{ key: string; answer: string }>("SELECT key, answer FROM idempotency_keys");
    const idOf = new Map(kept.map(({ key, answer }) => [key, (JSON.parse(answer) as { order_id: number }).order_id]));
    return [...acknowledged].filter(([key, id]) => !there.has(id) || idOf.get(key) !== id).map(([key]) => key);
  });
}

describe.each(engines)("killed on $name", (engine) => {
  test(`A1 C29 ${KILL_CYCLES} times under 32 checkouts at once, ${ACKNOWLEDGED_A_CYCLE} orders or more a time: none that was acknowledged is lost, and what is asked again happens once`, async () => {
    const shop = await open({ engine, buyers: 32, stock: 1_000_000 });
    const acknowledged = new Map<string, number>();
    let unheard: { caller: number; key: string }[] = [];
    let keys = 0;
    for (let cycle = 0; cycle < KILL_CYCLES; cycle++) {
      const { url, ...server } = await serve(shop);
      // First, what got no answer in the cycle before: it was done, or it is done now, but never twice.
      for (const { caller, key } of unheard) {
        const heard = await checkOutOver(url, shop.buyers[caller]!, key);
        if (heard.status === 201) acknowledged.set(key, heard.body.order_id);
        else expect(heard).toMatchObject({ status: 409, body: { code: "cart_empty" } });
      }
      unheard = [];
      const enough = acknowledged.size + ACKNOWLEDGED_A_CYCLE;
      const over = new AbortController();
      const crowd = shop.buyers.map(async (caller, index) => {
        while (!over.signal.aborted) {
          const key = `order-${++keys}`;
          const heard = await buyOne(url, shop, caller, key);
          if (heard.status === 201) acknowledged.set(key, heard.body.order_id);
          else if (heard.status === 0) unheard.push({ caller: index, key });
          if (acknowledged.size >= enough && !over.signal.aborted) {
            over.abort();
            await kill({ url, ...server });
          }
        }
      });
      await Promise.all(crowd);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILL_CYCLES * ACKNOWLEDGED_A_CYCLE);
    expect(await missing(shop, acknowledged)).toEqual([]);
    expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
    expect(await shop.problems()).toEqual([]);
  });
});

async function sellOut(shop: FileShop, urls: string[], round: number): Promise<number> {
  const outcomes = await Promise.all(
    shop.buyers.map(async (buyer, index) => {
      const url = urls[index % urls.length] ?? "";
      for (;;) {
        const heard = await buyOne(url, shop, buyer, `round-${round}`);
        // Told to come back later, they do.
        if (heard.status !== 503) return heard;
        await Bun.sleep(20);
      }
    }),
  );
  const others = outcomes.filter(({ status }) => status !== 201);
  expect(others.filter(({ body }) => body?.code !== "out_of_stock")).toEqual([]);
  return outcomes.length - others.length;
}

const restock = (url: string, shop: FileShop, delta: number) =>
  ask(url, shop.admin, "POST", `/admin/stock/${shop.product}/adjustment`, { delta, reason: "delivery" });

describe.each(engines)("buyers over real connections on $name", (engine) => {
  test(`B10 ${BUYERS} buyers for 100 units, ${BUYING_ROUNDS} rounds: exactly 100 sold in each`, async () => {
    const shop = await open({ engine, buyers: BUYERS, stock: 0 });
    const { url } = await serve(shop);
    for (let round = 0; round < BUYING_ROUNDS; round++) {
      await restock(url, shop, 100);
      expect(await sellOut(shop, [url], round)).toBe(100);
    }
    expect(await shop.problems()).toEqual([]);
  });

  test("B10 the same over two servers on one database, while the command line imports", async () => {
    const shop = await open({ engine, buyers: BUYERS, stock: 100 });
    const [one, two] = await Promise.all([serve(shop), serve(shop)]);
    const file = join(shop.folder, "goods.jsonl");
    const goods = Array.from({ length: 3_000 }, (_, index) =>
      JSON.stringify({ slug: `good-${index}`, name: `Good ${index}`, category: "Imported", price: 10, stock: 5 }),
    );
    writeFileSync(file, goods.join("\n"));
    const importing = Bun.spawn(
      [process.execPath, join(import.meta.dir, "../cli/main.ts"), "import", "products", file],
      {
        cwd: shop.folder,
        env: { PATH: process.env["PATH"] ?? "", ...shop.environment },
        stdio: ["ignore", "ignore", "ignore"],
      },
    );
    expect(await sellOut(shop, [one.url, two.url], 0)).toBe(100);
    expect(await importing.exited).toBe(0);
    expect(await shop.within(({ database }) => database.first("SELECT COUNT(*) AS count FROM products"))).toEqual({
      count: 3_001,
    });
    expect(await shop.problems()).toEqual([]);
  });

  test("while another process holds the database the server goes on answering, then says 503 with when to come back", async () => {
    // As many as there are connections to PostgreSQL for what is written.
    const shop = await open({ engine, buyers: 10, stock: 100 });
    const { url } = await serve(shop);
    for (const buyer of shop.buyers) await ask(url, buyer, "PUT", `/cart/items/${shop.product}`, { qty: 1 });
    const letGo = await holdStock(shop);
    const refused = shop.buyers.map((buyer) =>
      fetch(`${url}/api/v1/orders/checkout`, {
        method: "POST",
        headers: { authorization: `Bearer ${buyer.token}`, "content-type": "application/json" },
        body: JSON.stringify({ payment_method: "cod", address_id: buyer.address_id }),
      }),
    );
    const waits: number[] = [];
    for (let look = 0; look < 20; look++) {
      const at = performance.now();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      waits.push(performance.now() - at);
      for (const path of ["/readyz", `/api/v1/products/${shop.product}`]) {
        expect((await fetch(url + path)).status).toBe(200);
      }
      await Bun.sleep(20);
    }
    for (const answer of await Promise.all(refused)) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await answer.json()).toMatchObject({ code: "database_busy" });
    }
    expect(waits.toSorted((a, b) => a - b)[10]).toBeLessThan(250);
    await letGo();
    for (const buyer of shop.buyers) expect((await checkOutOver(url, buyer, "later")).status).toBe(201);
  });
});

/** In a transaction of this process, for the server another one. */
async function holdStock(shop: FileShop): Promise<() => Promise<void>> {
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = shop.within(({ database }) =>
    database.transaction(async (tx) => {
      await tx.run("UPDATE stock SET on_hand = on_hand");
      held.resolve();
      await letGo.promise;
    }),
  );
  await held.promise;
  return () => {
    letGo.resolve();
    return holding;
  };
}

/** Why a program can't be used here; undefined when it can. */
function unusable(command: string[]): string | undefined {
  try {
    const { exitCode, stderr } = Bun.spawnSync(command, { stdout: "ignore" });
    return exitCode === 0 ? undefined : stderr.toString().trim() || `exit code ${exitCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const noStrace = unusable(["strace", "-f", "-o", "/dev/null", "true"]);
if (noStrace) console.warn(`I/O faults are not tested: strace can't be used here (${noStrace}).`);

describe.skipIf(noStrace !== undefined)("a disk that fails", () => {
  const faults = [
    // Which of the two SQLite calls is a matter of how it was built.
    ["fsync,fdatasync", "EIO"],
    ["fsync,fdatasync", "ENOSPC"],
    ["pwrite64", "EIO"],
    ["pwrite64", "ENOSPC"],
  ] as const;

  test.each(faults)(
    "A4 %s answers %s: no order that was acknowledged is lost, and the shop goes on",
    async (call, error) => {
      for (let fault = 0; fault < FAULTS; fault++) {
        const shop = await open({ buyers: 4, stock: 10_000 });
        // A few calls in a row from somewhere in the middle, so that it hits writing as well as cleaning up.
        const from = 12 + fault * 7;
        const inject = `inject=${call}:error=${error}:when=${from}..${from + 3}`;
        const server = await serve(shop, [
          "strace",
          "-f",
          "-qq",
          "-o",
          "/dev/null",
          "-e",
          `trace=${call}`,
          "-e",
          inject,
        ]);
        const acknowledged = new Map<string, number>();
        const failures: string[] = [];
        for (let turn = 0; turn < 15; turn++) {
          const heard = await Promise.all(
            shop.buyers.map((buyer, index) => buyOne(server.url, shop, buyer, `order-${turn}-${index}`)),
          );
          for (const [index, { status, body }] of heard.entries()) {
            if (status === 201) acknowledged.set(`order-${turn}-${index}`, body.order_id);
            else failures.push(`${status} ${body?.code}`);
          }
        }
        expect(failures.length).toBeGreaterThan(0);
        // What failed said so in the right words, and what came after it was served.
        for (const failure of failures)
          expect(["503 database_failed", "507 database_full", "409 cart_empty"]).toContain(failure);
        expect([...acknowledged.keys()].some((key) => key.startsWith("order-14-"))).toBe(true);
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
        await kill(server);
        expect(await missing(shop, acknowledged)).toEqual([]);
        expect(await shop.problems()).toEqual([]);
      }
    },
  );

  test("A4 killed in the very write of a commit: what was acknowledged before is there", async () => {
    for (let crash = 0; crash < FAULTS; crash++) {
      const shop = await open({ buyers: 4, stock: 10_000 });
      const inject = `inject=pwrite64:signal=SIGKILL:when=${40 + crash * 23}`;
      const server = await serve(shop, [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=pwrite64",
        "-e",
        inject,
      ]);
      const acknowledged = new Map<string, number>();
      for (let turn = 0; turn < 50; turn++) {
        const heard = await Promise.all(
          shop.buyers.map((buyer, index) => buyOne(server.url, shop, buyer, `order-${turn}-${index}`)),
        );
        for (const [index, { status, body }] of heard.entries()) {
          if (status === 201) acknowledged.set(`order-${turn}-${index}`, body.order_id);
        }
        if (heard.every(({ status }) => status === 0)) break;
      }
      await kill(server).catch(() => {});
      expect(await missing(shop, acknowledged)).toEqual([]);
      expect(await shop.problems()).toEqual([]);
    }
  });
});

const mount = (folder: string) => unusable(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
const unmount = (folder: string) => {
  unusable(["umount", folder]);
  rmSync(folder, { recursive: true, force: true });
};

/** Tried and undone at once: the test itself may be left out of this run. */
function whyNoMount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "sanset-tmpfs-"));
  const reason = mount(folder);
  unmount(folder);
  return reason;
}

const noMount = whyNoMount();
if (noMount) console.warn(`A full disk is not tested: a small file system can't be mounted here (${noMount}).`);

test.skipIf(noMount !== undefined)(
  "A3 a full disk: no half order, reads go on, and with space again so do sales",
  async () => {
    const mountPoint = mkdtempSync(join(tmpdir(), "sanset-tmpfs-"));
    mount(mountPoint);
    try {
      const shop = await fileShop({ buyers: 4, stock: 10_000, folder: mountPoint });
      const server = await serve(shop);
      const acknowledged = new Map<string, number>();
      const first = await buyOne(server.url, shop, shop.buyers[0]!, "first");
      expect(first.status).toBe(201);
      acknowledged.set("first", first.body.order_id);
      unusable(["sh", "-c", `cat /dev/zero > ${join(mountPoint, "filler")}`]);
      const refusals = new Set<string>();
      for (let turn = 0; turn < 40; turn++) {
        const heard = await buyOne(server.url, shop, shop.buyers[turn % 4]!, `full-${turn}`);
        if (heard.status === 201) acknowledged.set(`full-${turn}`, heard.body.order_id);
        else refusals.add(`${heard.status} ${heard.body?.code}`);
      }
      expect(refusals.size).toBeGreaterThan(0);
      for (const refusal of refusals)
        expect(["507 database_full", "503 database_failed", "409 cart_empty"]).toContain(refusal);
      expect((await ask(server.url, shop.buyers[0]!, "GET", "/orders")).status).toBe(200);
      expect((await ask(server.url, shop.buyers[0]!, "GET", `/products/${shop.product}`)).status).toBe(200);
      rmSync(join(mountPoint, "filler"));
      const again = await buyOne(server.url, shop, shop.buyers[0]!, "again");
      expect(again.status).toBe(201);
      acknowledged.set("again", again.body.order_id);
      await kill(server);
      expect(await missing(shop, acknowledged)).toEqual([]);
      expect(await shop.problems()).toEqual([]);
    } finally {
      unmount(mountPoint);
    }
  },
);
