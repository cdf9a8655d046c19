import { mailer, type SendMail } from "./mail/mail";
import type { Settings } from "./settings";
import type { Database } from "./storage/database";

/** What every function of the shop needs from outside. Tests give their own clock and ids. */
export interface Shop {
  readonly database: Database;
  readonly settings: Settings;
  now(): Date;
  newId(): string;
  log: Log;
  sendMail: SendMail;
}

/** Tells whoever runs the shop. Nothing secret, nothing a customer typed. */
export type Log = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  about?: Record<string, unknown>,
) => void;

export function openShop(
  database: Database,
  settings: Settings,
  given: Partial<Omit<Shop, "database" | "settings">> = {},
): Shop {
  const log = given.log ?? logger(settings);
  return {
    database,
    settings,
    now: () => new Date(),
    newId: () => Bun.randomUUIDv7(),
    sendMail: mailer(settings, log),
    ...given,
    log,
  };
}

const levels = ["debug", "info", "warn", "error", "silent"] as const;

/** One JSON line a message, on stderr. */
function logger({ logLevel }: Settings): Log {
  const least = levels.indexOf(logLevel);
  return (level, message, about = {}) => {
    if (levels.indexOf(level) < least) return;
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...about })}\n`);
  };
}
