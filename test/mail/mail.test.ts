import { expect, test } from "bun:test";
import { mailer } from "../../src/mail/mail";
import { loadSettings } from "../support/settings";
import { clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { freshShop, SECRET } from "../support/shop";
import { startSmtpServer } from "../support/smtp";

const EMAIL = "asha@example.com";
const production = { SANSET_ENV: "production", BCRYPT_COST: "10", RATE_LIMIT: "on", MAIL_FROM: "shop@example.com" };

/** Reaches this machine, but not by a name that says so. */
const ELSEWHERE = "0.0.0.0";

test("no letter leaves a shop in production on a line that is not encrypted, and the log says why", async () => {
  const [sqlite] = engines;
  if (!sqlite) throw new Error("SQLite is always there.");
  const server = startSmtpServer();
  const shop = await freshShop(sqlite, { ...production, SMTP_URL: `smtp://${ELSEWHERE}:${server.port}` });
  await newClient(shop, { email: EMAIL });
  expect((await clientOf(shop).post("/auth/password/forgot", { email: EMAIL })).status).toBe(202);
  while (shop.logged.length === 0) await Bun.sleep(2);
  expect(shop.logged).toMatchObject([{ level: "error", about: { reason: expect.stringContaining("STARTTLS") } }]);
  expect(server.said()).not.toMatch(/RCPT|DATA/);
  server.stop();
});

const letter = { to: EMAIL, subject: "A new password", text: "Your token: x" };

/** Whether a letter reaches a server that knows no TLS. */
async function arrives(environment: Record<string, string>, host: string, query = ""): Promise<boolean> {
  const server = startSmtpServer();
  const url = `smtp://${host}:${server.port}${query}`;
  const settings = loadSettings({ ...environment, SECRET_KEY: SECRET, MAIL_FROM: "shop@example.com", SMTP_URL: url });
  const send = mailer(settings, () => {});
  try {
    return await send(letter).then(
      () => true,
      () => false,
    );
  } finally {
    server.stop();
  }
}

test.each([
  ["a shop in development", {}, ELSEWHERE, "", true],
  ["a shop in production", production, ELSEWHERE, "", false],
  ["one that says so", production, ELSEWHERE, "?requireTLS=false", true],
  ["one with a server on its own machine", production, "127.0.0.1", "", true],
  ["one with a server by the name of its own machine", production, "localhost", "", true],
])("without TLS, mail of %s", async (_, environment, host, query, expected) => {
  expect(await arrives(environment, host, query)).toBe(expected);
});

test("a mail server that says nothing, or too little to be ever done, is not waited for", async () => {
  for (const talk of [() => {}, (socket: { write(text: string): unknown }) => socket.write("220-wait\r\n")]) {
    const silent = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: () => {},
        open: (socket) => {
          const timer = setInterval(() => void talk(socket), 20);
          timer.unref();
        },
      },
    });
    const url = `smtp://127.0.0.1:${silent.port}`;
    const settings = loadSettings({ SECRET_KEY: SECRET, MAIL_FROM: "shop@example.com", SMTP_URL: url });
    const refusal: unknown = await mailer(
      settings,
      () => {},
      200,
    )(letter).then(
      () => "sent",
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(Error);
    silent.stop(true);
  }
});
