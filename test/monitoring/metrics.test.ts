import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Counter, gaugeLines, Histogram } from "../../src/base/instruments";
import { buy } from "../support/buying";
import { call, clientOf, newBuyer } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, startServer } from "../support/program";
import { freshShop, SECRET } from "../support/shop";

const read = (shop: Parameters<typeof call>[0], headers: Record<string, string> = {}) =>
  call(shop, "GET", "/metrics", { headers });

/** The value of a sample, by its whole name with labels. */
const valueOf = (text: string, sample: string): number | undefined => {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
};

describe.each(engines)("metrics on $name", (engine) => {
  test("count what the shop does, in a text that Prometheus reads", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1 });
    const buyer = await newBuyer(shop);
    await buy(buyer, [mug]);
    await buy(buyer, [mug]);
    await clientOf(shop).get("/search?q=mug");
    await clientOf(shop).get("/search?q=xylophone");
    await newBuyer(shop);
    await clientOf(shop).post("/auth/login", { email: "nobody@example.com", password: "wrong horse" });
    const { status, text, headers } = await read(shop);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("application/openmetrics-text");
    expect(valueOf(text, 'sanset_checkouts_total{outcome="placed"}')).toBe(1);
    expect(valueOf(text, 'sanset_checkouts_total{outcome="out_of_stock"}')).toBe(1);
    expect(valueOf(text, 'sanset_searches_total{outcome="found"}')).toBe(1);
    expect(valueOf(text, 'sanset_searches_total{outcome="missed"}')).toBe(1);
    expect(valueOf(text, 'sanset_sign_ins_total{outcome="signed_in"}')).toBe(2);
    expect(valueOf(text, 'sanset_sign_ins_total{outcome="wrong_credentials"}')).toBe(1);
    if (engine.name === "sqlite") expect(valueOf(text, "sanset_commit_transactions_count")).toBeGreaterThan(3);
    expect(valueOf(text, 'sanset_orders_waiting{status="placed"}')).toBe(1);
    expect(valueOf(text, 'sanset_orders_waiting{status="packed"}')).toBe(0);
    expect(valueOf(text, 'sanset_database_bytes{part="database"}')).toBeGreaterThan(4_000);
    expect(text.endsWith("# EOF\n")).toBe(true);
  });

  test("tell how many writes wait, and that none do once they are done", async () => {
    const shop = await freshShop(engine);
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const writes = [1, 2, 3].map(() =>
      shop.database.transaction(async () => {
        begun.resolve();
        await held.promise;
      }),
    );
    await begun.promise;
    const { text: meanwhile } = await read(shop);
    held.resolve();
    await Promise.all(writes);
    expect(valueOf(meanwhile, "sanset_writes_under_way")).toBe(3);
    expect(valueOf((await read(shop)).text, "sanset_writes_under_way")).toBe(0);
  });

  test("a repeated checkout is no second one", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    await buyer.post("/cart/add", { product_id: mug.id });
    const pay = () =>
      buyer.post(
        "/orders/checkout",
        { payment_method: "cod", address_id: buyer.address_id },
        { "idempotency-key": "once" },
      );
    await pay();
    await pay();
    const { text } = await read(shop);
    expect(valueOf(text, 'sanset_checkouts_total{outcome="placed"}')).toBe(1);
    expect(valueOf(text, 'sanset_checkouts_total{outcome="replayed"}')).toBe(1);
  });

  test("are shown to whom METRICS names", async () => {
    const off = await freshShop(engine, { METRICS: "off" });
    expect((await read(off)).status).toBe(404);
    const token = "a-token-of-the-monitor-7f3a9c";
    const guarded = await freshShop(engine, { METRICS: "local", METRICS_TOKEN: token });
    expect((await read(guarded)).status).toBe(401);
    expect((await read(guarded, { authorization: `Bearer ${token}x` })).status).toBe(403);
    expect((await read(guarded, { authorization: `Bearer ${token}` })).status).toBe(200);
  });
});

test("metrics of a served shop are for this machine, and not for what a proxy on it passes on", async () => {
  const server = await startServer({ env: { SECRET_KEY: SECRET } });
  const ask = (headers: Record<string, string>) => fetch(`${server.url}/metrics`, { headers });
  expect((await ask({})).status).toBe(200);
  expect((await ask({ "x-forwarded-for": "203.0.113.5" })).status).toBe(403);
  expect((await ask({ "x-forwarded-for": "127.0.0.1" })).status).toBe(403);
  await server.stop();
});

test.skipIf(Bun.which("prometheus") === null)("a real Prometheus reads them, and its rules fit them", async () => {
  const folder = newFolder();
  const server = await startServer({ env: { SECRET_KEY: SECRET } });
  await fetch(`${server.url}/api/v1/search?q=tea`);
  const port = await freePort();
  const rules = join(import.meta.dir, "../../deploy/prometheus/rules.yml");
  const { host } = new URL(server.url);
  await Bun.write(
    `${folder}/prometheus.yml`,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${JSON.stringify(rules)}]
scrape_configs: [{ job_name: sanset, static_configs: [{ targets: [${JSON.stringify(host)}] }] }]
`,
  );
  const prometheus = Bun.spawn(
    [
      "prometheus",
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdout: "ignore", stderr: "ignore" },
  );
  const ask = async (query: string): Promise<unknown[]> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    return fetch(url)
      .then((answer) => answer.json() as Promise<{ data?: { result: unknown[] } }>)
      .then(({ data }) => data?.result ?? [])
      .catch(() => []);
  };
  try {
    while ((await ask('up{job="sanset"} == 1')).length === 0) await Bun.sleep(200);
    expect(await ask('sanset_searches_total{outcome="missed"} == 1')).toHaveLength(1);
    expect(await ask("sanset_event_loop_lag_seconds_bucket")).not.toEqual([]);
    const loaded = (await (await fetch(`http://127.0.0.1:${port}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string }[] }[] };
    };
    const names = loaded.data.groups.flatMap(({ rules }) => rules.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(5);
    // Every rule and every panel names what there is: a metric that is spelled otherwise would never alarm.
    const dashboard = await Bun.file(join(import.meta.dir, "../../deploy/grafana/dashboard.json")).text();
    const known = await (await fetch(`${server.url}/metrics`)).text();
    for (const [name] of `${await Bun.file(rules).text()} ${dashboard}`.matchAll(/sanset_[a-z_]+/g)) {
      const family = name.replace(/_(total|bucket|count|sum)$/, "");
      expect([name, known.includes(`# TYPE ${family} `)]).toEqual([name, true]);
    }
  } finally {
    prometheus.kill();
    await prometheus.exited;
    await server.stop();
  }
});

async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return port ?? 0;
}

describe("instruments", () => {
  test("a histogram counts each value at or below a bound", () => {
    const histogram = new Histogram("taken_seconds", "Taken.", [1, 2], ["route"]);
    for (const value of [0.5, 1, 1.5, 2, 9]) histogram.observe(value, ["/a"]);
    expect(histogram.lines()).toEqual([
      "# TYPE taken_seconds histogram",
      "# HELP taken_seconds Taken.",
      'taken_seconds_bucket{route="/a",le="1"} 2',
      'taken_seconds_bucket{route="/a",le="2"} 4',
      'taken_seconds_bucket{route="/a",le="+Inf"} 5',
      'taken_seconds_count{route="/a"} 5',
      'taken_seconds_sum{route="/a"} 14',
    ]);
  });

  test("labels are escaped, and a counter adds up", () => {
    const counter = new Counter("things", "Things.", ["name"]);
    counter.add(['a"b\\c\nd']);
    counter.add(['a"b\\c\nd'], 2);
    expect(counter.lines().at(-1)).toBe(String.raw`things_total{name="a\"b\\c\nd"} 3`);
  });

  test("a gauge has one line for each set of labels", () => {
    const lines = gaugeLines({
      name: "size",
      help: "Size.",
      values: [{ value: 1 }, { labels: { of: "x" }, value: 2 }],
    });
    expect(lines.slice(2)).toEqual(["size 1", 'size{of="x"} 2']);
  });
});
