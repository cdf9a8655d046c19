import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newFolder, run, startServer } from "../support/program";

setDefaultTimeout(120_000);

/** The proxies as they are shipped, with their addresses, ports and certificates changed. */
const PROXIES = [
  { name: "nginx", file: "deploy/nginx/sanset.conf", host: "api.shop.example", prefix: "" },
  { name: "nginx", file: "deploy/nginx/prefix.conf", host: "shop.example", prefix: "/backend" },
  { name: "caddy", file: "deploy/caddy/Caddyfile", host: "api.shop.example", prefix: "" },
  { name: "caddy", file: "deploy/caddy/prefix.Caddyfile", host: "shop.example", prefix: "/backend" },
] as const;

type Proxy = (typeof PROXIES)[number];

const isHere = (name: string) => Bun.which(name) !== null || process.env["CI"] !== undefined;

describe.each(PROXIES)("$file", (proxy) => {
  test.skipIf(!isHere(proxy.name) || !isHere("curl"))(
    "serves a shop by TLS, with the customer's address, prefix, live events and tags as they are",
    async () => {
      const folder = newFolder();
      const port = freePort();
      const outside = `https://${proxy.host}:${port}${proxy.prefix}`;
      const env = { PUBLIC_URL: outside, TRUSTED_PROXIES: "127.0.0.1,::1", SANSET_ENV: "development" };
      const cwd = newFolder();
      await run(["seed", "--products", "30", "--customers", "3", "--orders", "5"], { cwd, env });
      const server = await startServer({ cwd, env });
      const front = startProxy(proxy, folder, { port, upstream: Number(new URL(server.url).port) });
      try {
        const ask = (path: string, ...more: string[]) => curl(folder, proxy.host, port, `${outside}${path}`, more);
        await until(async () => (await ask("/healthz")).body.includes("healthy"));

        // The customer's address, whatever they say of themselves; 127.0.0.2 stands for one from outside.
        const wrong = JSON.stringify({ email: "om@example.com", password: "not this one" });
        const json = ["-H", "content-type: application/json"];
        const from = ["--interface", "127.0.0.2", "-H", "x-forwarded-for: 9.9.9.9"];
        expect((await ask("/api/v1/auth/login", ...from, ...json, "-d", wrong)).status).toBe(401);
        const tokens = await ask(
          "/api/v1/auth/login",
          ...json,
          "-d",
          '{"email":"admin@sanset.com","password":"admin123456"}',
        );
        const bearer = ["-H", `authorization: Bearer ${JSON.parse(tokens.body).access_token}`];
        const audit = JSON.parse((await ask("/api/v1/admin/audit?action=sign_in_failed", ...bearer)).body);
        expect(audit).toMatchObject([{ address: "127.0.0.2" }]);

        // Every address that the shop gives works from outside.
        const list = await ask("/api/v1/orders/all?size=2", ...bearer);
        const next = /<([^>]+)>; rel="next"/.exec(list.headers["link"] ?? "")?.[1] ?? "";
        expect(next).toStartWith(`${proxy.prefix}/api/v1/`);
        const there = await curl(folder, proxy.host, port, `https://${proxy.host}:${port}${next}`, bearer);
        expect(there.status).toBe(200);
        const docs = await ask("/docs");
        const script = /src="([^"]+)"/.exec(docs.body)?.[1] ?? "";
        expect((await ask(`/${script}`)).status).toBe(200);
        expect(JSON.parse((await ask("/api/v1/openapi.json")).body).servers).toEqual([{ url: outside }]);

        // Compressed once, and what was read so can be edited.
        const page = await ask("/api/v1/products", "--compressed");
        expect(page.headers["content-encoding"]).toMatch(/^(br|gzip)$/);
        const product = await ask("/api/v1/products/1", "--compressed");
        const tag = ["-H", `if-match: ${product.headers["etag"]}`];
        const change = ["-X", "PATCH", ...json, "-d", '{"price":5}'];
        expect((await ask("/api/v1/products/1", ...bearer, ...tag, ...change)).status).toBe(200);
        expect((await ask("/api/v1/products/1", ...bearer, ...tag, ...change)).status).toBe(412);

        // What happens is told while the connection stands.
        const live = listen(folder, proxy.host, port, `${outside}/api/v1/admin/events`, bearer);
        await live.has(":");
        await run(["order", "create", "--name", "Asha Rao", "--line", "2:1"], { cwd, env });
        expect(await live.has("order.placed")).toContain("order.placed");
        live.stop();

        const hidden = await ask("/metrics");
        expect([hidden.status, hidden.headers["strict-transport-security"]]).toEqual([404, "max-age=31536000"]);
      } finally {
        front.kill();
        await front.exited;
        await server.stop();
      }
    },
  );
});

function startProxy(
  { name, file, host }: Proxy,
  folder: string,
  { port, upstream }: { port: number; upstream: number },
) {
  certify(folder, host);
  const shipped = readFileSync(file, "utf8").replaceAll("127.0.0.1:5000", `127.0.0.1:${upstream}`);
  const quiet = { stdin: "ignore", stdout: "ignore", stderr: "ignore" } as const;
  if (name === "nginx") {
    for (const part of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, part));
    const site = shipped
      .replace("listen 80;", `listen 127.0.0.1:${freePort()};`)
      .replace("listen 443", `listen 127.0.0.1:${port}`)
      .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/site.pem;`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/site.key;`);
    const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((part) => `${part}_temp_path ${folder}/${part.replace("client_", "")};`)
      .join(" ");
    const whole = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
      events {} http { access_log off; ${places} ${site} }`;
    Bun.spawnSync(["sh", "-c", `cat > ${folder}/nginx.conf`], { stdin: new TextEncoder().encode(whole) });
    chmodSync(folder, 0o755);
    return Bun.spawn(["nginx", "-p", folder, "-c", `${folder}/nginx.conf`], quiet);
  }
  const site = shipped.replace(
    `\n${host} {`,
    `\nhttps://${host}:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/site.pem ${folder}/site.key`,
  );
  const whole = `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`;
  Bun.spawnSync(["sh", "-c", `cat > ${folder}/Caddyfile`], { stdin: new TextEncoder().encode(whole) });
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return Bun.spawn(["caddy", "run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"], { ...quiet, env });
}

/** A certificate of a CA of one's own, as an operator makes one for a network without names. */
function certify(folder: string, host: string): void {
  const commands = [
    `openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Own-CA -keyout ca.key -out ca.pem`,
    `openssl req -newkey rsa:2048 -nodes -subj /CN=${host} -keyout site.key -out site.csr`,
    `printf 'subjectAltName=DNS:${host}' > ext`,
    `openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out site.pem`,
  ];
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-ec", commands.join("\n")], { cwd: folder, stderr: "pipe" });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

const common = (folder: string, host: string, port: number) => [
  "-sS",
  "--cacert",
  join(folder, "ca.pem"),
  "--resolve",
  `${host}:${port}:127.0.0.1`,
];

async function curl(folder: string, host: string, port: number, url: string, more: readonly string[]) {
  const child = Bun.spawn(["curl", ...common(folder, host, port), "-D", "-", ...more, url], { stderr: "ignore" });
  const text = await new Response(child.stdout).text();
  await child.exited;
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number(first.split(" ")[1]), headers: headers as Record<string, string>, body: text.slice(end + 4) };
}

/** What a stream says, as it says it. */
function listen(folder: string, host: string, port: number, url: string, more: readonly string[]) {
  const words = ["curl", "-N", ...common(folder, host, port), "-H", "accept: text/event-stream", ...more, url];
  const child = Bun.spawn(words, { stderr: "ignore" });
  let heard = "";
  void (async () => {
    for await (const chunk of child.stdout) heard += new TextDecoder().decode(chunk);
  })();
  return {
    has: async (text: string) => {
      await until(() => Promise.resolve(heard.includes(text)));
      return heard;
    },
    stop: () => child.kill(),
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await Bun.sleep(50);
}

function freePort(): number {
  const probe = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = probe;
  void probe.stop(true);
  return port ?? 0;
}
