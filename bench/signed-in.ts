import { createSignInGuard } from "../src/auth/sign-in-guard";
import { createAccount } from "../src/accounts/accounts";
import { getSignedIn } from "../src/auth/sessions";
import { signIn } from "../src/auth/sign-in";
import { createTokens } from "../src/auth/tokens";
import { loadSettings } from "../test/support/settings";
import { openShop, type Shop } from "../src/shop/shop";
import { migrate } from "../src/storage/migrate";
import { openDatabase } from "../src/storage/open";
import { type Figure, median, report } from "./harness";
import { environmentIn, inFolder } from "./servers";

const ROUNDS = 9;
const TOKENS = 1_000;

/** What it costs to know who is calling: the token's signature, once a token, and its session, at every call. */
export function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    const settings = loadSettings(environmentIn(folder));
    const shop = openShop(await openDatabase(settings.databaseUrl), settings);
    await migrate(shop.database);
    const figures = await measure(shop);
    await shop.database.close();
    return report(`Knowing who is calling, medians of ${ROUNDS} rounds of ${TOKENS}`, figures);
  });
}

async function measure(shop: Shop): Promise<Figure[]> {
  const account = { email: "bench@example.com", password: "correct horse battery" };
  await createAccount(shop, { ...account, full_name: "Asha Rao", phone: "-", is_admin: false });
  const origin = { address: "127.0.0.1", user_agent: null, request_id: null };
  const { session } = await signIn(shop, createSignInGuard(shop), account, origin);
  const times: Record<"verified" | "remembered" | "session" | "first", number[]> = {
    verified: [],
    remembered: [],
    session: [],
    first: [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    const tokens = createTokens(shop, ["a secret for this bench alone, of 40 letters"]);
    // Each is another token, as its second of expiry differs.
    const made: string[] = [];
    for (let one = 0; one < TOKENS; one++) {
      const later = { ...shop, now: () => new Date(shop.now().getTime() + one * 1_000) };
      const maker = createTokens(later, ["a secret for this bench alone, of 40 letters"]);
      made.push((await maker.tokensFor({ session, refreshToken: "" })).access_token);
    }
    times.verified.push(await perCall(made, (token) => tokens.readAccess(token)));
    times.remembered.push(await perCall(made, (token) => tokens.readAccess(token)));
    times.session.push(await perCall(made, () => getSignedIn(shop, session.id)));
    // Alone in its turn of the event loop, it takes the database's lock for itself.
    times.first.push(
      await perCall(made, async () => {
        await getSignedIn(shop, session.id);
        await new Promise((resolve) => setImmediate(resolve));
      }),
    );
  }
  return [
    { name: "a token's first verification", measured: median(times.verified), unit: "µs" },
    { name: "the same token again", measured: median(times.remembered), unit: "µs" },
    { name: "its session, among others in a turn", measured: median(times.session), unit: "µs" },
    { name: "its session, alone in a turn", measured: median(times.first), unit: "µs" },
  ];
}

async function perCall(tokens: readonly string[], call: (token: string) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  for (const token of tokens) await call(token);
  return ((performance.now() - startedAt) / tokens.length) * 1_000;
}
