import { createAccount } from "../src/accounts/accounts";
import { createApp } from "../src/app";
import { loadSettings } from "../src/settings";
import { openShop, type Shop } from "../src/shop";
import { migrate } from "../src/storage/migrate";
import { openDatabase } from "../src/storage/open";
import { type Figure, median, report } from "./harness";
import { environmentIn, inFolder } from "./servers";

const ROUNDS = 60;
const NOBODY = "nobody@example.com";
const KNOWN = "known@example.com";
/** With a hash from before the cost was raised. */
const KNOWN_OF_OLD = "known-of-old@example.com";

/** Whether the time that a wrong password takes tells who has an account (D41). */
export function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const settings = loadSettings({ ...environmentIn(folder), RATE_LIMIT: "off" });
    const shop = openShop(await openDatabase(settings.database), settings);
    await migrate(shop.database);
    await openAccount(shop, KNOWN);
    await openAccount({ ...shop, settings: { ...settings, bcryptCost: settings.bcryptCost - 3 } }, KNOWN_OF_OLD);
    const figures = await measure(createApp(shop));
    await shop.database.close();
    return report(`A wrong password, median of ${ROUNDS}`, figures);
  });
}

async function measure(app: ReturnType<typeof createApp>): Promise<Figure[]> {
  const taken: Record<string, number[]> = { [NOBODY]: [], [KNOWN]: [], [KNOWN_OF_OLD]: [] };
  await failToSignIn(app, NOBODY);
  for (let round = 0; round < ROUNDS; round++) {
    // In turn, so that what else the machine does falls on all of them.
    for (const [email, times] of Object.entries(taken)) times.push(await failToSignIn(app, email));
  }
  const figures = Object.entries(taken).map(([name, times]) => ({ name, measured: median(times), unit: "ms" }));
  const medians = figures.map(({ measured }) => measured);
  const rival = { name: "the quickest", measured: Math.min(...medians) };
  return [
    ...figures,
    { name: "the slowest", measured: Math.max(...medians), unit: "ms", rival, limit: { atMost: 1.05 } },
  ];
}

function openAccount(shop: Shop, email: string) {
  const account = { full_name: "Asha Rao", email, phone: "-", password: "correct horse battery", is_admin: false };
  return createAccount(shop, account);
}

async function failToSignIn(app: ReturnType<typeof createApp>, email: string): Promise<number> {
  const body = JSON.stringify({ email, password: "a wrong password" });
  const headers = { "content-type": "application/json" };
  const startedAt = performance.now();
  const answer = await app.handle(new Request("http://localhost/api/v1/auth/login", { method: "POST", headers, body }));
  if (answer.status !== 401) throw new Error(`A wrong password was answered with ${answer.status}.`);
  return performance.now() - startedAt;
}
