import { join } from "node:path";
import { recordAlone } from "../src/audit/audit";
import { restoreBackup, verifyBackup } from "../src/backups/restore";
import { examine } from "../src/doctor/doctor";
import { openShop } from "../src/shop/shop";
import { migrate } from "../src/storage/migrate";
import { countOf } from "../src/storage/sql";
import { openDatabase } from "../src/storage/open";
import { loadSettings } from "../test/support/settings";
import { fill } from "./checkout-shop";
import { quantile, report } from "./harness";
import { environmentIn, inFolder, sanset } from "./servers";

const WRITES_A_SECOND = 1_000;
const STEP_MS = 5;
const ORDERS = Number(process.env["BENCH_BACKUP_ORDERS"] ?? 200_000);

/** A backup while the shop takes a thousand durable writes a second: what a write waits for it, and what the copy holds. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const settings = loadSettings({ ...environmentIn(folder), BACKUP_TO: join(folder, "backups") });
    const shop = openShop(await openDatabase(settings.databaseUrl), settings);
    await migrate(shop.database);
    await fill(shop, { products: 1_000, orders: ORDERS, buyers: 100 });
    const waits: { during: boolean; ms: number }[] = [];
    let [during, written] = [false, 0];
    const write = async () => {
      const startedAt = performance.now();
      await recordAlone(shop, { action: "bench" });
      written++;
      waits.push({ during, ms: performance.now() - startedAt });
    };
    const writing = new Set<Promise<void>>();
    const timer = setInterval(() => {
      for (let at = 0; at < (WRITES_A_SECOND * STEP_MS) / 1000; at++) {
        const one = write();
        writing.add(one);
        void one.finally(() => writing.delete(one));
      }
    }, STEP_MS);
    await Bun.sleep(3_000);
    const before = written;
    during = true;
    const startedAt = performance.now();
    process.env["BACKUP_TO"] = join(folder, "backups");
    const backup = JSON.parse(await sanset(folder, "backup", "create", "--json")) as {
      id: string;
      database: { bytes: number; stored_bytes: number };
    };
    const seconds = (performance.now() - startedAt) / 1000;
    const meanwhile = written - before;
    clearInterval(timer);
    await Promise.all(writing);
    // The bench's own rows have no history: the copy must add up as well as the shop itself.
    const own = await examine(shop);
    await shop.database.close();
    const { problems } = await verifyBackup({ settings, now: () => new Date() });
    const there = { ...settings, databaseUrl: { engine: "sqlite" as const, path: join(folder, "restored.db") } };
    await restoreBackup({ settings: there, now: () => new Date() }, backup.id);
    const copy = await openDatabase(there.databaseUrl);
    const held = await countOf(copy, "SELECT COUNT(*) FROM audit WHERE action = 'bench'");
    await copy.close();
    const of = (phase: boolean) => waits.filter((one) => one.during === phase).map(({ ms }) => ms);
    return report(`A backup of ${ORDERS.toLocaleString("en")} orders under ${WRITES_A_SECOND} writes a second`, [
      { name: "longest wait of a write meanwhile", measured: Math.max(...of(true)), unit: "ms", limit: { atMost: 50 } },
      { name: "longest wait before", measured: Math.max(...of(false)), unit: "ms" },
      { name: "p99 of a write meanwhile", measured: quantile(of(true), 0.99), unit: "ms" },
      { name: "p99 before", measured: quantile(of(false), 0.99), unit: "ms" },
      { name: "writes a second meanwhile", measured: meanwhile / seconds, unit: "/s" },
      { name: "the backup took", measured: seconds, unit: "s" },
      { name: "size of the database", measured: backup.database.bytes / 1_000_000, unit: "MB" },
      { name: "size of the backup", measured: backup.database.stored_bytes / 1_000_000, unit: "MB" },
      {
        name: "what the doctor finds in it and not in the shop",
        measured: problems.length - own.length,
        unit: "",
        limit: { atMost: 0 },
      },
      {
        name: "acknowledged before it, and not in it",
        measured: Math.max(0, before - held),
        unit: "",
        limit: { atMost: 0 },
      },
    ]);
  });
}
