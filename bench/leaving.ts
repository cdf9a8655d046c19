import { openShop } from "../src/shop/shop";
import { openDatabase } from "../src/storage/open";
import type { NewWebhook } from "../src/webhooks/schema";
import { createWebhook } from "../src/webhooks/webhooks";
import { loadSettings } from "../test/support/settings";
import { type BusyShop, busyShop } from "./checkout-shop";
import { type Figure, median, report } from "./harness";
import { load } from "./load";
import { IN_PRODUCTION, inFolder } from "./servers";

const CONNECTIONS = 64;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const SIZE = { products: 1_000, orders: 10_000, buyers: Number(process.env["BENCH_BUYERS"] ?? 4_000) };

/** Where the sink listens. */
interface Ports {
  web: number;
  mail: number;
}

/** Checkouts with mails and two webhooks on, beside the same without: who tells must not hold up who sells. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const sink = Bun.spawn([process.execPath, "bench/leaving-sink.ts"], { stdio: ["ignore", "pipe", "inherit"] });
    const ports = await portsOf(sink.stdout);
    try {
      return [await mailsAndWebhooks(folder, ports), await slowReceiver(folder, ports)].every(Boolean);
    } finally {
      sink.kill();
    }
  });
}

async function mailsAndWebhooks(folder: string, ports: Ports): Promise<boolean> {
  const quiet = await busyShop(folder, "quiet", SIZE, IN_PRODUCTION);
  const mail = {
    SMTP_URL: `smtp://127.0.0.1:${ports.mail}`,
    MAIL_FROM: "shop@example.com",
    SHOP_EMAIL: "us@example.com",
  };
  const telling = await busyShop(folder, "telling", SIZE, { ...mail, WEBHOOK_PRIVATE: "on" });
  await addWebhook(telling.path, `http://127.0.0.1:${ports.web}/hook`, ["order.placed"]);
  await addWebhook(telling.path, `http://127.0.0.1:${ports.web}/hook`, ["order.placed", "order.paid"]);
  try {
    const beside = await inTurns(telling, quiet, "with mail and two webhooks", "without");
    const { taken } = await takenBy(ports);
    return report(`Checkouts a second at ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turn`, [
      beside,
      { name: "mails and webhooks taken meanwhile", measured: taken, unit: "" },
    ]);
  } finally {
    await Promise.all([quiet, telling].map((one) => one.close()));
  }
}

/** Far more than 200 deliveries a second are due to a receiver that takes three seconds for each. */
async function slowReceiver(folder: string, ports: Ports): Promise<boolean> {
  const fast = `http://127.0.0.1:${ports.web}/hook`;
  const alone = await busyShop(folder, "alone", SIZE, { SMTP_URL: "", WEBHOOK_PRIVATE: "on" });
  const slowed = await busyShop(folder, "slowed", SIZE, { SMTP_URL: "", WEBHOOK_PRIVATE: "on" });
  for (const { path } of [alone, slowed]) await addWebhook(path, fast, ["order.placed"]);
  await addWebhook(slowed.path, `http://127.0.0.1:${ports.web}/slow`, ["order.placed"]);
  try {
    const beside = await inTurns(slowed, alone, "with a slow receiver", "without it");
    const before = await takenBy(ports);
    const rates = { slowed: await drainRate(slowed, ports), alone: await drainRate(alone, ports) };
    return report("One receiver takes three seconds for each of what is due to it", [
      beside,
      {
        name: "deliveries a second to the other receiver",
        measured: rates.slowed,
        unit: "/s",
        rival: { name: "without the slow one", measured: rates.alone },
        limit: { atLeast: 0.8 },
      },
      { name: "taken by the slow one until then", measured: before.slow, unit: "" },
    ]);
  } finally {
    await Promise.all([alone, slowed].map((one) => one.close()));
  }
}

/** Checkouts of two shops, round by round in turn, so that what else the machine does falls on both. */
async function inTurns(shop: BusyShop, other: BusyShop, name: string, otherName: string): Promise<Figure> {
  const rounds: { ours: number; other: number }[] = [];
  for (const one of [other, shop]) await round(one);
  for (let turn = 0; turn < ROUNDS; turn++) rounds.push({ other: await round(other), ours: await round(shop) });
  return {
    name,
    measured: median(rounds.map(({ ours }) => ours)),
    unit: "/s",
    rival: { name: otherName, measured: median(rounds.map((one) => one.other)) },
    limit: { atLeast: 0.9 },
  };
}

/** How many deliveries a second a shop makes while nobody buys, over some seconds, with plenty of them waiting. */
async function drainRate(shop: BusyShop, ports: Ports): Promise<number> {
  await round(shop);
  const SECONDS = 5;
  const before = await takenBy(ports);
  await Bun.sleep(SECONDS * 1_000);
  return ((await takenBy(ports)).taken - before.taken) / SECONDS;
}

async function round(shop: BusyShop): Promise<number> {
  await shop.refill();
  const mark = Math.random().toString(36).slice(2, 10).padEnd(8, "0");
  const requests = shop.requests.map((bytes) => {
    const copy = Buffer.from(bytes);
    copy.write(mark, copy.indexOf("idempotency-key: ") + 17, "latin1");
    return copy;
  });
  const { statuses, perSecond } = await load({
    port: shop.server.port,
    connections: CONNECTIONS,
    seconds: 60,
    next: () => requests.pop(),
  });
  if (Object.keys(statuses).join() !== "201") throw new Error(`Not all were 201: ${JSON.stringify(statuses)}`);
  return perSecond;
}

async function takenBy({ web }: Ports): Promise<{ taken: number; slow: number }> {
  return (await (await fetch(`http://127.0.0.1:${web}/taken`)).json()) as { taken: number; slow: number };
}

/** Where the sink listens, as it says. */
async function portsOf(stdout: ReadableStream<Uint8Array>): Promise<Ports> {
  const { value } = await stdout.getReader().read();
  return JSON.parse(new TextDecoder().decode(value)) as Ports;
}

async function addWebhook(path: string, url: string, types: NewWebhook["types"]): Promise<void> {
  const settings = {
    ...loadSettings({ DATABASE_URL: `sqlite:///${path}`, SECRET_KEY: "x".repeat(40) }),
    webhookPrivate: true,
  };
  const shop = openShop(await openDatabase(settings.databaseUrl), settings);
  await createWebhook(shop, { url, types });
  await shop.database.close();
}
