import { afterEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isPublicAddress } from "../../src/webhooks/address";
import { webhookChannel } from "../../src/webhooks/channel";
import { testWebhook } from "../../src/webhooks/webhooks";
import { newClient } from "../support/client";
import { deliver, startReceiver } from "../support/deliveries";
import { engines } from "../support/engines";
import { newFolder } from "../support/program";
import { freshShop, SECRET } from "../support/shop";

const receivers: { stop(): unknown }[] = [];
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.stop();
});

const engine = engines[0]!;
const TYPES = ["webhook.test"];

describe("where a webhook may lead", () => {
  test.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0/",
    "http://localhost:5000/",
    "http://shop.localhost/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://[2001::1]/",
    "http://[2002:7f00:1::]/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "https://user:word@example.com/",
    "example.com",
    "not an address",
  ])("%s is refused when it is entered", async (url) => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const answer = await admin.post("/webhooks", { url, types: TYPES });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: "url" }] } });
    const { body } = await admin.post("/webhooks", { url: "https://example.com/", types: TYPES });
    expect((await admin.patch(`/webhooks/${body.id}`, { url })).status).toBe(422);
  });

  test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "193.0.0.1", "223.255.255.255", "2606:4700::1111"])(
    "%s is of the world",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  test.each(["172.16.0.0", "100.127.255.255", "224.0.0.0", "2001:1ff::1", "4000::1", "nonsense"])(
    "%s is not",
    (address) => expect(isPublicAddress(address)).toBe(false),
  );

  test("in production it begins with https, and http is good enough where a shop is built", async () => {
    const url = "http://example.com/hook";
    const built = await freshShop(engine);
    expect((await (await newClient(built, { admin: true })).post("/webhooks", { url, types: TYPES })).status).toBe(201);
    const served = await freshShop(engine, {
      SANSET_ENV: "production",
      SECRET_KEY: SECRET,
      BCRYPT_COST: "10",
      RATE_LIMIT: "on",
    });
    const admin = await newClient(served, { admin: true });
    expect((await admin.post("/webhooks", { url, types: TYPES })).status).toBe(422);
    expect((await admin.post("/webhooks", { url: "https://example.com/hook", types: TYPES })).status).toBe(201);
  });

  test.each(["127.0.0.1", "10.0.0.1", "::1", "8.8.8.8 127.0.0.1"])(
    "a name that leads to %s is not called",
    async (listed) => {
      const addresses = listed.split(" ");
      const shop = await freshShop(engine);
      const receiver = startReceiver();
      receivers.push(receiver);
      const admin = await newClient(shop, { admin: true });
      const url = `http://hook.example:${receiver.port}/`;
      const { id } = (await admin.post("/webhooks", { url, types: TYPES })).body;
      await testWebhook(shop, id);
      await deliver(shop, webhookChannel({ resolve: async () => addresses }));
      expect(receiver.heard).toEqual([]);
      const [delivery] = (await admin.get(`/webhooks/${id}/deliveries`)).body;
      expect(delivery).toMatchObject({
        state: "waiting",
        attempts: [{ failure: "The name leads to an address that may not be called." }],
      });
    },
  );

  test("a name is looked up once and its address is called, whatever a second look-up would say", async () => {
    const shop = await freshShop(engine, { WEBHOOK_PRIVATE: "on" });
    const [right, wrong] = [startReceiver(), startReceiver()];
    receivers.push(right, wrong);
    let looks = 0;
    const resolve = async () => (++looks === 1 ? ["127.0.0.1"] : ["127.0.0.2"]);
    const admin = await newClient(shop, { admin: true });
    const url = `http://hook.example:${right.port}/a?b=c`;
    const { id } = (await admin.post("/webhooks", { url, types: TYPES })).body;
    await testWebhook(shop, id);
    await deliver(shop, webhookChannel({ resolve }));
    expect(looks).toBe(1);
    expect(right.heard).toHaveLength(1);
    expect(right.heard[0]!.headers["host"]).toBe(`hook.example:${right.port}`);
    expect(right.heard[0]!.url).toEndWith("/a?b=c");
  });

  test("a certificate must be of the name, though an address is called", async () => {
    const shop = await freshShop(engine, { WEBHOOK_PRIVATE: "on" });
    const folder = newFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=other.example", "-addext", "subjectAltName=DNS:other.example"];
    Bun.spawnSync([
      "openssl",
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ]);
    let calls = 0;
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { key: Bun.file(key), cert: Bun.file(cert) },
      fetch: () => new Response(String(++calls)),
    });
    receivers.push({ stop: () => server.stop(true) });
    const admin = await newClient(shop, { admin: true });
    const url = `https://hook.example:${server.port}/`;
    const { id } = (await admin.post("/webhooks", { url, types: TYPES })).body;
    await testWebhook(shop, id);
    await deliver(shop, webhookChannel({ resolve: async () => ["127.0.0.1"] }));
    expect(calls).toBe(0);
    expect((await admin.get(`/webhooks/${id}/deliveries`)).body[0].attempts[0].failure).toMatch(/CERT/i);
    rmSync(folder, { recursive: true, force: true });
  });
});
