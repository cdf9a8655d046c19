import type { Log } from "./log";
import { redact } from "./redact";

/**
 * A log that also tells Sentry of errors, with the same masking and nothing of the request but the trace that it is part of. The package is loaded here,
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
    if (level !== "error") return;
    const { trace_id, parent_span_id, ...extra } = about ?? {};
    const contexts = typeof trace_id === "string" ? { contexts: { trace: spanIn(trace_id, parent_span_id) } } : {};
    sentry.captureMessage(message, { level, extra: redact(extra), ...contexts });
  };
}

/** What went wrong is a part of the caller's trace, and finds its place there by the caller's own part. */
function spanIn(trace_id: string, parent: unknown) {
  const span_id = Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
  return { trace_id, span_id, ...(typeof parent === "string" && { parent_span_id: parent }) };
}
