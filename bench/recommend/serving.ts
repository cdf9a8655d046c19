import { type Figure, quantile } from "../harness";
import { load, request } from "../load";
import { environmentIn, inFolder, sanset, sansetHears, start } from "../servers";

const SECONDS = 4;

const path = (sent: number) => `/api/v1/recommend/${2 + (sent % 2_900)}?context=homepage&limit=10&max_price=400`;

/** How long recommending takes over HTTP, at two sizes of catalog, and what a training does to the others meanwhile. */
export async function serving(): Promise<Figure[]> {
  return [...(await servingOf(3_700, 2, 10)), ...(await servingOf(100_000, 10))];
}

function servingOf(products: number, p50: number, p99?: number): Promise<Figure[]> {
  return inFolder(async (folder) => {
    await sanset(folder, "seed", "--products", String(products), "--customers", "3000", "--orders", "30000");
    await sanset(folder, "retrain");
    const password = "a-password-for-benchmarks";
    await sansetHears(password, folder, "user", "create", ADMIN, "--name", "Bench", "--admin", "--password-stdin");
    // Not in production: there the limit on requests would answer.
    const server = await start([process.execPath, "cli/main.ts", "serve", "--port", "0", "--json"], {
      ...environmentIn(folder),
      RATE_LIMIT: "off",
    });
    try {
      const token = await signIn(server.port, password);
      const authorization = { authorization: `Bearer ${token}` };
      const loading = p99 === undefined ? await whileLoading(server.port, authorization) : [];
      // Another customer every time, one request at a time: how long one of them waits.
      const asked = { port: server.port, connections: 1, seconds: SECONDS };
      await load({ ...asked, seconds: 1, next: (_, sent) => request("GET", path(sent), authorization) });
      const { latencies, statuses } = await load({
        ...asked,
        next: (_, sent) => request("GET", path(sent), authorization),
      });
      const size = `${products.toLocaleString("en")} products`;
      const failed = latencies.length - (statuses[200] ?? 0);
      const figures: Figure[] = [
        {
          name: `recommend with fold-in and a filter, ${size}, p50`,
          measured: quantile(latencies, 0.5),
          unit: "ms",
          limit: { atMost: p50 },
        },
        {
          name: `the same, p99`,
          measured: quantile(latencies, 0.99),
          unit: "ms",
          ...(p99 !== undefined && { limit: { atMost: p99 } }),
        },
        { name: "the same, failed", measured: failed, unit: "requests", limit: { atMost: 0 } },
      ];
      return p99 === undefined
        ? [...figures, ...loading]
        : [...figures, ...(await whileTraining(server.port, authorization))];
    } finally {
      await server.stop();
    }
  });
}

/** How long the others wait at most while the first list has its model read, which is kept nowhere yet. */
async function whileLoading(port: number, authorization: Record<string, string>): Promise<Figure[]> {
  const health = { port, connections: 1, next: () => request("GET", "/healthz") };
  await load({ ...health, seconds: 1 });
  const list = fetch(`http://127.0.0.1:${port}${path(0)}`, { headers: authorization });
  const { latencies } = await load({ ...health, seconds: SECONDS });
  const loaded = (await list).status === 200;
  return [
    {
      name: "/healthz while a model of 100,000 products is loaded, longest",
      measured: loaded ? Math.max(...latencies) : Number.NaN,
      unit: "ms",
      limit: { atMost: 50 },
    },
  ];
}

/** /healthz while a training runs beside the server. */
async function whileTraining(port: number, authorization: Record<string, string>): Promise<Figure[]> {
  await fetch(`http://127.0.0.1:${port}/api/v1/recommend/retrain`, { method: "POST", headers: authorization });
  const { latencies, statuses } = await load({
    port,
    connections: 1,
    seconds: SECONDS,
    next: () => request("GET", "/healthz"),
  });
  return [
    { name: "/healthz while training, p99", measured: quantile(latencies, 0.99), unit: "ms", limit: { atMost: 50 } },
    {
      name: "/healthz while training, failed",
      measured: latencies.length - (statuses[200] ?? 0),
      unit: "requests",
      limit: { atMost: 0 },
    },
  ];
}

const ADMIN = "bench@example.com";

async function signIn(port: number, password: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: ADMIN, password }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}
