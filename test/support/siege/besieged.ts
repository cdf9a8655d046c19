import type { Subprocess } from "bun";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestEngine } from "../engines";
import { PROGRAM, SECRET } from "../usual";

/** A shop in a process of its own, at the limits that everybody has, behind a proxy that says who calls. */
export interface Besieged {
  url: string;
  hostname: string;
  port: number;
  /** Resident memory of the server, in megabytes. */
  memory(): number;
  /** The most that a timer of the server came late, in milliseconds: the end of its fullest bucket. */
  lag(): Promise<number>;
  /** What a call of each route was charged with on average, in milliseconds. */
  charged(): Promise<Map<string, number>>;
  end(): Promise<void>;
}

export async function besiege(
  engine: TestEngine,
  products: number,
  settings: Record<string, string> = {},
): Promise<Besieged> {
  const folder = mkdtempSync(join(tmpdir(), "sanset-siege-"));
  const place = await engine.newPlace();
  const environment = {
    PATH: process.env["PATH"] ?? "",
    DATABASE_URL: place.url,
    SECRET_KEY: SECRET,
    SANSET_ENV: "development",
    LOG_LEVEL: "silent",
    TRUSTED_PROXIES: "127.0.0.1",
    ...settings,
  };
  const seed = Bun.spawn([...PROGRAM, "seed", "--products", String(products), "--customers", "5", "--orders", "20"], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "ignore", "ignore"],
  });
  if ((await seed.exited) !== 0) throw new Error("The shop could not be seeded.");
  const server: Subprocess<"ignore", "pipe", "ignore"> = Bun.spawn([...PROGRAM, "serve", "--port", "0", "--json"], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  for await (const chunk of server.stdout) {
    said += new TextDecoder().decode(chunk);
    if (said.includes("}")) break;
  }
  const { url } = JSON.parse(said) as { url: string };
  const { hostname, port } = new URL(url);
  return {
    url,
    hostname,
    port: Number(port),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1024,
    charged: async () => averagesOf(await (await fetch(`${url}/metrics`)).text()),
    lag: async () => longestOf(await (await fetch(`${url}/metrics`)).text()),
    end: async () => {
      server.kill("SIGTERM");
      await server.exited;
      await place.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The end of the first bucket that holds every observation, in milliseconds. */
function longestOf(metrics: string): number {
  const buckets = [...metrics.matchAll(/^sanset_event_loop_lag_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)];
  const all = Number(buckets.at(-1)?.[2] ?? 0);
  const last = buckets.find(([, , count]) => Number(count) === all);
  return Number(last?.[1] ?? 0) * 1000;
}

function averagesOf(metrics: string): Map<string, number> {
  const calls = new Map<string, number>();
  for (const [, route = "", count] of metrics.matchAll(
    /^sanset_request_seconds_count\{method="\w+",route="([^"]+)",status="\d+"\} (\d+)$/gm,
  )) {
    calls.set(route, (calls.get(route) ?? 0) + Number(count));
  }
  const charged = metrics.matchAll(/^sanset_charged_milliseconds_total\{route="([^"]+)"\} ([\d.e-]+)$/gm);
  return new Map(
    [...charged]
      .filter(([, route = ""]) => calls.has(route))
      .map(([, route = "", ms]) => [route, Number(ms) / (calls.get(route) ?? 1)] as const),
  );
}
