import { CommanderError, type Command } from "commander";
import { readEnvironment } from "../src/shop/environment";
import { type ErrorCode, type Issue, ShopError } from "../src/base/errors";
import { paymentProviders } from "../src/payments/providers";
import { loadSettings } from "../src/shop/load-settings";
import type { Settings } from "../src/shop/settings";
import { openShop, type Shop } from "../src/shop/shop";
import { migrate } from "../src/storage/migrate";
import { openDatabase, type OpenOptions } from "../src/storage/open";
import { readPassword } from "./password";
import { createProgram } from "./program";
import { createBars } from "./progress";
import type { Terminal } from "./terminal";
import { visibleLines } from "./visible";

const FAILED = 1;
const USED_WRONGLY = 2;

/** The binary itself, or Bun with this file. Where the files of a compiled binary lie, see bun's docs on executables. */
const COMMAND = /^(\/\$bunfs\/|B:[\\/]~BUN)/.test(import.meta.dir)
  ? [process.execPath]
  : [process.execPath, import.meta.path];

let asJson = false;
const bars = createBars(process.stderr);

function write(stream: NodeJS.WriteStream, text: string): void {
  bars.clear();
  stream.write(`${text}\n`);
}

const terminal: Terminal = {
  print: (answer, text) => write(process.stdout, asJson ? JSON.stringify(answer, undefined, 2) : visibleLines(text)),
  say: (text) => write(process.stderr, visibleLines(text)),
  progress: (label) => bars.bar(label),
  readPassword,
  settings: () => loadSettings(readEnvironment(), paymentProviders),
  withDatabaseAsIs,
  withShop: async (work, { serving } = { serving: false }) => {
    if (!serving) return withDatabaseAsIs((shop) => migrated(shop).then(work));
    // Migrations take what time they need; what a server does for its callers has a deadline.
    await withDatabaseAsIs(migrated);
    const settings = loadSettings(readEnvironment(), paymentProviders);
    return withDatabase(settings, { deadlineMs: settings.databaseDeadlineSeconds * 1000 }, work);
  },
};

async function migrated(shop: Shop): Promise<Shop> {
  await migrate(shop.database, shop.now());
  return shop;
}

/** How long a command leaves the database to a serving shop after each of its transactions. */
const GAP_MS = 3;

function withDatabaseAsIs<Result>(work: (shop: Shop) => Promise<Result>, { create } = { create: true }) {
  return withDatabase(loadSettings(readEnvironment(), paymentProviders), { create, gapMs: GAP_MS }, work);
}

async function withDatabase<Result>(
  settings: Settings,
  options: OpenOptions,
  work: (shop: Shop) => Promise<Result>,
): Promise<Result> {
  const { databaseConnections, databaseReaders, databasePooled, writeQueue } = settings;
  const database = await openDatabase(settings.databaseUrl, {
    writeQueue,
    connections: databaseConnections,
    readers: databaseReaders,
    pooled: databasePooled === "on",
    ...options,
  });
  const shop = openShop(database, settings, { command: COMMAND });
  try {
    return await work(shop);
  } finally {
    await shop.database.close();
  }
}

/** Wrong use answers 2, and commander throws rather than ending the process, so that the database is closed first. */
function throwing(command: Command): Command {
  for (const child of command.commands) throwing(child);
  return command.exitOverride().configureOutput({
    outputError: (text, write) => {
      if (!asJson) write(text);
    },
  });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Where a command is missing commander shows the help, and has nothing to say beside it.
    if (asJson && error.code !== "commander.help") complain("invalid", error.message.replace(/^error: /, ""));
    return USED_WRONGLY;
  }
  if (error instanceof ShopError) {
    complain(error.code, error.message, error.details.errors);
    return FAILED;
  }
  const message = error instanceof Error ? error.message : String(error);
  complain("internal", `Something went wrong that should not: ${message}`);
  if (process.env["LOG_LEVEL"] === "debug" && error instanceof Error) terminal.say(String(error.stack));
  return FAILED;
}

/** What failed, on stderr: in the words of HTTP's answers where JSON was asked for. */
function complain(code: ErrorCode | "internal", detail: string, errors?: Issue[]): void {
  const lines = [detail, ...(errors ?? []).map(({ path, message }) => `  ${path}: ${message}`)];
  const text = asJson ? JSON.stringify({ code, detail, errors }, undefined, 2) : visibleLines(lines.join("\n"));
  write(process.stderr, text);
}

// Whoever reads us may stop early, as `head` does.
process.stdout.on("error", () => process.exit(0));

try {
  await throwing(
    createProgram(terminal, (wanted) => {
      asJson = wanted;
    }),
  ).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
} finally {
  bars.clear();
}
