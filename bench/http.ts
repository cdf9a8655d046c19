import { type Figure, median, report } from "./harness";
import { load, request } from "./load";
import { environmentIn, inFolder, seedForProduction, start, startSanset } from "./servers";

const PRODUCTS = 20_000;
const CONNECTIONS = 16;
const SECONDS = 1.5;
/** Until both are compiled: with one processor for each, the compiler takes seconds beside the load. */
const WARMING_SECONDS = 4;
const ROUNDS = 5;
/** What is written beside reads from memory, which are forgotten with each commit. */
const WRITES_A_SECOND = 500;
const STEP_MS = 10;

/** What the whole path costs (routing, checks, schemas, ids, ETags) beside a bare handler with the same statements. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    await seedForProduction(folder, "--products", String(PRODUCTS), "--customers", "50", "--orders", "200");
    const bare = await start([process.execPath, "bench/bare-http.ts"], environmentIn(folder));
    const ours = await startSanset(folder, { ANSWER_MEMORY: "off" });
    const remembering = await startSanset(folder);
    try {
      const signedIn = await cartOfSomebody(`http://127.0.0.1:${ours.port}/api/v1`);
      const figures = [
        await beside("GET /products/{id}", ours.port, bare.port, askForProduct, 0.75),
        await beside("GET /products?size=20", ours.port, bare.port, askForPage, 0.8),
        await beside("GET /products/{id}, from memory", remembering.port, bare.port, askForProduct, 1.2),
        await beside("GET /products?size=20, from memory", remembering.port, bare.port, askForPage, 1.2),
        ...(await whileWriting(remembering.port, signedIn.token, async () => [
          await beside("GET /products/{id}, beside writes", remembering.port, bare.port, askForProduct),
          await beside("GET /products?size=20, beside writes", remembering.port, bare.port, askForPage),
        ])),
        // Token, session, limits and schemas against the same two statements with none of them.
        await beside(
          "GET /cart, signed in",
          ours.port,
          bare.port,
          () => request("GET", "/api/v1/cart", { authorization: `Bearer ${signedIn.token}` }),
          0.5,
          () => request("GET", `/bare/cart/${signedIn.session}`),
        ),
      ];
      return report(
        `HTTP, ${CONNECTIONS} connections, requests a second, medians of ${ROUNDS} rounds in turn`,
        figures,
      );
    } finally {
      await Promise.all([ours.stop(), remembering.stop(), bare.stop()]);
    }
  });
}

/** In turn, round by round, so that what else the machine does falls on both. */
async function beside(
  name: string,
  ours: number,
  bare: number,
  ask: (sent: number) => Uint8Array,
  atLeast?: number,
  askBare = ask,
): Promise<Figure> {
  const requests = {
    [ours]: Array.from({ length: 2000 }, (_, sent) => ask(sent)),
    [bare]: Array.from({ length: 2000 }, (_, sent) => askBare(sent)),
  };
  const once = (port: number, seconds = SECONDS) =>
    load({
      port,
      connections: CONNECTIONS,
      seconds,
      next: (connection, sent) => requests[port]?.[(connection * 131 + sent) % 2000],
    });
  await once(ours, WARMING_SECONDS);
  await once(bare, WARMING_SECONDS);
  const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const [mine, theirs] = [await once(ours), await once(bare)];
    for (const { statuses } of [mine, theirs]) {
      if (Object.keys(statuses).join() !== "200")
        throw new Error(`${name}: not every answer was a 200: ${JSON.stringify(statuses)}`);
    }
    rates.ours.push(mine.perSecond);
    rates.bare.push(theirs.perSecond);
  }
  return {
    name,
    measured: median(rates.ours),
    unit: "/s",
    rival: { name: "bare", measured: median(rates.bare) },
    ...(atLeast !== undefined && { limit: { atLeast } }),
  };
}

/** Measures while a customer changes their cart all the time, and says how often it was changed. */
async function whileWriting(port: number, token: string, measure: () => Promise<Figure[]>): Promise<Figure[]> {
  const underWay = new Set<Promise<unknown>>();
  const counted: Record<string, number> = {};
  const write = async (qty: number) => {
    const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/cart/items/1`, {
      method: "PUT",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ qty }),
    });
    counted[status] = (counted[status] ?? 0) + 1;
  };
  let sent = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * WRITES_A_SECOND;
    for (; sent < due; sent++) {
      const one = write((sent % 5) + 1).finally(() => underWay.delete(one));
      underWay.add(one);
    }
  }, STEP_MS);
  const measured = measure();
  await measured.catch(() => {});
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(timer);
  const written = counted[200] ?? 0;
  await Promise.all(underWay);
  if (Object.keys(counted).join() !== "200") throw new Error(`Not every write was a 200: ${JSON.stringify(counted)}`);
  return [...(await measured), { name: "those writes", measured: written / seconds, unit: "/s" }];
}

const askForProduct = (sent: number) => request("GET", `/api/v1/products/${(sent % 2_000) + 1}`);
const askForPage = () => request("GET", "/api/v1/products?size=20");

/** Opens an account and puts five things into its cart. */
async function cartOfSomebody(api: string): Promise<{ token: string; session: string }> {
  const account = { full_name: "Asha Rao", email: "bench@example.com", phone: "-", password: "correct horse battery" };
  const call = async <Body>(method: string, path: string, body?: object, token = ""): Promise<Body> => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}.`);
    return (await response.json()) as Body;
  };
  await call("POST", "/auth/register", account);
  const { email, password } = account;
  const { access_token: token } = await call<{ access_token: string }>("POST", "/auth/login", { email, password });
  for (const product_id of [1, 2, 3, 4, 5]) await call("POST", "/cart/add", { product_id }, token);
  const [session] = await call<{ id: string }[]>("GET", "/auth/sessions", undefined, token);
  return { token, session: session?.id ?? "" };
}
