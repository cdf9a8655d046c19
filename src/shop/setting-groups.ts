import * as kind from "./setting-kinds";
import { setting, type Values } from "./setting";

/*
 * Every setting but those of payment providers, which bring their own (see payments/providers.ts). To add one, add it here:
 * `RATE_LIMIT` is `settings.rateLimit` in the code. Then `bun run generate` writes .env.example and docs/settings.md.
 */

const basics = {
  title: "The shop's home",
  settings: {
    SANSET_ENV: setting(kind.choice("development", "production"), {
      about:
        "production or development. Production refuses weak settings and makes nothing up. Without it: development, unless the shop looks like a real one; then it must be said.",
    }),
    DATABASE_URL: setting(kind.databaseAddress(), {
      usual: "sqlite:///./data/sanset.db",
      about:
        "sqlite:///./data/sanset.db (relative), sqlite:////srv/sanset.db (absolute), postgres://user:password@host/name?sslmode=require",
    }),
    DATABASE_CONNECTIONS: setting(kind.wholeNumber(1, 1_000), {
      usual: "10",
      about: "On PostgreSQL: how many connections a server opens at most for transactions.",
    }),
    DATABASE_READERS: setting(kind.wholeNumber(1, 1_000), {
      usual: "4",
      about: "On PostgreSQL: how many connections a server opens at most for reads alone.",
    }),
    DATABASE_DEADLINE_SECONDS: setting(kind.decimal(0.1, 600), {
      usual: "5",
      about: "On PostgreSQL: how long a statement may take before its connection counts as dead and is replaced.",
    }),
    DATABASE_POOLED: setting(kind.choice("auto", "on"), {
      usual: "auto",
      about:
        "On PostgreSQL: on where a pooler in transaction mode (PgBouncer) stands in between; auto finds out by itself.",
    }),
    DATABASE_REPLICA_URL: setting(kind.databaseAddress(), {
      about:
        "A PostgreSQL server that follows that of DATABASE_URL: it answers catalog, search and what is similar or popular, where the caller has changed nothing that it lacks.",
    }),
    DATABASE_REPLICA_LAG_SECONDS: setting(kind.decimal(0.1, 600), {
      usual: "10",
      about: "How far that server may be behind; beyond it, and where it does not answer, it is not asked.",
    }),
    DATABASE_LOG_MEGABYTES: setting(kind.wholeNumber(1, 1_000_000), {
      usual: "256",
      about: "On SQLite: from which size of the log beside the file on the shop says that another program holds it.",
    }),
    ANSWER_MEMORY: setting(kind.megabytesOrOff(1, 10_000), {
      usual: "64",
      about:
        "How many megabytes of answers are kept: of the public catalog, search and recommendations, until anything in the database changes. off: none.",
    }),
    ANSWER_MEMORY_SECONDS: setting(kind.decimal(0, 5), {
      usual: "0",
      about:
        "On PostgreSQL, which does not say by itself that something has changed: for how long an answer may be kept. 0: none is.",
    }),
    FILE_CHECK_SCHEDULE: setting(kind.cronOrOff(), {
      usual: "40 4 * * *",
      about:
        "When a served shop reads its whole SQLite file, in a process of its own, to see that no page of it is damaged: cron's five fields in UTC, or off.",
    }),
    WRITE_QUEUE: setting(kind.wholeNumber(1, 100_000), {
      usual: "2048",
      about: "How many writes may wait at once before further ones are refused with 503.",
    }),
  },
};

const backups = {
  title: "Backups",
  settings: {
    BACKUP_TO: setting(kind.text(), {
      about:
        "Where backups go: a folder (better on another disk), or s3://bucket/folder. Without it: `backups` beside an SQLite database.",
    }),
    BACKUP_SCHEDULE: setting(kind.cronOrOff(), {
      usual: "off",
      about:
        "When a served shop backs itself up: cron's five fields in UTC, such as 30 2 * * * for every night, or off.",
    }),
    BACKUP_KEEP: setting(kind.wholeNumber(1, 10_000), {
      usual: "14",
      about: "How many backups are kept; older ones go after each new one.",
    }),
    S3_ENDPOINT: setting(kind.webAddress(), { about: "Where the bucket is served, if not by Amazon." }),
    S3_REGION: setting(kind.text(), { about: "Its region, where it has one." }),
    S3_ACCESS_KEY_ID: setting(kind.text(), { about: "Who we are there." }),
    S3_SECRET_ACCESS_KEY: setting(kind.secret(16), { about: "The secret of that key." }),
  },
};

const pages = {
  title: "Pages for browsers",
  settings: {
    ADMIN_PAGE: setting(kind.onOff(), { usual: "on", about: "The admin page at /admin: on or off." }),
    SHOP_PAGE: setting(kind.onOff(), {
      about: "The example of a shop at /shop: on or off. Without it: on in development, off in production.",
    }),
  },
};

const monitoring = {
  title: "What a monitor may read at /metrics",
  settings: {
    METRICS: setting(kind.choice("off", "local", "on"), {
      usual: "local",
      about: "local: programs on this machine; on: everybody; off: nobody.",
    }),
    METRICS_TOKEN: setting(kind.webhookSecret(), {
      about: "With this set, whoever sends it as Authorization: Bearer … from anywhere.",
    }),
  },
};

const listening = {
  title: "Where it listens",
  settings: {
    HOST: setting(kind.text(255), { usual: "127.0.0.1", about: "The address to listen on." }),
    PORT: setting(kind.wholeNumber(0, 65_535), {
      usual: "5000",
      about: "The port to listen on; 0 takes any that is free.",
    }),
    PUBLIC_URL: setting(kind.webAddress(), {
      about: "Where customers reach this API, such as https://api.shop.example. Without it: http://HOST:PORT.",
    }),
    COMPRESSION: setting(kind.onOff(), {
      usual: "on",
      about: "Whether large answers go out in brotli or gzip to callers that take it: on or off.",
    }),
    CATALOG_CACHE_SECONDS: setting(kind.wholeNumber(0, 86_400), {
      usual: "10",
      about:
        "How long a CDN or proxy may keep answers of the public catalog. Browsers always ask whether they are still good. 0: nobody keeps them.",
    }),
    CORS_ORIGINS: setting(kind.origins(), {
      about:
        "Sites whose pages may call the API, such as https://shop.example,https://www.shop.example. Without it: any in development, none in production.",
    }),
    TRUSTED_PROXIES: setting(kind.networks(), {
      usual: "",
      about: "Whose X-Forwarded-For is believed: addresses or networks, such as 127.0.0.1,10.0.0.0/8.",
    }),
  },
};

const signingIn = {
  title: "Who comes in",
  settings: {
    SECRET_KEY: setting(kind.secret(), {
      about:
        "Signs tokens: 32 or more random characters, as from openssl rand -hex 32. Needed in production; in development one is made and kept beside the database.",
    }),
    SECRET_KEY_PREVIOUS: setting(kind.secret(), {
      about: "The SECRET_KEY before, while tokens that it signed are still about.",
    }),
    ACCESS_TOKEN_EXPIRE_MINUTES: setting(kind.wholeNumber(1, 1_440), {
      usual: "60",
      about: "How long an access token is good for.",
    }),
    REFRESH_TOKEN_EXPIRE_MINUTES: setting(kind.wholeNumber(1, 525_600), {
      usual: "43200",
      about: "How long a session lasts that nobody uses.",
    }),
    SESSION_DAYS: setting(kind.wholeNumber(1, 3_650), {
      usual: "90",
      about: "When a session ends however much it is used: sign in again.",
    }),
    SESSIONS_MOST: setting(kind.wholeNumber(1, 1_000), {
      usual: "20",
      about: "How many sessions an account may have open; one more ends the longest unused.",
    }),
    MAILS_PER_HOUR: setting(kind.wholeNumber(1, 1_000_000), {
      usual: "500",
      about: "How many mails callers who have not signed in may cause in an hour, all together.",
    }),
    MAILS_UNCONFIRMED_MOST: setting(kind.wholeNumber(1, 1_000_000), {
      usual: "30",
      about:
        "How many mails an e-mail gets that nobody has confirmed, from a shop where its owner never bought; a month after the last it may get as many again.",
    }),
    ADMIN_SECOND_FACTOR: setting(kind.onOff(), {
      usual: "off",
      about: "on asks every admin for a second factor: without one they can do nothing but make it.",
    }),
    CONFIRM_REFUNDS_FROM: setting(kind.wholeNumber(0, 1_000_000_000), {
      usual: "10000",
      about:
        "From which amount on the admin page asks for the password again before it is paid back, as it does before somebody becomes an admin. Programs are not asked.",
    }),
    REQUIRE_VERIFIED_EMAIL: setting(kind.choice("off", "cod", "sign-in"), {
      usual: "off",
      about: "What needs a confirmed e-mail: nothing, cash on delivery, or signing in at all.",
    }),
    BCRYPT_COST: setting(
      kind.wholeNumber(4, 15, (cost) => (cost < 10 ? "must be 10 or more in production" : undefined)),
      { usual: "10", about: "How slow hashing a password is: 4 to 15, in production 10 or more." },
    ),
    RATE_LIMIT: setting(
      kind.onOff((on) => (on ? undefined : "must be on in production")),
      { usual: "on", about: "Whether calls and wrong passwords are counted: on or off; in production on." },
    ),
    RATE_LIMIT_PER_MINUTE: setting(
      kind.wholeNumber(10, 1_000_000_000, (calls) =>
        calls > 100_000 ? "must be 100000 or less in production, or it limits nobody" : undefined,
      ),
      { usual: "600", about: "How many calls one client may make in a minute." },
    ),
    RATE_LIMIT_MS_PER_MINUTE: setting(kind.wholeNumber(100, 60_000_000), {
      usual: "6000",
      about: "For how many milliseconds of a minute one client may keep the shop busy, whatever its calls are.",
    }),
  },
};

const selling = {
  title: "The shop",
  settings: {
    CURRENCY: setting(kind.currency(), {
      usual: "INR",
      about:
        "What prices are in, as ISO 4217 writes it. With prices in another one the shop does not open: sanset currency changes them all.",
    }),
    COUNTRY: setting(kind.country(), {
      usual: "IN",
      about: "Where the shop is, and where an address lies that names no country: ISO 3166, two letters.",
    }),
    PRICES_INCLUDE_TAX: setting(kind.onOff(), {
      usual: "on",
      about: "on: prices are what customers pay, and taxes are part of them. off: taxes are added.",
    }),
    MEDIA_DIR: setting(kind.text(), {
      about:
        "Where pictures lie: a folder, or s3://bucket/folder. Without it: `media` beside an SQLite database, or data/media.",
    }),
    GUEST_CHECKOUT: setting(kind.onOff(), {
      usual: "on",
      about: "Whether customers may buy without an account: on or off.",
    }),
    GUEST_DAYS: setting(kind.wholeNumber(1, 3_650), {
      usual: "30",
      about: "How many days guests are remembered who ordered nothing.",
    }),
    DELIVERY_MINUTES: setting(kind.wholeNumber(0, 525_600), {
      usual: "30",
      about: "How long after it is placed an order is expected, within DELIVERY_KM.",
    }),
    DELIVERY_KM: setting(kind.decimal(0, 20_000), {
      usual: "5",
      about:
        "The distance that DELIVERY_MINUTES covers. It counts when the shop and the address both have coordinates.",
    }),
    DELIVERY_KMH: setting(kind.decimal(0.1, 2_000), {
      usual: "25",
      about: "At what speed every further kilometre is covered.",
    }),
    SHOP_LAT: setting(kind.decimal(-90, 90), { about: "Where deliveries start, in degrees north." }),
    SHOP_LNG: setting(kind.decimal(-180, 180), { about: "Where deliveries start, in degrees east." }),
    HOLD_MINUTES: setting(kind.decimal(0.01, 10_080), {
      usual: "30",
      about: "How long stock is kept for an order that waits for its payment.",
    }),
    COD_HOLD_HOURS: setting(kind.wholeNumber(0, 8_760), {
      usual: "0",
      about:
        "How long stock is kept for an order in cash that is not packed yet; 0 for as long as it takes. `sanset init` writes 168.",
    }),
    OPEN_ORDERS_MOST: setting(kind.wholeNumber(0, 100_000), {
      usual: "0",
      about:
        "How many orders one customer may have that are neither paid nor gone; 0 for as many as they like. `sanset init` writes 20.",
    }),
    UNPAID_UNITS_MOST: setting(kind.wholeNumber(0, 1_000_000), {
      usual: "0",
      about:
        "How many units of one product a customer may have in such orders; 0 for as many as they like. `sanset init` writes 100.",
    }),
    GUESTS_PER_HOUR: setting(kind.wholeNumber(0, 100_000), {
      usual: "600",
      about: "How many guests one client may make in an hour; 0 for as many as they like.",
    }),
    GUEST_ORDERS_PER_HOUR: setting(kind.wholeNumber(0, 100_000), {
      usual: "600",
      about:
        "How many orders of guests, or with another e-mail than the account's, one client may place in an hour; 0 for as many as they like.",
    }),
    STOCK_LOW_AT: setting(kind.wholeNumber(0, 1_000_000), {
      usual: "5",
      about:
        "With how many units left to sell a product counts as low, where it has no number of its own (low_stock_at): the shop is told once when a sale or an adjustment brings it there. 0: it is never told.",
    }),
    SWEEP_SECONDS: setting(kind.wholeNumber(1, 3_600), {
      usual: "30",
      about: "How often the shop looks for holds that ran out, and for what gateways must still be told.",
    }),
  },
};

const payments = {
  title: "Payments",
  settings: {
    PAYMENT_PROVIDERS: setting(kind.names(), {
      about: "Some of cod, mock, stripe. Without it: cod, in development also mock, and stripe when its key is set.",
    }),
    PAYMENT_RETURN_URL: setting(kind.webAddress(), {
      about: "Where a gateway sends customers back to. Without it: PUBLIC_URL.",
    }),
  },
};

const mail = {
  title: "Mail (without it, mail is written to the log)",
  settings: {
    SMTP_URL: setting(kind.mailServer(), {
      about:
        "smtp://user:password@host:587 or smtps://…. In production smtp:// takes no server without TLS, but on this machine or with ?requireTLS=false at the end.",
    }),
    MAIL_FROM: setting(kind.text(320), { about: "Whom mail comes from; needed with SMTP_URL." }),
    PASSWORD_RESET_URL: setting(kind.webAddress(), {
      about: "The page of the shop that a mail about a forgotten password leads to; it gets ?token=….",
    }),
    EMAIL_CONFIRM_URL: setting(kind.webAddress(), {
      about:
        "The page of the shop that a mail to confirm an e-mail leads to; it gets ?token=…. With it every new account is asked to.",
    }),
    ORDER_URL: setting(kind.webAddress(), {
      about: "The page of the shop that mails about an order lead to; it gets ?order=…&order_token=….",
    }),
    MAIL_TEMPLATES: setting(kind.text(), {
      about: "A folder with templates of your own for mails; sanset mail templates FOLDER writes the shop's there.",
    }),
  },
};

const aboutTheShop = {
  title: "What the shop says of itself, in mails and on invoices",
  settings: {
    SHOP_NAME: setting(kind.text(100), { usual: "Sanset", about: "What the shop is called." }),
    SHOP_EMAIL: setting(kind.email(), { about: "Where the shop gets mail itself, and customers may write to." }),
    SHOP_ADDRESS: setting(kind.text(500), { about: "Where the shop is: lines apart by ;" }),
    SHOP_TAX_ID: setting(kind.text(50), { about: "The shop's number at the tax office, as invoices must say it." }),
    SHOP_LOCALE: setting(kind.locale(), { usual: "en", about: "How amounts and times are written: a language tag." }),
    TIME_ZONE: setting(kind.timeZone(), { usual: "UTC", about: "The zone of the shop's days, such as Asia/Kolkata." }),
  },
};

const invoices = {
  title: "Invoices and returns",
  settings: {
    INVOICES: setting(kind.choice("off", "paid", "shipped"), {
      usual: "off",
      about: "When an order gets its invoice: off, paid, shipped.",
    }),
    INVOICE_LABEL: setting(kind.invoiceLabel(), {
      usual: "{kind}-{year}-{number}",
      about:
        "How documents are numbered: {kind} is INV or CN, {year} the year, {fiscal_year} that of India (2030-31), {number} counts without gaps. In India a label has 16 characters at most: a server whose pattern leaves too few says so.",
    }),
    RETURN_DAYS: setting(kind.wholeNumber(0, 3_650), {
      usual: "14",
      about: "How many days after delivery a customer may withdraw.",
    }),
  },
};

const webhooks = {
  title: "Webhooks",
  settings: {
    WEBHOOK_PRIVATE: setting(kind.onOff(), {
      usual: "off",
      about: "on lets them lead to this machine and its own network, such as http://127.0.0.1:8080/hook.",
    }),
  },
};

const search = {
  title: "Search",
  settings: {
    SEARCH_LANGUAGES: setting(kind.languages(), {
      usual: "en",
      about:
        "The languages of the catalog, the most common first, whose plurals search knows: en, de, fr, es, pt, it, nl, sv, da, no.",
    }),
  },
};

const recommendations = {
  title: "Recommendations",
  settings: {
    RECOMMEND_SCHEDULE: setting(kind.cronOrOff(), {
      usual: "0 3 * * *",
      about: "When to retrain, as a cron expression in UTC, or off.",
    }),
    RECOMMEND_LOG_DAYS: setting(kind.wholeNumber(0, 3_650), {
      usual: "90",
      about: "How many days what was recommended, viewed and clicked is remembered; 0 remembers nothing.",
    }),
    RECOMMEND_CANDIDATE_PERCENT: setting(kind.wholeNumber(0, 100), {
      usual: "10",
      about: "The share of customers who get a model that is on trial, in percent.",
    }),
  },
};

const operating = {
  title: "Operating",
  settings: {
    LOG_LEVEL: setting(kind.choice("debug", "info", "warn", "error", "silent"), {
      usual: "info",
      about: "What the log holds: debug, info, warn, error or silent.",
    }),
    AUDIT_DAYS: setting(kind.wholeNumber(90, 36_500), {
      usual: "730",
      about: "How many days the audit is kept.",
    }),
    LOG_FORMAT: setting(kind.choice("auto", "json", "text"), {
      usual: "auto",
      about: "auto (short lines at a terminal, JSON elsewhere), json or text.",
    }),
    LOG_REQUESTS: setting(kind.choice("brief", "full"), {
      usual: "brief",
      about: "full: with the path, the client's address, the bytes sent and the user agent of every request; or brief.",
    }),
    SLOW_CALL_MS: setting(kind.wholeNumber(0, 600_000), {
      usual: "1000",
      about: "A request that takes longer is a warning; 0 for none.",
    }),
    DOCS: setting(kind.onOff(), {
      usual: "on",
      about: "Whether /docs, /redoc, /api-endpoints and the OpenAPI document are served: on or off.",
    }),
    SENTRY_DSN: setting(
      { ...kind.webAddress(), isSecret: "whole" as const },
      { about: "Where errors are reported to, besides the log." },
    ),
  },
};

/** In the order in which `.env.example` has them. */
export const settingGroups = {
  basics,
  monitoring,
  pages,
  backups,
  listening,
  signingIn,
  selling,
  payments,
  mail,
  aboutTheShop,
  invoices,
  webhooks,
  search,
  recommendations,
  operating,
};

type Groups = typeof settingGroups;
type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The settings as they are given: what has neither a default nor a value is undefined. */
export type GivenSettings = Together<{ [Name in keyof Groups]: Values<Groups[Name]["settings"]> }[keyof Groups]>;
