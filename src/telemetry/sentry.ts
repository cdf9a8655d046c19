import type { Log } from "./log";
import { redact } from "./redact";

/**
 * A log that also tells Sentry of errors, with the same masking and nothing of the request. The package is loaded here,
 * since only an operator who sets SENTRY_DSN needs it.
 */
export async function withSentry(dsn: string, environment: string, log: Log): Promise<Log> {
  const sentry = await import("@sentry/bun");
  sentry.init({
    dsn,
    environment,
    // The usual ones collect headers, bodies, addresses and the console.
    defaultIntegrations: false,
    beforeSend: (event) => redact(event),
  });
  return (level, message, about) => {
    log(level, message, about);
    if (level === "error") sentry.captureMessage(message, { level, extra: redact({ ...about }) });
  };
}
