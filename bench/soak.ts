import { readdirSync, readFileSync, statSync } from "node:fs";
import { busyShop } from "./checkout-shop";
import { median, report } from "./harness";
import { load, request } from "./load";
import { inFolder } from "./servers";

const SECONDS = Number(process.env["BENCH_SOAK_SECONDS"] ?? 300);
const CONNECTIONS = 16;
const SIZE = { products: 1_000, orders: 10_000, buyers: Number(process.env["BENCH_BUYERS"] ?? 4_000) };
/** What a program needs that has just begun is no leak: the first tenth counts for nothing. */
const WARM = 0.1;

interface Sample {
  memory: number;
  files: number;
  log: number;
}

/** Five minutes of looking, searching, filling carts and buying: memory, open files and the write-ahead log stay where they are. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const shop = await busyShop(folder, "soak", SIZE);
    const samples: Sample[] = [];
    const timer = setInterval(() => samples.push(sampleOf(shop.server.pid, shop.path)), 1_000);
    let bought = 0;
    try {
      await shop.refill();
      const mixed = await load({
        port: shop.server.port,
        connections: CONNECTIONS,
        seconds: SECONDS,
        next: (_, sent) => (sent % 10 === 9 ? (shop.requests[bought++] ?? looks(sent)) : looks(sent)),
      });
      const measured = samples.slice(Math.floor(samples.length * WARM));
      const third = Math.max(1, Math.floor(measured.length / 3));
      const flat = (name: string, unit: string, read: (sample: Sample) => number, spare: number) => {
        const [first, last] = [measured.slice(0, third), measured.slice(-third)].map((part) => median(part.map(read)));
        return {
          name: `${name}, at the end (${(first ?? 0).toFixed(0)} at the beginning)`,
          measured: last ?? 0,
          unit,
          limit: { atMost: (first ?? 0) * 1.1 + spare },
        };
      };
      const failed = Object.entries(mixed.statuses).filter(([status]) => Number(status) >= 500);
      return report(`${SECONDS} s of mixed load over ${CONNECTIONS} connections`, [
        { name: "requests a second", measured: mixed.perSecond, unit: "/s" },
        {
          name: "answers from 500 on",
          measured: failed.reduce((sum, [, count]) => sum + count, 0),
          unit: "",
          limit: { atMost: 0 },
        },
        flat("memory", "MB", ({ memory }) => memory, 20),
        flat("open files", "", ({ files }) => files, 4),
        flat("write-ahead log", "MB", ({ log }) => log, 8),
      ]);
    } finally {
      clearInterval(timer);
      await shop.close();
    }
  });
}

const PATHS = [
  "/products?size=20",
  "/search?q=product",
  "/products/17",
  "/categories",
  "/products?sort=price_asc&page=3",
  "/search/suggestions?q=pro",
];

const looks = (sent: number) => request("GET", `/api/v1${PATHS[sent % PATHS.length]}`);

function sampleOf(pid: number, path: string): Sample {
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return {
    memory: Number(resident) / 1_000,
    files: readdirSync(`/proc/${pid}/fd`).length,
    log: (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) / 1_000_000,
  };
}
