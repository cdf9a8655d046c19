import { readFileSync } from "node:fs";
import { median, report } from "./harness";
import { environmentIn, inFolder } from "./servers";

const STARTS = 9;
const DATA = "../shared/data/online-retail.csv.zst";
const BINARY = "dist/sanset";

/**
 * A year of a retailer's invoices, taken in, trained on and served by the binary: how long each takes.
 * `bun run bench start [FILE]`, after `bun run build`.
 */
export async function run([file = DATA]: string[]): Promise<boolean> {
  if (!(await Bun.file(BINARY).exists())) throw new Error("There is no dist/sanset: run bun run build first.");
  if (!(await Bun.file(file).exists())) throw new Error(`There is no ${file}: name a file of invoices.`);
  return inFolder(async (folder) => {
    const importing = await secondsOf(folder, "import", "orders", file);
    const training = await secondsOf(folder, "retrain");
    const starts = [];
    for (let start = 0; start < STARTS; start++) starts.push(await startOnce(folder));
    return report("The binary on the imported shop", [
      { name: "import orders, the whole file", measured: importing, unit: "s", limit: { atMost: 30 } },
      { name: "retrain on it", measured: training, unit: "s", limit: { atMost: 60 } },
      {
        name: `start to first answer, median of ${STARTS}`,
        measured: median(starts.map(({ ms }) => ms)),
        unit: "ms",
        limit: { atMost: 300 },
      },
      {
        name: "memory when idle",
        measured: median(starts.map(({ megabytes }) => megabytes)),
        unit: "MB",
        limit: { atMost: 120 },
      },
    ]);
  });
}

async function secondsOf(folder: string, ...words: string[]): Promise<number> {
  const startedAt = performance.now();
  const child = Bun.spawn([BINARY, ...words], { env: environmentIn(folder), stdio: ["ignore", "ignore", "inherit"] });
  if ((await child.exited) !== 0) throw new Error(`sanset ${words.join(" ")} failed.`);
  return (performance.now() - startedAt) / 1000;
}

async function startOnce(folder: string): Promise<{ ms: number; megabytes: number }> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const startedAt = performance.now();
  const child = Bun.spawn([BINARY, "serve", "--port", String(port)], {
    env: environmentIn(folder),
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    await firstAnswer(`http://127.0.0.1:${port}/api/v1/products/1`);
    const ms = performance.now() - startedAt;
    await Bun.sleep(500);
    return { ms, megabytes: residentMegabytes(child.pid) };
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
}

async function firstAnswer(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === 200) return;
    await Bun.sleep(2);
  }
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}
