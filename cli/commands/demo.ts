import { Command } from "commander";
import { findAccountByEmail } from "../../src/accounts/queries";
import { demoSize, isEmpty, seedShop } from "../../src/demo/seed";
import { demoAccounts } from "../../src/demo/write-accounts";
import { modelInService } from "../../src/recommend/model-in-service";
import { retrain } from "../../src/recommend/retrain";
import type { Shop } from "../../src/shop";
import { wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { serveUntilStopped } from "./serve";

export const demoCommand = (terminal: Terminal, serving: Terminal) =>
  new Command("demo")
    .description("make a demo shop, train its recommender and serve it; run again, serve what is there")
    .option("--host <host>", "where to listen (default: HOST, or 127.0.0.1)")
    .option("--port <port>", "which port (default: PORT, or 5000)", wholeNumber(0, 65_535))
    .action(async (options: { host?: string; port?: number }) => {
      await terminal.withShop(async (shop) => {
        if (await isUnfinished(shop)) await makeDemoShop(terminal, shop);
      });
      await serving.withShop((shop) => serveUntilStopped(serving, shop, options, welcome));
    });

/** A shop that somebody filled otherwise is theirs and stays as it is; a demo that was interrupted is completed. */
async function isUnfinished(shop: Shop): Promise<boolean> {
  if (await isEmpty(shop)) return true;
  const begun = await findAccountByEmail(shop.database, demoAccounts.admin.email);
  return begun !== undefined && (await modelInService(shop)) === undefined;
}

async function makeDemoShop({ say, progress }: Terminal, shop: Shop): Promise<void> {
  say("Making the demo shop: products, customers and a year of orders …");
  const bars = { products: progress("Products"), customers: progress("Customers"), orders: progress("Orders") };
  const made = await seedShop(shop, {
    ...demoSize,
    yes: true,
    progress: (step, done, total) => bars[step].update(done, total),
  });
  say(`  ${made.products.added} products, ${made.customers.added} customers, ${made.orders.added} orders.`);
  say("Training the recommender on them …");
  const bar = progress("Training");
  const trained = await retrain(shop, {
    askedBy: "command line",
    progress: (step, done, total) => step === "training" && bar.update(done, total),
  });
  say(`  It learned from ${trained.data.purchases} different purchases of ${trained.data.customers} customers.`);
}

function welcome(url: string): string {
  const { admin, customer } = demoAccounts;
  return [
    "",
    "The demo shop is open.",
    "",
    `  API      ${url}/api/v1`,
    `  Docs     ${url}/docs`,
    `  ReDoc    ${url}/redoc`,
    "",
    `  Admin    ${admin.email} / ${admin.password}`,
    `  Customer ${customer.email} / ${customer.password}`,
    "",
    "Ctrl-C ends it; run again, it serves what is there.",
  ].join("\n");
}
