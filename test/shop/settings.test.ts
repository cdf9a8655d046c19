import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { readEnvironment } from "../../src/shop/environment";
import { ShopError } from "../../src/base/errors";
import { signingKey } from "../../src/shop/signing-key";
import { paymentProviders } from "../../src/payments/providers";
import { envExample, settingsPage } from "../../src/shop/setting-docs";
import { groupsWith, settingNames, type Settings } from "../../src/shop/settings";
import { loadSettings } from "../support/settings";
import { SECRET } from "../support/shop";

const folder = mkdtempSync(join(tmpdir(), "sanset-settings-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** How many keys are made up; CI makes more than a developer waits for. */
const KEYS = Number(process.env["SANSET_TEST_KEYS"] ?? 100);

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

/** Functions are equal to themselves alone. */
const plain = ({ trustedProxies: _, ofProviders, ...settings }: Settings) => [
  settings,
  Object.fromEntries(ofProviders),
];

test(".env.example and the docs name every setting as the code does, and the example as it stands is a shop in development", async () => {
  const pages = join(import.meta.dir, "../..");
  const groups = groupsWith(paymentProviders);
  // Both are written by: bun run generate
  const example = await Bun.file(join(pages, ".env.example")).text();
  expect(example).toBe(envExample(groups));
  expect(await Bun.file(join(pages, "docs/settings.md")).text()).toBe(settingsPage(groups));
  expect(Object.keys(parseEnv(example)).toSorted()).toEqual(settingNames(paymentProviders).toSorted());
  expect(plain(loadSettings(parseEnv(example)))).toEqual(plain(loadSettings({})));
});

test("nothing set is a shop in development", () => {
  const { databaseUrl, trustedProxies, ofProviders, ...settings } = loadSettings({});
  expect(databaseUrl).toMatchObject({ engine: "sqlite", path: resolve("data/sanset.db") });
  expect(trustedProxies.isEmpty).toBe(true);
  expect([...ofProviders]).toEqual([
    ["cod", {}],
    ["mock", {}],
    ["stripe", { stripeApiUrl: "https://api.stripe.com" }],
  ]);
  expect<object>(settings).toEqual({
    production: false,
    databaseConnections: 10,
    databaseReaders: 4,
    databaseDeadlineSeconds: 5,
    databasePooled: "auto",
    databaseReplicaLagSeconds: 10,
    databaseLogMegabytes: 256,
    metrics: "local",
    adminPage: true,
    fileCheckSchedule: "40 4 * * *",
    backupSchedule: "off",
    backupKeep: 14,
    shopPage: true,
    rateLimitMsPerMinute: 6_000,
    auditDays: 730,
    logFormat: "auto",
    logRequests: "brief",
    slowCallMs: 1_000,
    docs: true,
    writeQueue: 2_048,
    host: "127.0.0.1",
    port: 5_000,
    publicUrl: "http://127.0.0.1:5000",
    compression: true,
    catalogCacheSeconds: 10,
    corsOrigins: "any",
    accessTokenExpireMinutes: 60,
    answerMemory: 64,
    answerMemorySeconds: 0,
    refreshTokenExpireMinutes: 43_200,
    sessionDays: 90,
    sessionsMost: 20,
    mailsPerHour: 500,
    mailsUnconfirmedMost: 30,
    requireVerifiedEmail: "off",
    adminSecondFactor: false,
    bcryptCost: 10,
    rateLimit: true,
    rateLimitPerMinute: 600,
    currency: "INR",
    minorPerMajor: 100,
    country: "IN",
    pricesIncludeTax: true,
    codHoldHours: 0,
    confirmRefundsFrom: 10_000,
    openOrdersMost: 0,
    unpaidUnitsMost: 0,
    guestsPerHour: 600,
    guestOrdersPerHour: 600,
    stockLowAt: 5,
    mediaDir: undefined,
    guestCheckout: true,
    guestDays: 30,
    deliveryMinutes: 30,
    deliveryKm: 5,
    deliveryKmh: 25,
    shopPlace: undefined,
    holdMinutes: 30,
    sweepSeconds: 30,
    paymentProviders: ["cod", "mock"],
    paymentReturnUrl: "http://127.0.0.1:5000/shop/paid",
    shopName: "Sanset",
    shopLocale: "en",
    timeZone: "UTC",
    invoices: "off",
    invoiceLabel: "{kind}-{year}-{number}",
    returnDays: 14,
    webhookPrivate: false,
    searchLanguages: ["en"],
    recommendSchedule: "0 3 * * *",
    recommendLogDays: 90,
    recommendCandidatePercent: 10,
    logLevel: "info",
  });
});

test("what follows from other settings follows them", () => {
  expect(loadSettings({ PORT: "81", HOST: "localhost" })).toMatchObject({
    publicUrl: "http://localhost:81",
    paymentReturnUrl: "http://localhost:81/shop/paid",
  });
  expect(loadSettings({ SHOP_PAGE: "off" }).paymentReturnUrl).toBe("http://127.0.0.1:5000");
  const { shopPlace } = loadSettings({ SHOP_LAT: "18.5", SHOP_LNG: "73.8" });
  expect(shopPlace).toEqual({ lat: 18.5, lng: 73.8 });
  expect(loadSettings({ STRIPE_SECRET_KEY: "sk_test_double" }).paymentProviders).toEqual(["cod", "mock", "stripe"]);
  expect(loadSettings(production)).toMatchObject({ corsOrigins: [], paymentProviders: ["cod"] });
});

/** Each setting, a value that is not its default, and what it is in the code. */
const taken: Record<string, [set: string, name: string, value: unknown]> = {
  SANSET_ENV: ["production", "production", true],
  DATABASE_URL: [
    "postgresql://shop:pw@db.example:5433/shop?sslmode=require",
    "databaseUrl",
    { engine: "postgres", url: "postgresql://shop:pw@db.example:5433/shop?sslmode=require" },
  ],
  DATABASE_CONNECTIONS: ["21", "databaseConnections", 21],
  DATABASE_READERS: ["22", "databaseReaders", 22],
  DATABASE_DEADLINE_SECONDS: ["2.25", "databaseDeadlineSeconds", 2.25],
  DATABASE_REPLICA_URL: [
    "postgres://shop:pw@copy.example/shop?sslmode=require",
    "databaseReplicaUrl",
    { engine: "postgres", url: "postgres://shop:pw@copy.example/shop?sslmode=require" },
  ],
  DATABASE_LOG_MEGABYTES: ["99", "databaseLogMegabytes", 99],
  DATABASE_REPLICA_LAG_SECONDS: ["2.5", "databaseReplicaLagSeconds", 2.5],
  DATABASE_POOLED: ["on", "databasePooled", "on"],
  METRICS: ["off", "metrics", "off"],
  FILE_CHECK_SCHEDULE: ["off", "fileCheckSchedule", "off"],
  BACKUP_TO: ["/srv/backups", "backupTo", "/srv/backups"],
  BACKUP_SCHEDULE: ["30 2 * * *", "backupSchedule", "30 2 * * *"],
  BACKUP_KEEP: ["30", "backupKeep", 30],
  S3_ENDPOINT: ["https://s3.example", "s3Endpoint", "https://s3.example"],
  S3_REGION: ["eu-1", "s3Region", "eu-1"],
  S3_ACCESS_KEY_ID: ["AKIA123", "s3AccessKeyId", "AKIA123"],
  S3_SECRET_ACCESS_KEY: ["q9.Wk2.Lm4.Zt7.Xc", "s3SecretAccessKey", "q9.Wk2.Lm4.Zt7.Xc"],
  ADMIN_PAGE: ["off", "adminPage", false],
  SHOP_PAGE: ["off", "shopPage", false],
  METRICS_TOKEN: ["t7.Rk3.cZpW1.Yh8", "metricsToken", "t7.Rk3.cZpW1.Yh8"],
  RATE_LIMIT_MS_PER_MINUTE: ["7001", "rateLimitMsPerMinute", 7_001],
  LOG_FORMAT: ["json", "logFormat", "json"],
  LOG_REQUESTS: ["full", "logRequests", "full"],
  SLOW_CALL_MS: ["250", "slowCallMs", 250],
  DOCS: ["off", "docs", false],
  ANSWER_MEMORY: ["8", "answerMemory", 8],
  ANSWER_MEMORY_SECONDS: ["2.5", "answerMemorySeconds", 2.5],
  WRITE_QUEUE: ["64", "writeQueue", 64],
  COMPRESSION: ["off", "compression", false],
  CATALOG_CACHE_SECONDS: ["0", "catalogCacheSeconds", 0],
  HOST: ["0.0.0.0", "host", "0.0.0.0"],
  PORT: ["8080", "port", 8_080],
  PUBLIC_URL: ["https://api.shop.example/", "publicUrl", "https://api.shop.example"],
  CORS_ORIGINS: [
    "https://shop.example, http://localhost:3000",
    "corsOrigins",
    ["https://shop.example", "http://localhost:3000"],
  ],
  TRUSTED_PROXIES: ["10.0.0.0/8", "trustedProxies", { isEmpty: false, includes: expect.any(Function) }],
  SECRET_KEY: [SECRET, "secretKey", SECRET],
  SECRET_KEY_PREVIOUS: [SECRET.toUpperCase(), "secretKeyPrevious", SECRET.toUpperCase()],
  ACCESS_TOKEN_EXPIRE_MINUTES: ["5", "accessTokenExpireMinutes", 5],
  REFRESH_TOKEN_EXPIRE_MINUTES: ["61", "refreshTokenExpireMinutes", 61],
  SESSION_DAYS: ["31", "sessionDays", 31],
  SESSIONS_MOST: ["4", "sessionsMost", 4],
  MAILS_PER_HOUR: ["99", "mailsPerHour", 99],
  MAILS_UNCONFIRMED_MOST: ["7", "mailsUnconfirmedMost", 7],
  REQUIRE_VERIFIED_EMAIL: ["cod", "requireVerifiedEmail", "cod"],
  EMAIL_CONFIRM_URL: ["https://shop.example/confirm", "emailConfirmUrl", "https://shop.example/confirm"],
  ADMIN_SECOND_FACTOR: ["on", "adminSecondFactor", true],
  CONFIRM_REFUNDS_FROM: ["500", "confirmRefundsFrom", 500],
  BCRYPT_COST: ["12", "bcryptCost", 12],
  RATE_LIMIT: ["on", "rateLimit", true],
  RATE_LIMIT_PER_MINUTE: ["77", "rateLimitPerMinute", 77],
  CURRENCY: ["EUR", "currency", "EUR"],
  COUNTRY: ["DE", "country", "DE"],
  PRICES_INCLUDE_TAX: ["off", "pricesIncludeTax", false],
  COD_HOLD_HOURS: ["48", "codHoldHours", 48],
  OPEN_ORDERS_MOST: ["7", "openOrdersMost", 7],
  UNPAID_UNITS_MOST: ["9", "unpaidUnitsMost", 9],
  GUESTS_PER_HOUR: ["7", "guestsPerHour", 7],
  GUEST_ORDERS_PER_HOUR: ["8", "guestOrdersPerHour", 8],
  STOCK_LOW_AT: ["8", "stockLowAt", 8],
  MEDIA_DIR: ["s3://pictures/shop", "mediaDir", "s3://pictures/shop"],
  GUEST_CHECKOUT: ["off", "guestCheckout", false],
  GUEST_DAYS: ["7", "guestDays", 7],
  DELIVERY_MINUTES: ["45", "deliveryMinutes", 45],
  DELIVERY_KM: ["2.5", "deliveryKm", 2.5],
  DELIVERY_KMH: ["18", "deliveryKmh", 18],
  SHOP_LAT: ["18.5204", "shopLat", 18.5204],
  SHOP_LNG: ["-73.8567", "shopLng", -73.8567],
  HOLD_MINUTES: ["10", "holdMinutes", 10],
  SWEEP_SECONDS: ["5", "sweepSeconds", 5],
  PAYMENT_PROVIDERS: ["stripe,cod", "paymentProviders", ["cod", "stripe"]],
  PAYMENT_RETURN_URL: ["https://shop.example/paid", "paymentReturnUrl", "https://shop.example/paid"],
  MOCK_WEBHOOK_SECRET: ["m9.qX2.wBvT7.Lk4", "mock.mockWebhookSecret", "m9.qX2.wBvT7.Lk4"],
  STRIPE_SECRET_KEY: ["sk_live_51Hx0TqLm2", "stripe.stripeSecretKey", "sk_live_51Hx0TqLm2"],
  STRIPE_WEBHOOK_SECRET: ["whsec_k3Vt9ZpQ1x", "stripe.stripeWebhookSecret", "whsec_k3Vt9ZpQ1x"],
  STRIPE_API_URL: ["https://stripe.example", "stripe.stripeApiUrl", "https://stripe.example"],
  SMTP_URL: ["smtps://mail.example:465", "smtpUrl", "smtps://mail.example:465"],
  MAIL_FROM: ["shop@example.com", "mailFrom", "shop@example.com"],
  PASSWORD_RESET_URL: ["https://shop.example/reset", "passwordResetUrl", "https://shop.example/reset"],
  ORDER_URL: ["https://shop.example/order", "orderUrl", "https://shop.example/order"],
  MAIL_TEMPLATES: ["/srv/mails", "mailTemplates", "/srv/mails"],
  SHOP_NAME: ["Mug & Co", "shopName", "Mug & Co"],
  SHOP_EMAIL: ["owner@shop.example", "shopEmail", "owner@shop.example"],
  SHOP_ADDRESS: ["12 Lake Road;Pune", "shopAddress", "12 Lake Road;Pune"],
  SHOP_TAX_ID: ["27AAPFU0939F1ZV", "shopTaxId", "27AAPFU0939F1ZV"],
  SHOP_LOCALE: ["en-IN", "shopLocale", "en-IN"],
  TIME_ZONE: ["Asia/Kolkata", "timeZone", "Asia/Kolkata"],
  INVOICES: ["shipped", "invoices", "shipped"],
  INVOICE_LABEL: ["{kind}/{number}", "invoiceLabel", "{kind}/{number}"],
  RETURN_DAYS: ["30", "returnDays", 30],
  WEBHOOK_PRIVATE: ["on", "webhookPrivate", true],
  SEARCH_LANGUAGES: ["pt, en", "searchLanguages", ["pt", "en"]],
  RECOMMEND_SCHEDULE: ["0 5 * * 1", "recommendSchedule", "0 5 * * 1"],
  RECOMMEND_LOG_DAYS: ["7", "recommendLogDays", 7],
  RECOMMEND_CANDIDATE_PERCENT: ["33", "recommendCandidatePercent", 33],
  AUDIT_DAYS: ["120", "auditDays", 120],
  LOG_LEVEL: ["warn", "logLevel", "warn"],
  SENTRY_DSN: ["https://key@sentry.example/1", "sentryDsn", "https://key@sentry.example/1"],
};

/** What a setting is in the code; those of payment providers are with their provider. */
function valueOf(settings: Settings, name: string): unknown {
  const [provider, own] = name.split(".") as [string, string?];
  if (own === undefined) return Reflect.get(settings, name);
  const values: unknown = settings.ofProviders.get(provider);
  return typeof values === "object" && values !== null ? Reflect.get(values, own) : undefined;
}

test("each setting is taken as it is set, and as nothing else", () => {
  expect(Object.keys(taken).toSorted()).toEqual(settingNames(paymentProviders).toSorted());
  const all = loadSettings(Object.fromEntries(Object.entries(taken).map(([name, [set]]) => [name, set])));
  for (const [, name, value] of Object.values(taken)) expect(valueOf(all, name), name).toEqual(value);
});

test("each of these values is another one than where nothing is set", () => {
  const usual = loadSettings({});
  for (const [name, [, own, value]] of Object.entries(taken)) {
    if (name !== "RATE_LIMIT") expect(valueOf(usual, own), name).not.toEqual(value);
  }
});

test.each([
  ["sqlite:///./sanset.db", resolve("sanset.db")],
  ["sqlite:///shop/sanset.db", resolve("shop/sanset.db")],
  ["sqlite:////srv/shop/sanset.db", "/srv/shop/sanset.db"],
])("%s is the file %s", (url, path) => {
  expect(loadSettings({ DATABASE_URL: url }).databaseUrl).toEqual({ engine: "sqlite", path });
});

test.each([
  ["JPY", 1],
  ["INR", 100],
  ["KWD", 1_000],
])("one %s has %d minor units", (currency, minor) => {
  expect(loadSettings({ CURRENCY: currency }).minorPerMajor).toBe(minor);
});

test("what is set to nothing is not set", () => {
  const { trustedProxies: _, ...settings } = loadSettings({});
  const empty = { SENTRY_DSN: "", PORT: "", SECRET_KEY: "", CORS_ORIGINS: "", TRUSTED_PROXIES: "", SMTP_URL: "" };
  expect(loadSettings(empty)).toMatchObject(settings);
});

test("the proxies that are believed are those that are listed", () => {
  const { trustedProxies } = loadSettings({
    SANSET_ENV: "development",
    TRUSTED_PROXIES: "10.1.0.0/16, 127.0.0.1,fd00::/8",
  });
  for (const address of ["10.1.255.255", "127.0.0.1", "fd12::1"]) expect(trustedProxies.includes(address)).toBe(true);
  for (const address of ["10.2.0.1", "127.0.0.2", "fe80::1", "", "unknown"])
    expect(trustedProxies.includes(address)).toBe(false);
  expect(loadSettings({}).trustedProxies.includes("127.0.0.1")).toBe(false);
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
  ["COUNTRY", "India"],
  ["PRICES_INCLUDE_TAX", "yes"],
  ["OPEN_ORDERS_MOST", "-1"],
  ["GUEST_ORDERS_PER_HOUR", "-1"],
  ["HOLD_MINUTES", "0"],
  ["PAYMENT_PROVIDERS", "cod,barter"],
  ["PAYMENT_PROVIDERS", "stripe"],
  ["STRIPE_WEBHOOK_SECRET", "short"],
  ["ANSWER_MEMORY", "0"],
  ["ANSWER_MEMORY", "on"],
  ["ANSWER_MEMORY_SECONDS", "6"],
  ["WRITE_QUEUE", "0"],
  ["COMPRESSION", "yes"],
  ["CATALOG_CACHE_SECONDS", "-1"],
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
    ["the rows of a keyboard", "qwertyuiopasdfghjklzxcvbnm123456"],
    ["the rows of another one, from the right", "Ylkjhgfdsapoiuztrewq-!99-mnbvcxy"],
    ["the columns of a keyboard", "1qaz2wsx3edc4rfv-Hk29xPq_71LmZw0"],
    ["a number that people know", "3141592653589793238462643383279502884"],
    ["an alphabet", "abcdefghijklmnopqrstuvwxyzabcdef"],
    ["digits twice", "0123456789abcdef0123456789abcdef"],
    ["a sentence", "thisisaverylongsentenceiknowwell1"],
    ["another sentence", "MyDogLikesTheSeasideInTheSummertime"],
    ["what this project once tested with", "a-secret-for-tests-0123456789-abcdefghij"],
    ["what this project once measured with", "a-secret-for-benchmarks-0123456789-abcdefghij"],
  ])("does not start with %s", (_, secret) => {
    expect(refusalOf({ ...production, SECRET_KEY: secret })).toContain("SECRET_KEY");
  });

  test("starts with whatever a random generator gives", () => {
    for (let key = 0; key < KEYS; key++) {
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
    ["RATE_LIMIT_PER_MINUTE", "100001"],
    ["SECRET_KEY_PREVIOUS", "your-secret-key-change-this-in-production"],
    ["MOCK_WEBHOOK_SECRET", "changemechangeme"],
    ["STRIPE_WEBHOOK_SECRET", "aaaaaaaaaaaaaaaa"],
    ["STRIPE_SECRET_KEY", "sk_live_x"],
    ["STRIPE_API_URL", "http://stripe.example"],
    ["PUBLIC_URL", "http://api.shop.example"],
    ["PAYMENT_RETURN_URL", "http://shop.example"],
    ["PASSWORD_RESET_URL", "http://shop.example/reset"],
    ["SENTRY_DSN", "http://key@sentry.example/1"],
    ["CORS_ORIGINS", "https://shop.example,http://www.shop.example"],
    ["TRUSTED_PROXIES", "0.0.0.0/0"],
    ["TRUSTED_PROXIES", "127.0.0.1,::/0"],
    ["DATABASE_URL", "postgres://shop:pw@db.example/shop"],
    ["DATABASE_URL", "postgres://shop:pw@127.0.0.1,db.example/shop"],
  ])("does not start with %s=%s, which development may have", (name, value) => {
    expect(refusalOf({ ...production, [name]: value })).toContain(name);
    expect(refusalOf({ SANSET_ENV: "development", [name]: value })).toBe("");
  });

  test.each([
    ["RATE_LIMIT_PER_MINUTE", "100000"],
    ["STRIPE_API_URL", "http://127.0.0.1:12111"],
    ["PUBLIC_URL", "http://localhost:5000"],
    ["CORS_ORIGINS", "http://[::1]:3000"],
    ["TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8"],
    ["DATABASE_URL", "postgres://shop:pw@db.example/shop?sslmode=require"],
    ["DATABASE_URL", "postgres://shop:pw@db.example/shop?sslmode=disable"],
    ["DATABASE_URL", "postgres://shop:pw@127.0.0.1/shop"],
    ["DATABASE_URL", "postgres://shop:pw@one.example:5432,two.example/shop?sslmode=require"],
    ["MOCK_WEBHOOK_SECRET", "m9.qX2.wBvT7.Lk4"],
  ])("starts with %s=%s", (name, value) => {
    expect(refusalOf({ ...production, [name]: value })).toBe("");
  });
});

describe("a shop that does not say what it is", () => {
  test.each([
    ["STRIPE_SECRET_KEY", "sk_live_51Hx0TqLm2"],
    ["STRIPE_SECRET_KEY", "rk_live_51Hx0TqLm2"],
    ["PUBLIC_URL", "https://api.shop.example"],
    ["CORS_ORIGINS", "http://localhost:3000,https://shop.example"],
    ["HOST", "0.0.0.0"],
    ["HOST", "::"],
    ["TRUSTED_PROXIES", "10.0.0.0/8"],
    ["DATABASE_URL", "postgres://shop:pw@db.example/shop"],
  ])("does not start with %s=%s until SANSET_ENV is set by name", (name, value) => {
    expect(refusalOf({ [name]: value })).toContain(
      `SANSET_ENV must be set, since this looks like a real shop (${name})`,
    );
    expect(refusalOf({ SANSET_ENV: "development", [name]: value })).toBe("");
    expect(refusalOf({ ...production, [name]: value })).not.toContain("SANSET_ENV");
  });

  test.each([
    ["STRIPE_SECRET_KEY", "sk_test_51Hx0TqLm2"],
    ["PUBLIC_URL", "https://localhost:5000"],
    ["PUBLIC_URL", "http://192.168.1.7:5000"],
    ["CORS_ORIGINS", "http://localhost:3000"],
    ["HOST", "localhost"],
    ["HOST", "::1"],
    ["TRUSTED_PROXIES", ""],
    ["DATABASE_URL", "postgres://shop:pw@localhost/shop"],
  ])("starts with %s=%s, as somebody develops", (name, value) => {
    expect(refusalOf({ [name]: value })).toBe("");
  });

  test("names every sign", () => {
    const signs = { HOST: "0.0.0.0", PUBLIC_URL: "https://api.shop.example", STRIPE_SECRET_KEY: "sk_live_51Hx0TqLm2" };
    expect(refusalOf(signs)).toContain("(PUBLIC_URL, HOST, STRIPE_SECRET_KEY)");
  });
});

describe("beside a key for real money", () => {
  const live = { SANSET_ENV: "development", STRIPE_SECRET_KEY: "sk_live_51Hx0TqLm2" };

  test("no goods are given away, in development neither", () => {
    expect(loadSettings(live).paymentProviders).toEqual(["cod", "stripe"]);
    expect(refusalOf({ ...live, PAYMENT_PROVIDERS: "mock,stripe" })).toContain("PAYMENT_PROVIDERS must not name mock");
    expect(refusalOf({ ...live, ...production, PAYMENT_PROVIDERS: "mock,stripe" })).toContain("must not name mock");
  });

  test("and beside one for tests, they may be", () => {
    const trying = { ...live, STRIPE_SECRET_KEY: "sk_test_51Hx0TqLm2", PAYMENT_PROVIDERS: "mock,stripe" };
    expect(loadSettings(trying).paymentProviders).toEqual(["mock", "stripe"]);
  });
});

describe("the secret of a shop in development", () => {
  const settings = () => loadSettings({ DATABASE_URL: `sqlite:///${join(folder, "deep", "shop.db")}` });
  const file = join(folder, "deep", "secret.key");

  test("is made once, kept beside the database, and nobody else may read it", () => {
    const secret = signingKey(settings());
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(signingKey(settings())).toBe(secret);
    expect(readFileSync(file, "utf8").trim()).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("is closed again to others where somebody opened it", () => {
    const secret = signingKey(settings());
    chmodSync(file, 0o644);
    expect(signingKey(settings())).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("is the one that is set, where one is", () => {
    expect(signingKey({ ...settings(), secretKey: SECRET })).toBe(SECRET);
  });
});

describe(".env", () => {
  const file = join(folder, ".env");

  test("says what the environment leaves open", () => {
    writeFileSync(file, `# A shop\nSANSET_TEST_ONE="from the file"\nSANSET_TEST_TWO=from the file\n`);
    process.env["SANSET_TEST_TWO"] = "from the environment";
    try {
      const environment = readEnvironment(file).values;
      expect(environment["SANSET_TEST_ONE"]).toBe("from the file");
      expect(environment["SANSET_TEST_TWO"]).toBe("from the environment");
      expect(process.env["SANSET_TEST_ONE"]).toBeUndefined();
    } finally {
      delete process.env["SANSET_TEST_TWO"];
    }
  });

  test("need not be there", () => {
    expect<object>(readEnvironment(join(folder, "none.env")).values).toEqual({ ...process.env });
  });

  test("that can't be read is said, not passed over", () => {
    expect(() => readEnvironment(folder)).toThrow();
  });
});
