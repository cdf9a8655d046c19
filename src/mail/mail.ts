import { keepMailPage, mailPagesFolder } from "./pages";
import { isLoopback } from "../base/loopback";
import type { Log } from "../telemetry/log";
import { Unredacted } from "../telemetry/redact";

/** A letter to one person, in plain text and perhaps in HTML as well. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Tells a letter that is sent again from a second one, such as `<evt_1.order_confirmed@shop.example>`. */
  message_id?: string;
  /** Whom an answer goes to, where that is not whom it comes from. */
  reply_to?: string | undefined;
}

/** Where mail goes out, and whom it comes from. */
interface MailSettings {
  smtpUrl: string | undefined;
  mailFrom: string | undefined;
  production: boolean;
  databaseUrl: { engine: "sqlite"; path: string } | { engine: "postgres" };
}

export type SendMail = (mail: Mail) => Promise<void>;

/**
 * How mail leaves the shop: through the SMTP server that is set. Without one it stands in the log in development, and as a
 * page in a folder beside the database; in production the log says that it could not be sent, but not what was in it.
 */
export function mailer(
  { smtpUrl, mailFrom, production, databaseUrl }: MailSettings,
  log: Log,
  patienceMs = PATIENCE_MS,
): SendMail {
  if (smtpUrl && mailFrom) return bySmtp({ url: smtpUrl, from: mailFrom, production, patienceMs });
  if (production) {
    return async ({ subject }) => log("warn", "A mail was not sent: SMTP_URL is not set.", { subject });
  }
  const folder = mailPagesFolder({ databaseUrl });
  return async (mail) => {
    const { to, subject } = mail;
    const file = folder && mail.html !== undefined ? keepMailPage(folder, subject, mail.html) : undefined;
    const about = { to, subject, text: new Unredacted(mail.text), ...(file !== undefined && { file }) };
    log("info", "A mail that would be sent, were SMTP_URL set.", about);
  };
}

/** How long one letter may take in all: less than it is claimed for, or another server would send it as well. */
const PATIENCE_MS = 40_000;

interface Smtp {
  url: string;
  from: string;
  production: boolean;
  patienceMs: number;
}

function bySmtp({ url, from, production, patienceMs }: Smtp): SendMail {
  // An attacker on the line could leave out that the server knows TLS, and read every letter.
  const requireTLS = production && !isLoopback(new URL(url).hostname);
  // Loaded with the first mail: most starts of the program send none.
  // A server that says nothing is hung up on; the usual waits are of up to ten minutes.
  const waits = Object.fromEntries(
    ["connectionTimeout", "greetingTimeout", "socketTimeout", "dnsTimeout"].map((name) => [name, patienceMs / 2]),
  );
  const transport = once(async () =>
    (await import("nodemailer")).createTransport({ url, requireTLS, ...waits }, { from }),
  );
  return async ({ message_id, reply_to, ...mail }) => {
    const sending = (await transport()).sendMail({
      ...mail,
      ...(message_id !== undefined && { messageId: message_id }),
      ...(reply_to !== undefined && { replyTo: reply_to }),
    });
    await within(patienceMs, sending);
  };
}

/** Throws when it is not done by then: a server may answer slowly enough to be never done. */
async function within(patienceMs: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const error = Object.assign(new Error("The mail server takes too long."), { code: "ETIMEDOUT" });
  const timer = setTimeout(() => late.reject(error), patienceMs);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    // Nobody waits for it any more, however it ends.
    work.catch(() => {});
  }
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}
