import { type BusyShop, busyShop, fresh, type StockedShop, stockedShop } from "./checkout-shop";
import { type Figure, median, quantile, report } from "./harness";
import { cpuMicroseconds } from "./cpu";
import { load } from "./load";
import { IN_PRODUCTION, inFolder } from "./servers";

const CONNECTIONS = 64;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
/** Each checks out once a round. */
const BUYERS = 6_000;
const SIZE = { products: 1_000, orders: 10_000, buyers: BUYERS };
const GROWN = { products: 2_000, orders: 100_000, buyers: BUYERS };

interface Round {
  perSecond: number;
  p99: number;
  /** Of the server, for one order. */
  cpuUs: number;
}

/** Checkouts over HTTP, each on disk before it is answered, beside bare loops that write the same orders and do nothing else. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const shop = await busyShop(folder, "shop", SIZE, IN_PRODUCTION);
    const grown = await busyShop(folder, "grown", GROWN, IN_PRODUCTION);
    // A shop each, so that all of them have grown by the same number of orders.
    const alone = await stockedShop(folder, "alone", SIZE);
    const together = await stockedShop(folder, "together", SIZE);
    try {
      const figures = [...(await compare(shop, grown, alone, together)), ...(await overload(shop))];
      const title = `Checkout: orders a second on disk (synchronous=FULL) over HTTP at ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turn`;
      return report(title, figures);
    } finally {
      await Promise.all([shop, grown, alone, together].map((one) => one.close()));
    }
  });
}

/** In turn, round by round, so that what else the machine does falls on all of them. */
async function compare(shop: BusyShop, grown: BusyShop, alone: StockedShop, together: StockedShop): Promise<Figure[]> {
  await round(shop);
  await round(grown);
  const rounds: { ours: Round; grown: Round; alone: number; together: number }[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    rounds.push({
      ours: await round(shop),
      grown: await round(grown),
      alone: await bare(alone, 1),
      together: await bare(together, 64),
    });
  }
  const of = (pick: (one: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  const measured = of(({ ours }) => ours.perSecond);
  return [
    {
      name: "checkouts",
      measured,
      unit: "/s",
      rival: { name: "(a) bare, one a commit", measured: of(({ alone }) => alone) },
      limit: { atLeast: 2 },
    },
    {
      name: "checkouts",
      measured,
      unit: "/s",
      rival: { name: "(b) bare, 64 a commit", measured: of(({ together }) => together) },
    },
    { name: "CPU of a checkout", measured: of(({ ours }) => ours.cpuUs), unit: "µs" },
    { name: "p99 of a checkout", measured: of(({ ours }) => ours.p99), unit: "ms" },
    {
      name: "with twice the products, ten times the orders",
      measured: of(({ grown }) => grown.perSecond),
      unit: "/s",
      rival: { name: "before", measured },
      limit: { atLeast: 0.85 },
    },
  ];
}

/** Every customer checks out once. */
async function round(shop: BusyShop): Promise<Round> {
  await shop.refill();
  const requests = fresh(shop);
  const before = cpuMicroseconds(shop.server.pid);
  const result = await load({
    port: shop.server.port,
    connections: CONNECTIONS,
    seconds: 60,
    next: () => requests.pop(),
  });
  const cpuUs = (cpuMicroseconds(shop.server.pid) - before) / shop.requests.length;
  if (Object.keys(result.statuses).join() !== "201")
    throw new Error(`Not all were 201: ${JSON.stringify(result.statuses)}`);
  return { perSecond: result.perSecond, p99: quantile(result.latencies, 0.99), cpuUs };
}

const TIMES_THE_LOAD = 5;
/** Half as many again as the queue of writes that wait can hold, so that some are refused. */
const FLOOD = 3_000;

/** At five times the connections, and at a flood of them: how much is still sold, and what it takes. */
async function overload(shop: BusyShop): Promise<Figure[]> {
  const peak: number[] = [];
  const crowd: number[] = [];
  const flood: number[] = [];
  let refused = 0;
  for (let turn = 0; turn < Math.min(ROUNDS, 3); turn++) {
    peak.push((await pressed(shop, CONNECTIONS)).goodput);
    crowd.push((await pressed(shop, CONNECTIONS * TIMES_THE_LOAD)).goodput);
    const { goodput, statuses } = await pressed(shop, FLOOD);
    flood.push(goodput);
    refused += statuses[503] ?? 0;
  }
  const rival = { name: "at 64", measured: median(peak) };
  const limit = { atLeast: 0.8 };
  return [
    { name: `sold at ${CONNECTIONS * TIMES_THE_LOAD} connections`, measured: median(crowd), unit: "/s", rival, limit },
    // Far more than five times: here it is only stated what refusing costs.
    { name: `sold at ${FLOOD} connections`, measured: median(flood), unit: "/s", rival },
    { name: "refused early in that flood", measured: refused, unit: "times 503" },
    { name: "memory of the server", measured: await residentMb(shop.server.pid), unit: "MB", limit: { atMost: 600 } },
  ];
}

/** Every customer checks out once; who is told 503 tries again. */
async function pressed(shop: BusyShop, connections: number) {
  await shop.refill();
  const requests = fresh(shop);
  const sending = new Map<number, Uint8Array>();
  let sold = 0;
  let soldAt = 0;
  let startedAt = 0;
  const { statuses } = await load({
    port: shop.server.port,
    connections,
    seconds: 60,
    next: (connection) => {
      startedAt ||= performance.now();
      const request = requests.pop();
      if (request) sending.set(connection, request);
      return request;
    },
    answered: (connection, status) => {
      const request = sending.get(connection);
      if (status === 503 && request) requests.push(request);
      if (status !== 201) return;
      sold++;
      soldAt = performance.now();
    },
  });
  return { goodput: (sold / (soldAt - startedAt)) * 1000, statuses };
}

async function residentMb(pid: number): Promise<number> {
  const text = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? Number.NaN) / 1_024;
}

/** The same orders as in a round, without a server. */
async function bare(shop: StockedShop, perCommit: number): Promise<number> {
  await shop.refill();
  const child = Bun.spawn([process.execPath, "bench/bare-orders.ts", shop.path, String(BUYERS), String(perCommit)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { per_second } = JSON.parse(await new Response(child.stdout).text()) as { per_second: number };
  return per_second;
}
