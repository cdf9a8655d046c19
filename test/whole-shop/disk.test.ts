import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, buyOne, fileShop, missing, sizeOf, served } from "../support/served";

setDefaultTimeout(600_000);

const FAULTS = sizeOf("SANSET_TEST_FAULTS", 2);

const { open, serve, kill, end } = served();
afterEach(end);

/** Why a program can't be used here; undefined when it can. */
function unusable(command: string[]): string | undefined {
  try {
    const { exitCode, stderr } = Bun.spawnSync(command, { stdout: "ignore" });
    return exitCode === 0 ? undefined : stderr.toString().trim() || `exit code ${exitCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Elsewhere a missing tool or right is said and the test left out; in CI it is a failure. */
function leftOut(what: string, reason: string | undefined): boolean {
  if (reason === undefined) return false;
  if (process.env["CI"]) throw new Error(`In CI this is never left out: ${what}, but ${reason}`);
  console.warn(`Not tested here: ${what} (${reason}).`);
  return true;
}

const noStrace = leftOut("a failing disk, which needs strace", unusable(["strace", "-f", "-o", "/dev/null", "true"]));

/** Runs a server with something done to some of its system calls. */
const straced = (calls: string, inject: string) => [
  "strace",
  "-f",
  "-qq",
  "-o",
  "/dev/null",
  "-e",
  `trace=${calls}`,
  "-e",
  inject,
];

describe.skipIf(noStrace)("a disk that fails", () => {
  test("a power cut loses nothing: no order is acknowledged before the log that holds it is synced", async () => {
    const shop = await open({ buyers: 8, stock: 10_000 });
    const trace = join(shop.folder, "trace");
    const calls = "trace=pwrite64,fsync,fdatasync,sendto,write,writev";
    const server = await serve(shop, ["strace", "-f", "-qq", "-y", "-s", "16", "-o", trace, "-e", calls]);
    for (let turn = 0; turn < 10; turn++) {
      const heard = await Promise.all(
        shop.buyers.map((buyer, index) => buyOne(server.url, shop, buyer, `order-${turn}-${index}`)),
      );
      expect(heard.map(({ status }) => status)).toEqual(heard.map(() => 201));
    }
    await kill(server);
    const { acknowledged, unsynced } = acknowledgements(readFileSync(trace, "utf8"));
    expect(acknowledged).toBe(80);
    expect(unsynced).toEqual([]);
  });

  const faults = [
    // Which of the two SQLite calls is a matter of how it was built.
    ["fsync,fdatasync", "EIO"],
    ["fsync,fdatasync", "ENOSPC"],
    ["pwrite64", "EIO"],
    ["pwrite64", "ENOSPC"],
  ] as const;

  test.each(faults)(
    "%s answers %s: no order that was acknowledged is lost, and the shop goes on",
    async (call, error) => {
      for (let fault = 0; fault < FAULTS; fault++) {
        const shop = await open({ buyers: 4, stock: 10_000 });
        // A few calls in a row from somewhere in the middle, so that it hits writing as well as cleaning up.
        const from = 12 + fault * 7;
        const inject = `inject=${call}:error=${error}:when=${from}..${from + 3}`;
        const server = await serve(shop, straced(call, inject));
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

  test("killed in the very write of a commit: what was acknowledged before is there", async () => {
    for (let crash = 0; crash < FAULTS; crash++) {
      const shop = await open({ buyers: 4, stock: 10_000 });
      const inject = `inject=pwrite64:signal=SIGKILL:when=${40 + crash * 23}`;
      const server = await serve(shop, straced("pwrite64", inject));
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

/** How many orders were acknowledged, and which of them while something written to the log could still be lost. */
function acknowledgements(trace: string): { acknowledged: number; unsynced: string[] } {
  let acknowledged = 0;
  let isSynced = true;
  const unsynced: string[] = [];
  for (const line of trace.split("\n")) {
    if (/pwrite64\(.*-wal>/.test(line)) isSynced = false;
    // A call that another thread's came between is told in two lines; the second says that it is done.
    else if (/f(data)?sync\(.*-wal>.*= 0|f(data)?sync resumed.*= 0/.test(line)) isSynced = true;
    else if (line.includes('"HTTP/1.1 201 Cre')) {
      acknowledged++;
      if (!isSynced) unsynced.push(line);
    }
  }
  return { acknowledged, unsynced };
}

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

const noMount = leftOut("a full disk, which needs a small file system mounted", whyNoMount());

test.skipIf(noMount)("a full disk: no half order, reads go on, and with space again so do sales", async () => {
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
});
