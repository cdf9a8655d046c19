import { createLog, type Log } from "../telemetry/log";
import { createMetrics, type Metrics } from "../telemetry/metrics";
import { mailer, type SendMail } from "../mail/mail";
import type { Settings } from "./settings";
import type { Database } from "../storage/database";

/** What every function of the shop needs from outside. Tests give their own clock and ids. */
export interface Shop {
  readonly database: Database;
  readonly settings: Settings;
  now(): Date;
  newId(): string;
  log: Log;
  sendMail: SendMail;
  /** What is counted for a monitor. */
  readonly metrics: Metrics;
  /** What is kept in memory for this shop, each under a key of its own: see per-shop.ts. */
  readonly state: Map<symbol, unknown>;
  /** For who calls in a session of a page: when they last showed who they are. See shop/confirmation.ts. */
  readonly confirmedAt?: string;
  /** How this very program is run, for work in a process of its own; absent where it is not run as one. */
  readonly command?: readonly string[];
}

export function openShop(
  database: Database,
  settings: Settings,
  given: Partial<Omit<Shop, "database" | "settings">> = {},
): Shop {
  const log = given.log ?? createLog(settings);
  const metrics = createMetrics();
  database.watchCommits((transactions) => metrics.commits.observe(transactions));
  return {
    database,
    settings,
    now: () => new Date(),
    newId: () => Bun.randomUUIDv7(),
    sendMail: mailer(settings, log),
    metrics,
    state: new Map(),
    ...given,
    log,
  };
}
