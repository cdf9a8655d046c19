import { z } from "zod";
import { ShopError } from "../base/errors";
import { isGuessable, SHORTEST_SECRET } from "./weak-secret";
import {
  databaseAddress,
  decimal,
  isInvoiceLabel,
  isLocale,
  isSchedule,
  isTimeZone,
  networks,
  origins,
  type PaymentProviderName,
  providers,
  webAddress,
  wholeNumber,
} from "./setting-kinds";
import { isTakenByStripe } from "../base/currency";
import type { DatabaseAddress } from "../storage/open";

const Environment = z.object({
  SANSET_ENV: z.enum(["development", "production"], "is neither development nor production").default("development"),
  DATABASE_URL: z.string().default("sqlite:///./data/sanset.db").transform(databaseAddress),
  DATABASE_CONNECTIONS: wholeNumber(1, 1_000).default(10),
  DATABASE_READERS: wholeNumber(1, 1_000).default(4),
  DATABASE_DEADLINE_SECONDS: decimal(0.1, 600).default(5),
  DATABASE_POOLED: z.enum(["auto", "on"], "is neither auto nor on").default("auto"),
  SECRET_KEY: z.string().optional(),
  SECRET_KEY_PREVIOUS: z.string().optional(),
  ACCESS_TOKEN_EXPIRE_MINUTES: wholeNumber(1, 1_440).default(60),
  REFRESH_TOKEN_EXPIRE_MINUTES: wholeNumber(1, 525_600).default(43_200),
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(5_000),
  CURRENCY: z
    .string()
    .default("INR")
    .refine((code) => Intl.supportedValuesOf("currency").includes(code), "is not a currency code such as INR or EUR"),
  CORS_ORIGINS: z.string().optional().transform(origins),
  TRUSTED_PROXIES: z.string().default("").transform(networks),
  BCRYPT_COST: wholeNumber(4, 15).default(10),
  RATE_LIMIT_PER_MINUTE: wholeNumber(10, 1_000_000_000).default(600),
  RATE_LIMIT_MS_PER_MINUTE: wholeNumber(100, 60_000_000).default(6_000),
  RATE_LIMIT: z.enum(["on", "off"], "is neither on nor off").default("on"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "is none of debug, info, warn, error, silent")
    .default("info"),
  LOG_FORMAT: z.enum(["auto", "json", "text"], "is none of auto, json, text").default("auto"),
  LOG_REQUESTS: z.enum(["brief", "full"], "is neither brief nor full").default("brief"),
  SLOW_CALL_MS: wholeNumber(0, 600_000).default(1_000),
  DOCS: z.enum(["on", "off"], "is neither on nor off").default("on"),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "is not an address such as smtp://user:password@host:587" })
    .optional(),
  MAIL_FROM: z.string().max(320).optional(),
  PASSWORD_RESET_URL: z.url({ protocol: /^https?$/, error: "is not the address of a page" }).optional(),
  SENTRY_DSN: z.url("is not an address").optional(),
  PUBLIC_URL: webAddress.optional(),
  DELIVERY_MINUTES: wholeNumber(0, 525_600).default(30),
  SHOP_LAT: decimal(-90, 90).optional(),
  SHOP_LNG: decimal(-180, 180).optional(),
  DELIVERY_KM: decimal(0, 20_000).default(5),
  DELIVERY_KMH: decimal(0.1, 2_000).default(25),
  HOLD_MINUTES: decimal(0.01, 10_080).default(30),
  SWEEP_SECONDS: wholeNumber(1, 3_600).default(30),
  PAYMENT_PROVIDERS: z.string().optional().transform(providers),
  PAYMENT_RETURN_URL: webAddress.optional(),
  MOCK_WEBHOOK_SECRET: z.string().min(16, "is shorter than 16 characters").optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().min(16, "is shorter than 16 characters").optional(),
  STRIPE_API_URL: webAddress.default("https://api.stripe.com"),
  SHOP_NAME: z.string().min(1).max(100).default("Sanset"),
  SHOP_EMAIL: z.email("is not an e-mail address").max(320).optional(),
  SHOP_ADDRESS: z.string().max(500).optional(),
  SHOP_TAX_ID: z.string().max(50).optional(),
  SHOP_LOCALE: z.string().refine(isLocale, "is not a language tag such as en or en-IN").default("en"),
  TIME_ZONE: z.string().refine(isTimeZone, "is not a time zone such as Europe/Berlin or Asia/Kolkata").default("UTC"),
  ORDER_URL: webAddress.optional(),
  MAIL_TEMPLATES: z.string().optional(),
  INVOICES: z.enum(["off", "paid", "shipped"], "is none of off, paid, shipped").default("off"),
  INVOICE_LABEL: z
    .string()
    .default("{kind}-{year}-{number}")
    .refine(isInvoiceLabel, "is not a pattern such as {kind}-{year}-{number}, with {kind} and {number} in it"),
  RETURN_DAYS: wholeNumber(0, 3_650).default(14),
  WEBHOOK_PRIVATE: z.enum(["on", "off"], "is neither on nor off").default("off"),
  METRICS: z.enum(["off", "local", "on"], "is none of off, local, on").default("local"),
  METRICS_TOKEN: z.string().min(16, "is shorter than 16 characters").optional(),
  WRITE_QUEUE: wholeNumber(1, 100_000).default(2_048),
  RECOMMEND_LOG_DAYS: wholeNumber(0, 3_650).default(90),
  RECOMMEND_CANDIDATE_PERCENT: wholeNumber(0, 100).default(10),
  RECOMMEND_SCHEDULE: z
    .string()
    .default("0 3 * * *")
    .refine(isSchedule, "is neither off nor a schedule such as 0 3 * * *"),
});

/** What can be set, by name. */
export const settingNames: readonly string[] = Object.keys(Environment.shape);

/** Everything that the environment decides, checked once at start. */
export interface Settings {
  production: boolean;
  database: DatabaseAddress;
  /** How many connections a server opens at most for transactions, and for reads (PostgreSQL). */
  databaseConnections: number;
  databaseReaders: number;
  /** How long a statement may take before its connection counts as dead (PostgreSQL). */
  databaseDeadlineSeconds: number;
  /** Whether a pooler in transaction mode stands before the database; "auto" finds out (PostgreSQL). */
  databasePooled: "auto" | "on";
  /** Signs tokens. Absent only in development, where one is made and kept (see secret.ts). */
  secretKey: string | undefined;
  /** Signed them before: what it signed is good until it expires. */
  previousSecretKey: string | undefined;
  accessTokenMinutes: number;
  refreshTokenMinutes: number;
  host: string;
  port: number;
  /** ISO 4217. */
  currency: string;
  /** Minor units in one major unit: 100 paise in a rupee. */
  minorPerMajor: number;
  /** Who may call from a browser on another site. `"any"` only in development, where nothing was set. */
  corsOrigins: readonly string[] | "any";
  /** Whether `X-Forwarded-For` is believed when it comes from this address. */
  isTrustedProxy: (address: string) => boolean;
  bcryptCost: number;
  /** Whether calls and wrong passwords are counted at all. */
  rateLimit: boolean;
  /** How many calls one client may make. */
  requestsPerMinute: number;
  /** For how many milliseconds of a minute one client may keep the shop busy. */
  msPerMinute: number;
  logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** How lines of the log look: `auto` is text for a person at a terminal, and JSON elsewhere. */
  logFormat: "auto" | "json" | "text";
  /** Whether the log says of each request its path, address, bytes and user agent too. */
  logRequests: boolean;
  /** From how many milliseconds on a request is worth a warning; 0 for none. */
  slowCallMs: number;
  /** Whether the API's documentation is served. */
  docs: boolean;
  /** Where mail goes out, and whom it comes from. */
  smtp: { url: string; from: string } | undefined;
  /** The page of the shop that a mail about a forgotten password leads to; it gets `?token=…`. */
  passwordResetUrl: string | undefined;
  sentryDsn: string | undefined;
  /** Where customers reach this API, without a slash at the end. */
  publicUrl: string;
  delivery: {
    /** Within the radius that this time covers; beyond it, every further kilometre takes its time at that speed. */
    minutes: number;
    withinKm: number;
    kmPerHour: number;
    /** Where deliveries start, if the shop says so. */
    shop: Place | undefined;
  };
  /** How long stock is kept for an order that waits for its payment. */
  holdMinutes: number;
  /** How often the shop looks for holds that have run out. */
  sweepSeconds: number;
  payments: {
    /** What customers may choose. */
    offered: readonly PaymentProviderName[];
    /** Where a gateway sends customers back to. */
    returnUrl: string;
    mockWebhookSecret: string | undefined;
    stripe: { secretKey: string; webhookSecret: string | undefined; apiUrl: string } | undefined;
  };
  /** Who may read the metrics: nobody, programs on this machine, everybody. */
  metrics: "off" | "local" | "on";
  /** What a reader of the metrics must send, from wherever it reads. */
  metricsToken: string | undefined;
  /** What the shop is called in mails and on invoices. */
  shopName: string;
  /** Where the shop itself gets mail, and customers may write to. */
  shopEmail: string | undefined;
  /** Where the shop is, a line each after `;`. */
  shopAddress: string | undefined;
  /** The shop's number at the tax office, as invoices must say it. */
  shopTaxId: string | undefined;
  /** How amounts and times are written in mails and on invoices: BCP 47. */
  shopLocale: string;
  /** The zone of the shop's days, as the time zone database names it. */
  timeZone: string;
  /** The page of the shop that mails about an order lead to; it gets `?order=…&order_token=…`. */
  orderUrl: string | undefined;
  /** A folder with templates in the place of the shop's own. */
  mailTemplates: string | undefined;
  /** When an order gets its invoice. */
  invoices: "off" | "paid" | "shipped";
  /** How documents are numbered. What stands before {number} makes a series of its own. */
  invoiceLabel: string;
  /** How long after delivery a customer may withdraw. */
  returnDays: number;
  /** Whether webhooks may lead to this machine and to networks that only it can reach. */
  webhookPrivate: boolean;
  /** How many writes may wait at once before further ones are refused. */
  writeQueue: number;
  /** How many days what was recommended, viewed and clicked is remembered; 0 remembers nothing. */
  recommendLogDays: number;
  /** The share of customers, in percent, whom the candidate answers where there is one beside the model in service. */
  recommendCandidatePercent: number;
  /** When the recommender trains again: cron's five fields, or "off". */
  recommendSchedule: string;
}

/** A point on the map, in degrees. */
export interface Place {
  lat: number;
  lng: number;
}

/** Reads the settings. Throws ShopError `unusable` that names every setting that is wrong and what it should be. */
export function loadSettings(environment: Record<string, string | undefined>): Settings {
  // What is set to nothing counts as not set, as in `SENTRY_DSN=` of an example file.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const read = Environment.safeParse(given);
  if (!read.success) throw unusable(read.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
  const env = read.data;
  const production = env.SANSET_ENV === "production";
  const wrong = [...contradictions(env), ...(production ? unsafeInProduction(env) : [])];
  if (wrong.length > 0) throw unusable(wrong);
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: env.CURRENCY,
  }).resolvedOptions();
  return {
    production,
    database: env.DATABASE_URL,
    databaseConnections: env.DATABASE_CONNECTIONS,
    databaseReaders: env.DATABASE_READERS,
    databaseDeadlineSeconds: env.DATABASE_DEADLINE_SECONDS,
    databasePooled: env.DATABASE_POOLED,
    secretKey: env.SECRET_KEY,
    previousSecretKey: env.SECRET_KEY_PREVIOUS,
    accessTokenMinutes: env.ACCESS_TOKEN_EXPIRE_MINUTES,
    refreshTokenMinutes: env.REFRESH_TOKEN_EXPIRE_MINUTES,
    host: env.HOST,
    port: env.PORT,
    currency: env.CURRENCY,
    minorPerMajor: 10 ** maximumFractionDigits,
    isTrustedProxy: env.TRUSTED_PROXIES,
    corsOrigins: env.CORS_ORIGINS ?? (production ? [] : "any"),
    bcryptCost: env.BCRYPT_COST,
    rateLimit: env.RATE_LIMIT === "on",
    requestsPerMinute: env.RATE_LIMIT_PER_MINUTE,
    msPerMinute: env.RATE_LIMIT_MS_PER_MINUTE,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT,
    logRequests: env.LOG_REQUESTS === "full",
    slowCallMs: env.SLOW_CALL_MS,
    docs: env.DOCS === "on",
    smtp: env.SMTP_URL && env.MAIL_FROM ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
    passwordResetUrl: env.PASSWORD_RESET_URL,
    sentryDsn: env.SENTRY_DSN,
    publicUrl: publicUrlOf(env),
    delivery: {
      minutes: env.DELIVERY_MINUTES,
      withinKm: env.DELIVERY_KM,
      kmPerHour: env.DELIVERY_KMH,
      shop:
        env.SHOP_LAT !== undefined && env.SHOP_LNG !== undefined ? { lat: env.SHOP_LAT, lng: env.SHOP_LNG } : undefined,
    },
    holdMinutes: env.HOLD_MINUTES,
    sweepSeconds: env.SWEEP_SECONDS,
    payments: {
      offered: env.PAYMENT_PROVIDERS ?? usualProviders(env),
      returnUrl: env.PAYMENT_RETURN_URL ?? publicUrlOf(env),
      mockWebhookSecret: env.MOCK_WEBHOOK_SECRET,
      stripe: env.STRIPE_SECRET_KEY
        ? {
            secretKey: env.STRIPE_SECRET_KEY,
            webhookSecret: env.STRIPE_WEBHOOK_SECRET,
            apiUrl: env.STRIPE_API_URL,
          }
        : undefined,
    },
    metrics: env.METRICS,
    metricsToken: env.METRICS_TOKEN,
    shopName: env.SHOP_NAME,
    shopEmail: env.SHOP_EMAIL,
    shopAddress: env.SHOP_ADDRESS,
    shopTaxId: env.SHOP_TAX_ID,
    shopLocale: env.SHOP_LOCALE,
    timeZone: env.TIME_ZONE,
    orderUrl: env.ORDER_URL,
    mailTemplates: env.MAIL_TEMPLATES,
    invoices: env.INVOICES,
    invoiceLabel: env.INVOICE_LABEL,
    returnDays: env.RETURN_DAYS,
    webhookPrivate: env.WEBHOOK_PRIVATE === "on",
    writeQueue: env.WRITE_QUEUE,
    recommendLogDays: env.RECOMMEND_LOG_DAYS,
    recommendCandidatePercent: env.RECOMMEND_CANDIDATE_PERCENT,
    recommendSchedule: env.RECOMMEND_SCHEDULE,
  };
}

type Given = z.infer<typeof Environment>;

function publicUrlOf({ PUBLIC_URL, HOST, PORT }: Given): string {
  return (PUBLIC_URL ?? `http://${HOST}:${PORT}`).replace(/\/+$/, "");
}

/** The mock gateway gives goods away, so in production it must be asked for by name. */
function usualProviders(env: Given): PaymentProviderName[] {
  const offered: PaymentProviderName[] = ["cod"];
  if (env.SANSET_ENV === "development") offered.push("mock");
  if (env.STRIPE_SECRET_KEY) offered.push("stripe");
  return offered;
}

/** Settings that are good by themselves but not together. */
function contradictions(env: Given): string[] {
  const wrong: string[] = [];
  if ((env.SHOP_LAT === undefined) !== (env.SHOP_LNG === undefined))
    wrong.push("SHOP_LAT and SHOP_LNG belong together: set both or neither");
  if (env.PAYMENT_PROVIDERS?.includes("stripe") && !env.STRIPE_SECRET_KEY)
    wrong.push("PAYMENT_PROVIDERS names stripe, which needs STRIPE_SECRET_KEY");
  if (env.STRIPE_SECRET_KEY && !isTakenByStripe(env.CURRENCY))
    wrong.push(
      `CURRENCY ${env.CURRENCY} has more digits than Stripe takes: leave STRIPE_SECRET_KEY out, or sell in another`,
    );
  if (env.SMTP_URL && !env.MAIL_FROM) wrong.push("MAIL_FROM must say whom mail comes from, such as shop@example.com");
  return wrong;
}

function unsafeInProduction(env: Given): string[] {
  const wrong: string[] = [];
  for (const [name, secret] of Object.entries({
    SECRET_KEY: env.SECRET_KEY ?? "",
    SECRET_KEY_PREVIOUS: env.SECRET_KEY_PREVIOUS,
  })) {
    if (secret === undefined || !isGuessable(secret)) continue;
    wrong.push(
      `${name} must be set to ${SHORTEST_SECRET} or more random characters, for example from: openssl rand -hex 32`,
    );
  }
  if (env.BCRYPT_COST < 10) wrong.push("BCRYPT_COST must be 10 or more in production");
  if (env.RATE_LIMIT === "off") wrong.push("RATE_LIMIT must be on in production");
  return wrong;
}

function unusable(wrong: string[]): ShopError {
  return new ShopError("unusable", `The settings can't be used:\n${wrong.map((line) => `  ${line}`).join("\n")}`);
}
