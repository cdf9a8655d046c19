import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { ShopError } from "../../src/base/errors";
import { giveToFoldersOwner, makeFolder } from "../../src/base/owner";
import { paymentProviders } from "../../src/payments/providers";
import { loadSettings } from "../../src/shop/load-settings";
import type { Terminal } from "../terminal";

interface InitOptions {
  env: "production" | "development";
  file: string;
  url?: string;
  name?: string;
  currency?: string;
  timeZone?: string;
  country?: string;
  database?: string;
  email?: string;
  smtp?: string;
  backups?: string;
}

/**
 * What is asked for where a terminal is there and an option did not say it: the question, and what most answer. What the environment
 * sets, as that of an image does, is the usual answer: it would go before the file.
 */
const QUESTIONS: { option: keyof InitOptions; setting: string; question: string; usual: (env: string) => string }[] = [
  { option: "name", setting: "SHOP_NAME", question: "What is the shop called?", usual: () => "Our shop" },
  {
    option: "url",
    setting: "PUBLIC_URL",
    question: "Where will customers reach this server?",
    usual: (env) => (env === "production" ? "https://api.shop.example" : ""),
  },
  { option: "currency", setting: "CURRENCY", question: "Which currency, as ISO 4217 spells it?", usual: () => "INR" },
  {
    option: "timeZone",
    setting: "TIME_ZONE",
    question: "Which time zone is the shop in?",
    usual: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
  { option: "country", setting: "COUNTRY", question: "Which country, by its two letters?", usual: () => "IN" },
  {
    option: "database",
    setting: "DATABASE_URL",
    question: "Where is its database?",
    usual: () => "sqlite:///./data/sanset.db",
  },
  { option: "email", setting: "MAIL_FROM", question: "Which e-mail sends its mails? (empty: none)", usual: () => "" },
  {
    option: "smtp",
    setting: "SMTP_URL",
    question: "By which mail server, such as smtps://user:password@host? (empty: none)",
    usual: () => "",
  },
];

export const initCommand = ({ print, ask }: Terminal) =>
  new Command("init")
    .description("begin a shop in this folder: asks what it must know, and writes .env with fresh secrets")
    .addOption(new Option("--env <env>", "what for").choices(["production", "development"]).default("production"))
    .option("--name <name>", "what the shop is called")
    .option("--url <url>", "where customers reach this server: PUBLIC_URL")
    .option("--currency <code>", "such as INR")
    .option("--time-zone <zone>", "such as Asia/Kolkata")
    .option("--country <code>", "such as IN")
    .option("--database <url>", "sqlite:///./data/sanset.db or postgres://…")
    .option("--email <address>", "who sends the shop's mails")
    .option("--smtp <url>", "by which mail server")
    .option("--backups <place>", "a folder or s3://bucket/folder; every night at half past two")
    .option("--file <file>", "where to write it", ".env")
    .addHelpText(
      "after",
      `
Without a terminal nothing is asked, and what no option says is as usual.

Examples:
  sanset init
  sanset init --url https://api.shop.example --currency EUR \\
    --time-zone Europe/Berlin --country DE
  sanset init --env development`,
    )
    .action(async (options: InitOptions) => {
      if (existsSync(options.file)) {
        throw new ShopError("conflict", `${options.file} is there already: move it away first. Nothing was changed.`);
      }
      const answers: InitOptions = { ...options };
      for (const { option, setting, question, usual } of QUESTIONS) {
        if (answers[option] !== undefined) continue;
        const most = process.env[setting] || usual(options.env);
        Object.assign(answers, { [option]: ask ? await ask(question, most) : most });
      }
      const values = settingsFrom(answers);
      // What would not start is not written.
      loadSettings(values, paymentProviders);
      write(options.file, textOf(values));
      const next = [
        `${options.file} is written, readable by you alone. Next:`,
        "  sanset migrate up",
        "  sanset user create you@shop.example --name 'Your Name' --admin",
        "  sanset serve",
        ...(values["COD_HOLD_HOURS"] === undefined
          ? []
          : [
              `Look at its limits of trade: an order in cash is cancelled after ${values["COD_HOLD_HOURS"]} hours unless it is packed.`,
            ]),
      ];
      print({ file: options.file, settings: Object.keys(values) }, next.join("\n"));
    });

function settingsFrom(answers: InitOptions): Record<string, string> {
  const isReal = answers.env === "production";
  const url = answers.url && URL.canParse(answers.url) ? new URL(answers.url) : undefined;
  const all = {
    SANSET_ENV: answers.env,
    SECRET_KEY: randomBytes(32).toString("hex"),
    DATABASE_URL: answers.database,
    PUBLIC_URL: answers.url,
    // A server that customers reach by TLS stands behind a proxy on this machine.
    TRUSTED_PROXIES: process.env["TRUSTED_PROXIES"] || (url?.protocol === "https:" ? "127.0.0.1,::1" : undefined),
    SHOP_NAME: answers.name,
    CURRENCY: answers.currency,
    TIME_ZONE: answers.timeZone,
    COUNTRY: answers.country,
    MAIL_FROM: answers.email,
    SMTP_URL: answers.smtp,
    // Nobody is a customer yet who is used to more.
    OPEN_ORDERS_MOST: isReal ? "20" : undefined,
    UNPAID_UNITS_MOST: isReal ? "100" : undefined,
    COD_HOLD_HOURS: isReal ? "168" : undefined,
    BACKUP_TO: answers.backups,
    BACKUP_SCHEDULE: isReal ? "30 2 * * *" : undefined,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]));
}

/** What the owner of a shop must look at before it opens: no numbers suit every shop. */
const NOTES: Record<string, string> = {
  OPEN_ORDERS_MOST: "# Limits of trade: how many orders one customer may have that are neither paid nor sent,",
  UNPAID_UNITS_MOST: "# how many units of one product in them,",
  COD_HOLD_HOURS:
    "# and after how many hours an order in cash that is not packed is cancelled by itself. 0 takes a limit away.",
};

const textOf = (values: Record<string, string>): string =>
  `# Written by sanset init. Every setting: docs/settings.md, and sanset config shows what is in force.\n${Object.entries(
    values,
  )
    .map(([name, value]) => {
      const line = `${name}=${/^[\w:/.@,+*-]*$/.test(value) ? value : JSON.stringify(value)}`;
      return NOTES[name] === undefined ? line : `${NOTES[name]}\n${line}`;
    })
    .join("\n")}\n`;

const OWNER_ALONE = 0o600;

function write(file: string, text: string): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, text, { flag: "wx", mode: OWNER_ALONE });
    giveToFoldersOwner(file);
  } catch (error) {
    throw new ShopError(
      "unusable",
      `${file} can't be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
