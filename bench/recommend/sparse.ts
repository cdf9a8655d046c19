import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { Figure } from "../harness";
import { environmentIn, inFolder, sanset, sansetHears, start } from "../servers";

/** Lists asked for at the same time. */
const CONNECTIONS = 8;
const LIST = 10;
const LAST_DAY = Date.parse("2020-06-01T12:00:00Z");
const WEEK_MS = 7 * 86_400_000;
const ADMIN = { email: "bench@example.com", password: "a-password-for-benchmarks" };

/**
 * Protocol L: a sparse shop (Amazon Toys and Games, 5-core), the last purchase of each customer. Everything goes the way of a
 * shop: the file is imported as invoices, `sanset retrain` chooses and trains, and every customer's list is asked for over HTTP.
 */
export async function sparse(): Promise<Figure[]> {
  const sequences = await readToys();
  return inFolder(async (folder) => {
    const invoices = join(folder, "toys.csv");
    await Bun.write(
      invoices,
      invoicesOf(sequences.map(({ customer, items }) => ({ customer, items: items.slice(0, -1) }))),
    );
    await sanset(folder, "import", "orders", invoices);
    const trained = JSON.parse(await sanset(folder, "--json", "retrain")) as {
      evaluation: { choice?: { chosen: string } };
    };
    await sansetHears(
      ADMIN.password,
      folder,
      "user",
      "create",
      ADMIN.email,
      "--name",
      "Bench",
      "--admin",
      "--password-stdin",
    );
    const server = await start([process.execPath, "cli/main.ts", "serve", "--port", "0", "--json"], {
      ...environmentIn(folder),
      RATE_LIMIT: "off",
    });
    try {
      const { hits, gain, shown } = await askAll(
        `http://127.0.0.1:${server.port}/api/v1`,
        join(folder, "shop.db"),
        sequences,
      );
      const share = (sum: number) => sum / sequences.length;
      console.log(`\nProtocol L: ${sequences.length} customers, served by ${trained.evaluation.choice?.chosen}`);
      return [
        { name: "L: HR@10", measured: share(hits), unit: "", limit: { atLeast: 0.07 } },
        { name: "L: NDCG@10", measured: share(gain), unit: "", limit: { atLeast: 0.038 } },
        { name: "L: products shown", measured: shown, unit: "" },
      ];
    } finally {
      await server.stop();
    }
  });
}

interface Sequence {
  customer: string;
  items: string[];
}

async function readToys(): Promise<Sequence[]> {
  const file = Bun.file(`${import.meta.dir}/../../../shared/data/toys-sequences.txt.zst`);
  const text = new TextDecoder().decode(await Bun.zstdDecompress(await file.bytes()));
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [customer = "", ...items] = line.split(" ");
      return { customer, items };
    });
}

/** One invoice an item, a week apart, all customers ending on one day. */
function invoicesOf(sequences: readonly Sequence[]): string {
  const lines = sequences.flatMap(({ customer, items }) =>
    items.map((item, at) => ({ customer, item, moment: LAST_DAY - (items.length - 1 - at) * WEEK_MS })),
  );
  const rows = lines
    .toSorted((a, b) => a.moment - b.moment)
    .map(({ customer, item, moment }, at) => {
      const date = new Date(moment).toISOString().slice(0, 19).replace("T", " ");
      return `${100_000 + at},${codeOf(item)},Toy ${item},1,${date},9.99,${customer},United Kingdom`;
    });
  return `${["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", ...rows].join("\n")}\n`;
}

const codeOf = (item: string) => String(10_000 + Number(item));

async function askAll(api: string, file: string, sequences: readonly Sequence[]) {
  const { users, products } = idsIn(file);
  const authorization = { authorization: `Bearer ${await signIn(api)}` };
  let hits = 0;
  let gain = 0;
  const shown = new Set<number>();
  const waiting = [...sequences];
  const askOne = async ({ customer, items }: Sequence) => {
    const answer = await fetch(`${api}/recommend/${users.get(customer)}?limit=${LIST}`, { headers: authorization });
    if (answer.status !== 200) throw new Error(`A list was refused: ${answer.status} ${await answer.text()}`);
    const body = (await answer.json()) as { recommendations: { product_id: number }[] };
    const list = body.recommendations.map(({ product_id }) => product_id);
    for (const id of list) shown.add(id);
    const place = list.indexOf(products.get(codeOf(items.at(-1) ?? "")) ?? -1);
    if (place < 0) return;
    hits++;
    gain += 1 / Math.log2(place + 2);
  };
  const worker = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await askOne(next);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return { hits, gain, shown: shown.size };
}

function idsIn(file: string) {
  const database = new Database(file, { readonly: true });
  try {
    const users = database.query<{ id: number; email: string }, []>("SELECT id, email FROM users").all();
    const products = database
      .query<{ id: number; code: string }, []>("SELECT id, attributes ->> 'code' AS code FROM products")
      .all();
    return {
      users: new Map(users.map(({ id, email }) => [email.replace("@imported.invalid", ""), id])),
      products: new Map(products.map(({ id, code }) => [code, id])),
    };
  } finally {
    database.close();
  }
}

async function signIn(api: string): Promise<string> {
  const answer = await fetch(`${api}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADMIN),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}
