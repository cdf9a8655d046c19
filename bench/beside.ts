import { join } from "node:path";
import { type Figure, quantile, report } from "./harness";
import { environmentIn, inFolder, type Running, seedForProduction, startSanset } from "./servers";

/** A shop of this many products; BESIDE_PRODUCTS asks for another. Orders are half as many. */
const PRODUCTS = Number(process.env["BESIDE_PRODUCTS"] ?? 20_000);
/** How often a customer puts something into a cart, and how long without any command for comparison. */
const WRITE_EVERY_MS = 20;
const ALONE_MS = 5_000;
/** No command keeps a write waiting longer. */
const WAIT_MOST_MS = 100;

const COMMANDS: readonly string[][] = [
  ["search", "reindex"],
  ["doctor"],
  ["seed", "--products", String(PRODUCTS + 2_000), "--customers", "100", "--orders", "2000", "--seed", "2", "--yes"],
  ["backup", "create"],
  ["recommend", "report", "--out", "report.html"],
  ["retrain"],
  ["user", "list"],
  ["sales", "--range", "last_12_months"],
];

/** How long writes and the event loop wait while a command works on the same file. `--only doctor` tries one of them. */
export async function run(words: string[]): Promise<boolean> {
  const only = words.includes("--only") ? words[words.indexOf("--only") + 1] : undefined;
  return inFolder(async (folder) => {
    const sizes = ["--products", PRODUCTS, "--customers", 1_000, "--orders", PRODUCTS / 2].map(String);
    await seedForProduction(folder, ...sizes);
    const server = await startSanset(folder);
    try {
      const token = await signUp(server);
      const figures: Figure[] = await figuresOf("nothing", server, token, Bun.sleep(ALONE_MS));
      for (const command of COMMANDS) {
        if (only !== undefined && !command.includes(only)) continue;
        figures.push(...(await figuresOf(command.slice(0, 2).join(" "), server, token, commandIn(folder, command))));
      }
      return report(
        `Writes each ${WRITE_EVERY_MS} ms beside commands, ${PRODUCTS.toLocaleString("en")} products`,
        figures,
      );
    } finally {
      await server.stop();
    }
  });
}

async function commandIn(folder: string, command: readonly string[]): Promise<void> {
  const child = Bun.spawn(
    [
      process.execPath,
      "cli/main.ts",
      ...command.map((word) => word.replace("report.html", join(folder, "report.html"))),
    ],
    {
      env: { ...environmentIn(folder), SANSET_ENV: "development", BACKUP_TO: join(folder, "backups") },
      stdio: ["ignore", "ignore", "ignore"],
    },
  );
  await child.exited;
}

async function figuresOf(name: string, server: Running, token: string, work: Promise<unknown>): Promise<Figure[]> {
  const startedAt = performance.now();
  const state = { isOver: false };
  const over = work.then(() => (state.isOver = true));
  const waits: number[] = [];
  const turns: number[] = [];
  while (!state.isOver) {
    waits.push(await timed(`http://127.0.0.1:${server.port}/api/v1/cart/items/${(waits.length % 50) + 1}`, token));
    turns.push(await timed(`http://127.0.0.1:${server.port}/healthz`));
    await Bun.sleep(WRITE_EVERY_MS);
  }
  await over;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  return [
    {
      name: `${name} (${seconds} s): longest write`,
      measured: Math.max(...waits),
      unit: "ms",
      limit: { atMost: WAIT_MOST_MS },
    },
    { name: `${name}: write p99`, measured: quantile(waits, 0.99), unit: "ms" },
    { name: `${name}: longest /healthz`, measured: Math.max(...turns), unit: "ms" },
  ];
}

async function timed(url: string, token?: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(
    url,
    token === undefined
      ? {}
      : {
          method: "PUT",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({ qty: 1 + Math.floor(startedAt % 5) }),
        },
  );
  await response.arrayBuffer();
  if (!response.ok && response.status !== 409) throw new Error(`${url} answered ${response.status}.`);
  return performance.now() - startedAt;
}

async function signUp(server: Running): Promise<string> {
  const api = `http://127.0.0.1:${server.port}/api/v1`;
  const account = { full_name: "Asha Rao", email: "beside@example.com", phone: "-", password: "correct horse battery" };
  const post = async (path: string, body: object) => {
    const response = await fetch(`${api}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return (await response.json()) as { access_token: string };
  };
  await post("/auth/register", account);
  const { access_token } = await post("/auth/login", { email: account.email, password: account.password });
  return access_token;
}
