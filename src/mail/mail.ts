import type { Log } from "../telemetry/log";
import { Unmasked } from "../telemetry/redact";

/** A letter to one person, in plain text. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Where mail goes out, and whom it comes from. */
interface MailSettings {
  smtp: { url: string; from: string } | undefined;
  production: boolean;
}

export type SendMail = (mail: Mail) => Promise<void>;

/**
 * How mail leaves the shop: through the SMTP server that is set. Without one it stands in the log in development, and
 * in production the log says that it could not be sent, but not what was in it.
 */
export function mailer({ smtp, production }: MailSettings, log: Log): SendMail {
  if (smtp) return bySmtp(smtp, production);
  return async (mail) => {
    if (production) log("warn", "A mail was not sent: SMTP_URL is not set.", { subject: mail.subject });
    else log("info", "A mail that would be sent, were SMTP_URL set.", { ...mail, text: new Unmasked(mail.text) });
  };
}

function bySmtp({ url, from }: { url: string; from: string }, production: boolean): SendMail {
  // Whoever sits on the line could leave out that the server knows TLS, and read every letter.
  const requireTLS = production && !isLoopback(new URL(url).hostname);
  // Loaded with the first mail: most starts of the program send none.
  const transport = once(async () => (await import("nodemailer")).createTransport({ url, requireTLS }, { from }));
  return async (mail) => {
    await (await transport()).sendMail(mail);
  };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}
