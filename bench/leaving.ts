import { openShop } from "../src/shop/shop";
import { openDatabase } from "../src/storage/open";
import { createWebhook } from "../src/webhooks/webhooks";
import { loadSettings } from "../test/support/settings";
import { type BusyShop, busyShop } from "./checkout-shop";
import { median, report } from "./harness";
import { load } from "./load";
import { inFolder } from "./servers";

const CONNECTIONS = 64;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const SIZE = { products: 1_000, orders: 10_000, buyers: Number(process.env["BENCH_BUYERS"] ?? 4_000) };

/** Checkouts with mails and two webhooks on, beside the same without: who tells must not hold up who sells. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const sink = Bun.spawn([process.execPath, "bench/leaving-sink.ts"], { stdio: ["ignore", "pipe", "inherit"] });
    const ports = await portsOf(sink.stdout);
    // A real shop without a mail server sends none.
    const quiet = await busyShop(folder, "quiet", SIZE, { SMTP_URL: "", MAIL_FROM: "" });
    const mail = {
      SMTP_URL: `smtp://127.0.0.1:${ports.mail}`,
      MAIL_FROM: "shop@example.com",
      SHOP_EMAIL: "us@example.com",
    };
    const telling = await busyShop(folder, "telling", SIZE, { ...mail, WEBHOOK_PRIVATE: "on" });
    await addWebhooks(telling.path, `http://127.0.0.1:${ports.web}/hook`);
    try {
      const rounds: { quiet: number; telling: number }[] = [];
      for (const shop of [quiet, telling]) await round(shop);
      for (let turn = 0; turn < ROUNDS; turn++) {
        rounds.push({ quiet: await round(quiet), telling: await round(telling) });
      }
      const taken = Number(await (await fetch(`http://127.0.0.1:${ports.web}/taken`)).text());
      return report(`Checkouts a second at ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turn`, [
        {
          name: "with mail and two webhooks",
          measured: median(rounds.map(({ telling: one }) => one)),
          unit: "/s",
          rival: { name: "without", measured: median(rounds.map(({ quiet: one }) => one)) },
          limit: { atLeast: 0.9 },
        },
        { name: "mails and webhooks taken meanwhile", measured: taken, unit: "" },
      ]);
    } finally {
      await Promise.all([quiet, telling].map((one) => one.close()));
      sink.kill();
    }
  });
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

/** Where the sink listens, as it says. */
async function portsOf(stdout: ReadableStream<Uint8Array>): Promise<{ web: number; mail: number }> {
  const { value } = await stdout.getReader().read();
  return JSON.parse(new TextDecoder().decode(value)) as { web: number; mail: number };
}

async function addWebhooks(path: string, url: string): Promise<void> {
  const settings = {
    ...loadSettings({ DATABASE_URL: `sqlite:///${path}`, SECRET_KEY: "x".repeat(40) }),
    webhookPrivate: true,
  };
  const shop = openShop(await openDatabase(settings.databaseUrl), settings);
  for (const types of [["order.placed"], ["order.placed", "order.paid"]] as const) {
    await createWebhook(shop, { url, types: [...types] });
  }
  await shop.database.close();
}
