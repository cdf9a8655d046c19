import { Command } from "commander";
import { findDemoAccounts } from "../../src/demo/accounts";
import { demoSize, isEmpty, refuseProduction, seedShop } from "../../src/demo/seed";
import { writeShowcase } from "../../src/demo/showcase";
import { mailer } from "../../src/mail/mail";
import { sendEvents } from "../../src/outbox/jobs";
import { modelInService } from "../../src/recommend/serve/model-in-service";
import { retrain } from "../../src/recommend/train/retrain";
import type { Shop } from "../../src/shop/shop";
import { wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { serveUntilStopped } from "./serve";

/** For a person who stops it while it is made. */
const GO_ON = "Run it again: it goes on where it ended.";

export const demoCommand = (terminal: Terminal, serving: Terminal) =>
  new Command("demo")
    .description("make a demo shop, train its recommender and serve it; run again, serve what is there")
    .option("--host <host>", "where to listen (default: HOST, or 127.0.0.1)")
    .option("--port <port>", "which port (default: PORT, or 5000)", wholeNumber(0, 65_535))
    .action(async (options: { host?: string; port?: number }) => {
      await terminal.withShop(
        async (shop) => {
          refuseProduction(shop);
          if (await isUnfinished(shop)) await makeDemoShop(terminal, shop);
        },
        { opening: "migrate" },
      );
      await serving.withShop(
        async (shop) => {
          const welcome = welcomeTo(await findDemoAccounts(shop));
          await serveUntilStopped(serving, shop, options, (server) => {
            // Somebody is about to look: they need not wait until it is done for the first of them.
            void server.bundlePages().catch(() => {});
            return welcome?.(server.url);
          });
        },
        { opening: "migrate", serving: true },
      );
    });

/** A shop that its owner filled otherwise is theirs and stays as it is; a demo that was interrupted is completed. */
async function isUnfinished(shop: Shop): Promise<boolean> {
  if (await isEmpty(shop)) return true;
  const { admin } = await findDemoAccounts(shop);
  return admin !== undefined && (await modelInService(shop)) === undefined;
}

async function makeDemoShop({ say, progress }: Terminal, shop: Shop): Promise<void> {
  say("Making the demo shop: products, customers and a year of orders …");
  const bars = {
    products: progress("Products", GO_ON),
    customers: progress("Customers", GO_ON),
    orders: progress("Orders", GO_ON),
  };
  const made = await seedShop(shop, {
    ...demoSize,
    yes: true,
    variants: true,
    progress: (step, done, total) => bars[step].update(done, total),
  });
  say(`  ${made.products.added} products, ${made.customers.added} customers, ${made.orders.added} orders.`);
  say("Drawing pictures, and some orders of today …");
  const pictures = progress("Pictures", GO_ON);
  await writeShowcase(shop, (done, total) => pictures.update(done, total));
  await sendMails(shop);
  say("Training the recommender on them …");
  const bar = progress("Training", GO_ON);
  const trained = await retrain(shop, {
    askedBy: "command line",
    progress: (step, done, total) => step === "training" && bar.update(done, total),
  });
  say(`  It learned from ${trained.data.purchases} different purchases of ${trained.data.customers} customers.`);
}

/** The mails about the orders of today lie beside the database, and don't fill the screen when the shop opens. */
const sendMails = (shop: Shop): Promise<void> =>
  sendEvents({ ...shop, sendMail: mailer(shop.settings, () => {}) }, new AbortController().signal);

/** Nothing of its own where nobody can sign in as published: that shop is its owner's, and is served like any other. */
function welcomeTo({ admin, customer }: Awaited<ReturnType<typeof findDemoAccounts>>) {
  if (!admin && !customer) return undefined;
  return (url: string) =>
    [
      "",
      "The demo shop is open.",
      "",
      `  Shop     ${url}/shop`,
      `  Admin    ${url}/admin`,
      `  API      ${url}/api/v1`,
      `  Docs     ${url}/docs`,
      `  ReDoc    ${url}/redoc`,
      "",
      ...(admin ? [`  Sign in as the admin ${admin.email} / ${admin.password}`] : []),
      ...(customer ? [`  or as a customer     ${customer.email} / ${customer.password}`] : []),
      "",
      "Ctrl-C ends it; run again, it serves what is there.",
    ].join("\n");
}
