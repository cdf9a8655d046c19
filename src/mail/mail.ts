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
export function mailer({ smtpUrl, mailFrom, production, databaseUrl }: MailSettings, log: Log): SendMail {
  if (smtpUrl && mailFrom) return bySmtp(smtpUrl, mailFrom, production);
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

function bySmtp(url: string, from: string, production: boolean): SendMail {
  // An attacker on the line could leave out that the server knows TLS, and read every letter.
  const requireTLS = production && !isLoopback(new URL(url).hostname);
  // Loaded with the first mail: most starts of the program send none.
  const transport = once(async () => (await import("nodemailer")).createTransport({ url, requireTLS }, { from }));
  return async ({ message_id, reply_to, ...mail }) => {
    await (
      await transport()
    ).sendMail({
      ...mail,
      ...(message_id !== undefined && { messageId: message_id }),
      ...(reply_to !== undefined && { replyTo: reply_to }),
    });
  };
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}
