import { version } from "../package.json";
import type { Shop } from "../src/shop/shop";
import { placeOf } from "./opening";

/** What a server that has started says of itself, for a program. */
export interface Start {
  url: string;
  /** Where customers reach it, as mails, gateways and the document say: PUBLIC_URL. */
  public_url: string;
  version: string;
  environment: "production" | "development";
  database: string;
  mail: string;
  payments: string;
  cors: string;
  docs: string;
}

export function startOf({ settings }: Shop, { url, publicUrl }: { url: string; publicUrl: string }): Start {
  const { corsOrigins, mailFrom, smtpUrl } = settings;
  return {
    url,
    public_url: publicUrl,
    version,
    environment: settings.production ? "production" : "development",
    database: `${settings.databaseUrl.engine} ${placeOf(settings.databaseUrl)}`,
    mail: smtpUrl ? `${mailFrom} by ${new URL(smtpUrl).host}` : settings.production ? "off" : "to the log",
    payments: settings.paymentProviders.join(", "),
    cors: corsOrigins === "any" ? "any site" : corsOrigins.join(", ") || "none",
    docs: settings.docs ? `${url}/docs` : "off",
  };
}

/** The same in one line for a person. */
export function startLine(start: Start): string {
  // A customer who pays with play money gets the goods.
  const free = start.payments.includes("mock") ? " (mock: goods are free)" : "";
  const environment = start.environment === "production" ? "production" : "DEVELOPMENT";
  return [
    `Sanset ${start.version} serves at ${start.url}: ${environment}`,
    // Forgetting it is noticed here, before mails lead customers to their own machine.
    ...(start.environment === "production" || start.public_url !== start.url
      ? [`for customers ${start.public_url}`]
      : []),
    `database ${start.database}`,
    `mail ${start.mail}`,
    `payments ${start.payments}${free}`,
    `CORS ${start.cors}`,
    `docs ${start.docs}`,
  ].join(" · ");
}
