/** A process of its own that issues invoices: `bun issue-invoices.ts FIRST LAST WORKERS`, with the shop's environment. */
import { issueInvoice } from "../../src/invoices/invoices";
import { openShop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { loadSettings } from "./settings";

const [first = 0, last = 0, workers = 1] = process.argv.slice(2).map(Number);
const environment = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
const settings = loadSettings(environment);
const database = await openDatabase(settings.databaseUrl, { ...settings, connections: 4, readers: 2 });
const shop = openShop(database, settings);
let next = first;
await Promise.all(
  Array.from({ length: workers }, async () => {
    while (next <= last) {
      const order = next++;
      for (;;) {
        const issued = await issueInvoice(shop, order).then(
          () => true,
          (error: unknown) => {
            // Another process holds the database for longer than it is waited for.
            if (error instanceof Error && "code" in error && error.code === "database_busy") return false;
            throw error;
          },
        );
        if (issued) break;
      }
    }
  }),
);
await database.close();
