import { type Figure, median, quantile, report } from "./harness";
import { load, request } from "./load";
import { environmentIn, inFolder, sansetHears, start } from "./servers";

const PAIRS = 100;
const AT_ONCE = 200;
const EVERY_MS = 5;

const EMAIL = "bench@example.com";
const PASSWORD = "correct horse battery";

/** What signing in gives away by the time it takes, and what many who sign in cost everybody else. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    await sansetHears(PASSWORD, folder, "user", "create", EMAIL, "--name", "Bench", "--password-stdin");
    // Not in production: there wrong passwords are counted, and the eleventh is not looked at.
    const server = await start([process.execPath, "cli/main.ts", "serve", "--port", "0", "--json"], {
      ...environmentIn(folder),
      RATE_LIMIT: "off",
    });
    try {
      return report("Signing in", [...(await unknownBesideWrong(server.port)), ...(await manyAtOnce(server.port))]);
    } finally {
      await server.stop();
    }
  });
}

/** Who has no account must not be told from who mistyped (D41). In turn, so that what else the machine does falls on both. */
async function unknownBesideWrong(port: number): Promise<Figure[]> {
  const { statuses, latencies } = await load({
    port,
    connections: 1,
    seconds: 600,
    next: (_, sent) =>
      sent < 2 * PAIRS ? login(sent % 2 ? EMAIL : "nobody@example.com", "a wrong password") : undefined,
  });
  if (statuses[401] !== 2 * PAIRS) throw new Error(`Not every answer was a 401: ${JSON.stringify(statuses)}`);
  const unknown = median(latencies.filter((_, sent) => sent % 2 === 0));
  const wrong = median(latencies.filter((_, sent) => sent % 2 === 1));
  return [
    { name: `unknown account, median of ${PAIRS}`, measured: unknown, unit: "ms" },
    { name: `wrong password, median of ${PAIRS}`, measured: wrong, unit: "ms" },
    {
      name: "how far they are apart (D41)",
      measured: 100 * Math.abs(unknown / wrong - 1),
      unit: "%",
      limit: { atMost: 5 },
    },
  ];
}

/** Hashing leaves a core free for everybody else, and takes on no more than it can do soon (D46). */
async function manyAtOnce(port: number): Promise<Figure[]> {
  const logins = load({
    port,
    connections: AT_ONCE,
    seconds: 600,
    next: (_, sent) => (sent === 0 ? login(EMAIL, PASSWORD) : undefined),
  });
  const health = await healthUntil(logins, port);
  const { statuses } = await logins;
  const [signedIn = 0, refused = 0] = [statuses[200], statuses[503]];
  return [
    { name: `${AT_ONCE} at once: signed in`, measured: signedIn, unit: "" },
    { name: "told to come back, 503", measured: refused, unit: "", limit: { atLeast: 1 } },
    { name: "answered otherwise", measured: AT_ONCE - signedIn - refused, unit: "", limit: { atMost: 0 } },
    {
      name: "/healthz meanwhile, p99 (D46)",
      measured: quantile(health.latencies, 0.99),
      unit: "ms",
      limit: { atMost: 50 },
    },
    {
      name: "the same, failed",
      measured: health.failed,
      unit: "",
      limit: { atMost: 0 },
    },
  ];
}

interface Health {
  latencies: number[];
  failed: number;
}

/** Asks again and again, whether or not the last was answered: a pause counts for everybody who came while it lasted. */
async function healthUntil(logins: Promise<unknown>, port: number): Promise<Health> {
  const health: Health = { latencies: [], failed: 0 };
  const ask = async () => {
    const askedAt = performance.now();
    const { status } = await fetch(`http://127.0.0.1:${port}/healthz`);
    health.latencies.push(performance.now() - askedAt);
    if (status !== 200) health.failed += 1;
  };
  const asked: Promise<void>[] = [];
  while (Bun.peek.status(logins) === "pending") {
    asked.push(ask());
    await Bun.sleep(EVERY_MS);
  }
  await Promise.all(asked);
  return health;
}

const login = (email: string, password: string) => request("POST", "/api/v1/auth/login", {}, { email, password });
