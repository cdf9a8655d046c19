import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { readEnvironment } from "../../src/shop/environment";
import { ShopError } from "../../src/base/errors";
import { secretOf } from "../../src/shop/signing-key";
import { loadSettings, settingNames } from "../../src/shop/settings";
import { SECRET } from "../support/shop";

const folder = mkdtempSync(join(tmpdir(), "sanset-settings-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** A production that lacks nothing. */
const production = { SANSET_ENV: "production", SECRET_KEY: SECRET };

/** What the settings are refused with. */
function refusalOf(environment: Record<string, string>): string {
  try {
    loadSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ShopError);
    return error instanceof Error ? error.message : "";
  }
  return "";
}

test(".env.example names every setting, and as it stands is a shop in development", async () => {
  const example = parseEnv(await Bun.file(join(import.meta.dir, "../../.env.example")).text());
  expect(Object.keys(example).toSorted()).toEqual([...settingNames].toSorted());
  // Functions are equal to themselves alone.
  expect(JSON.stringify(loadSettings(example))).toBe(JSON.stringify(loadSettings({})));
});

test("nothing set is a shop in development", () => {
  expect(loadSettings({})).toMatchObject({
    production: false,
    database: { engine: "sqlite" },
    secretKey: undefined,
    accessTokenMinutes: 60,
    refreshTokenMinutes: 43_200,
    host: "127.0.0.1",
    port: 5_000,
    currency: "INR",
    minorPerMajor: 100,
    corsOrigins: "any",
    bcryptCost: 10,
    rateLimit: true,
    logLevel: "info",
    sentryDsn: undefined,
    delivery: { minutes: 30 },
  });
});

test("each setting is taken as it is set", () => {
  expect(
    loadSettings({
      ...production,
      DATABASE_URL: "postgresql://shop:pw@db.example:5433/shop?sslmode=require",
      ACCESS_TOKEN_EXPIRE_MINUTES: "5",
      REFRESH_TOKEN_EXPIRE_MINUTES: "60",
      HOST: "0.0.0.0",
      PORT: "8080",
      CURRENCY: "EUR",
      CORS_ORIGINS: "https://shop.example, http://localhost:3000",
      BCRYPT_COST: "12",
      RATE_LIMIT: "on",
      LOG_LEVEL: "warn",
      SENTRY_DSN: "https://key@sentry.example/1",
      DELIVERY_MINUTES: "45",
      DELIVERY_KM: "2.5",
      DELIVERY_KMH: "18",
      SHOP_LAT: "18.5204",
      SHOP_LNG: "-73.8567",
      SECRET_KEY_PREVIOUS: SECRET.toUpperCase(),
      SMTP_URL: "smtps://mail.example:465",
      MAIL_FROM: "shop@example.com",
      PASSWORD_RESET_URL: "https://shop.example/reset",
      PUBLIC_URL: "https://api.shop.example/",
      HOLD_MINUTES: "10",
      SWEEP_SECONDS: "5",
      STRIPE_SECRET_KEY: "sk_live_x",
      STRIPE_WEBHOOK_SECRET: "whsec_0123456789",
      MOCK_WEBHOOK_SECRET: "mock_0123456789ab",
      PAYMENT_RETURN_URL: "https://shop.example/paid",
      WRITE_QUEUE: "64",
    }),
  ).toMatchObject({
    production: true,
    database: { engine: "postgres", url: "postgresql://shop:pw@db.example:5433/shop?sslmode=require" },
    secretKey: SECRET,
    accessTokenMinutes: 5,
    refreshTokenMinutes: 60,
    host: "0.0.0.0",
    port: 8_080,
    currency: "EUR",
    corsOrigins: ["https://shop.example", "http://localhost:3000"],
    bcryptCost: 12,
    rateLimit: true,
    logLevel: "warn",
    sentryDsn: "https://key@sentry.example/1",
    delivery: { minutes: 45 },
  });
});

test.each([
  ["sqlite:///./sanset.db", resolve("sanset.db")],
  ["sqlite:///shop/sanset.db", resolve("shop/sanset.db")],
  ["sqlite:////srv/shop/sanset.db", "/srv/shop/sanset.db"],
])("%s is the file %s", (url, path) => {
  expect(loadSettings({ DATABASE_URL: url }).database).toEqual({ engine: "sqlite", path });
});

test.each([
  ["JPY", 1],
  ["INR", 100],
  ["KWD", 1_000],
])("one %s has %d minor units", (currency, minor) => {
  expect(loadSettings({ CURRENCY: currency }).minorPerMajor).toBe(minor);
});

test("what is set to nothing is not set", () => {
  const { isTrustedProxy: _, ...settings } = loadSettings({});
  const empty = { SENTRY_DSN: "", PORT: "", SECRET_KEY: "", CORS_ORIGINS: "", TRUSTED_PROXIES: "", SMTP_URL: "" };
  expect(loadSettings(empty)).toMatchObject(settings);
});

test("the proxies that are believed are those that are listed", () => {
  const { isTrustedProxy } = loadSettings({ TRUSTED_PROXIES: "10.1.0.0/16, 127.0.0.1,fd00::/8" });
  for (const address of ["10.1.255.255", "127.0.0.1", "fd12::1"]) expect(isTrustedProxy(address)).toBe(true);
  for (const address of ["10.2.0.1", "127.0.0.2", "fe80::1", "", "unknown"])
    expect(isTrustedProxy(address)).toBe(false);
  expect(loadSettings({}).isTrustedProxy("127.0.0.1")).toBe(false);
});

test.each([
  ["SANSET_ENV", "prod"],
  ["DATABASE_URL", "mysql://root@localhost/shop"],
  ["DATABASE_URL", "sqlite://"],
  ["DATABASE_URL", "shop.db"],
  ["ACCESS_TOKEN_EXPIRE_MINUTES", "0"],
  ["ACCESS_TOKEN_EXPIRE_MINUTES", "an hour"],
  ["REFRESH_TOKEN_EXPIRE_MINUTES", "-1"],
  ["PORT", "65536"],
  ["PORT", "0x50"],
  ["PORT", "5e3"],
  ["CURRENCY", "RUPEES"],
  ["CURRENCY", "inr"],
  ["CORS_ORIGINS", "*"],
  ["CORS_ORIGINS", "https://shop.example/"],
  ["CORS_ORIGINS", "https://shop.example,evil"],
  ["CORS_ORIGINS", "shop.example"],
  ["BCRYPT_COST", "3"],
  ["BCRYPT_COST", "16"],
  ["RATE_LIMIT", "false"],
  ["LOG_LEVEL", "verbose"],
  ["SENTRY_DSN", "sentry"],
  ["DELIVERY_MINUTES", "1.5"],
  ["SHOP_LAT", "91"],
  ["SHOP_LNG", "73.8567"],
  ["DELIVERY_KM", "-1"],
  ["TRUSTED_PROXIES", "everybody"],
  ["TRUSTED_PROXIES", "10.0.0.0/33"],
  ["SMTP_URL", "mail.example:587"],
  ["PUBLIC_URL", "ftp://shop.example"],
  ["HOLD_MINUTES", "0"],
  ["PAYMENT_PROVIDERS", "cod,barter"],
  ["PAYMENT_PROVIDERS", "stripe"],
  ["STRIPE_WEBHOOK_SECRET", "short"],
  ["WRITE_QUEUE", "0"],
])("%s=%s is refused by its name", (name, value) => {
  expect(refusalOf({ [name]: value })).toContain(name);
});

test("everything that is wrong is said at once", () => {
  const refusal = refusalOf({ PORT: "x", CURRENCY: "?", BCRYPT_COST: "99" });
  for (const name of ["PORT", "CURRENCY", "BCRYPT_COST"]) expect(refusal).toContain(name);
});

test("what is set in vain is never repeated: it may be a password", () => {
  expect(refusalOf({ DATABASE_URL: "postgre://shop:hunter2@db/shop" })).not.toContain("hunter2");
  expect(refusalOf({ ...production, SECRET_KEY: "hunter2" })).not.toContain("hunter2");
});

describe("production", () => {
  test("starts with a secret of its own", () => {
    expect(loadSettings(production)).toMatchObject({ production: true, secretKey: SECRET, corsOrigins: [] });
  });

  test.each([
    ["no secret", ""],
    ["a short one", "4b1d0c7e9f2a8653d7e1b0c4a9f8e76"],
    ["one that everybody knows", "your-secret-key-change-this-in-production"],
    ["another that everybody knows", "supersecretkey-supersecretkey-supersecretkey"],
    ["one of a single letter", "x".repeat(64)],
    ["that of FastAPI's tutorial", "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"],
    ["the same in capitals", "09D25E094FAA6CA2556C818166B7A9563B93F7099F6F0F4CAA6CF63B88E8D3E7"],
    ["that of Flask's configuration", "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"],
    ["the hash of nothing", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["the hash of a word", "5f4dcc3b5aa765d61d8327deb882cf99"],
    ["what Django generates", "django-insecure-0123456789abcdefghijkl"],
    ["a request to change it", "change_this_to_a_long_random_string_please"],
    ["another", "please-change-me-please-change-me-123"],
    ["a word again and again", "mysecretkeymysecretkeymysecretkey1"],
    ["a place to put one", "insert-your-secret-key-here-1234567890"],
    ["an alphabet", "abcdefghijklmnopqrstuvwxyzabcdef"],
    ["digits twice", "0123456789abcdef0123456789abcdef"],
    ["what this project once tested with", "a-secret-for-tests-0123456789-abcdefghij"],
    ["what this project once measured with", "a-secret-for-benchmarks-0123456789-abcdefghij"],
  ])("does not start with %s (D36)", (_, secret) => {
    expect(refusalOf({ ...production, SECRET_KEY: secret })).toContain("SECRET_KEY");
  });

  test("starts with whatever a random generator gives (D36)", () => {
    for (let key = 0; key < 3_000; key++) {
      for (const encoding of ["hex", "base64", "base64url"] as const) {
        const random = new Bun.CryptoHasher("sha256").update(`key ${key}`).digest(encoding);
        expect(refusalOf({ ...production, SECRET_KEY: random }), random).toBe("");
        expect(refusalOf({ ...production, SECRET_KEY: random.slice(0, 32) }), random).toBe("");
      }
    }
  });

  test.each([
    ["BCRYPT_COST", "9"],
    ["RATE_LIMIT", "off"],
  ])("does not start with %s=%s, which development may have", (name, value) => {
    expect(refusalOf({ ...production, [name]: value })).toContain(name);
    expect(refusalOf({ [name]: value })).toBe("");
  });
});

describe("the secret of a shop in development", () => {
  const settings = () => loadSettings({ DATABASE_URL: `sqlite:///${join(folder, "deep", "shop.db")}` });
  const file = join(folder, "deep", "secret.key");

  test("is made once, kept beside the database, and nobody else may read it", () => {
    const secret = secretOf(settings());
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(secretOf(settings())).toBe(secret);
    expect(readFileSync(file, "utf8").trim()).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("is closed again to others where somebody opened it", () => {
    const secret = secretOf(settings());
    chmodSync(file, 0o644);
    expect(secretOf(settings())).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("is the one that is set, where one is", () => {
    expect(secretOf({ ...settings(), secretKey: SECRET })).toBe(SECRET);
  });
});

describe(".env", () => {
  const file = join(folder, ".env");

  test("says what the environment leaves open", () => {
    writeFileSync(file, `# A shop\nSANSET_TEST_ONE="from the file"\nSANSET_TEST_TWO=from the file\n`);
    process.env["SANSET_TEST_TWO"] = "from the environment";
    try {
      const environment = readEnvironment(file);
      expect(environment["SANSET_TEST_ONE"]).toBe("from the file");
      expect(environment["SANSET_TEST_TWO"]).toBe("from the environment");
      expect(process.env["SANSET_TEST_ONE"]).toBeUndefined();
    } finally {
      delete process.env["SANSET_TEST_TWO"];
    }
  });

  test("need not be there", () => {
    expect(readEnvironment(join(folder, "none.env"))).toEqual({ ...process.env });
  });

  test("that can't be read is said, not passed over", () => {
    expect(() => readEnvironment(folder)).toThrow();
  });
});
