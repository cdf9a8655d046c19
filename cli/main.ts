import { CommanderError, type Command } from "commander";
import { readEnvironment } from "../src/environment";
import { ShopError } from "../src/errors";
import { loadSettings } from "../src/settings";
import { openShop, type Shop } from "../src/shop";
import { migrate } from "../src/storage/migrate";
import { openDatabase } from "../src/storage/open";
import { readPassword } from "./password";
import { createProgram } from "./program";
import { createBars } from "./progress";
import type { Terminal } from "./terminal";
import { visibleLines } from "./visible";

const FAILED = 1;
const USED_WRONGLY = 2;

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
  withDatabaseAsIs: (work) => withShop(work, async () => {}),
  withShop: (work) =>
    withShop(work, async (shop) => {
      await migrate(shop.database, shop.now());
    }),
};

async function withShop<Result>(work: (shop: Shop) => Promise<Result>, prepare: (shop: Shop) => Promise<void>) {
  const settings = loadSettings(readEnvironment());
  const shop = openShop(await openDatabase(settings.database, settings), settings);
  try {
    await prepare(shop);
    return await work(shop);
  } finally {
    await shop.database.close();
  }
}

/** Wrong use answers 2, and commander throws rather than ending the process, so that the database is closed first. */
function throwing(command: Command): Command {
  for (const child of command.commands) throwing(child);
  return command.exitOverride();
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USED_WRONGLY;
  if (error instanceof ShopError) {
    terminal.say(error.message);
    for (const { path, message } of error.details.errors ?? []) terminal.say(`  ${path}: ${message}`);
    return FAILED;
  }
  terminal.say(`Something went wrong that should not: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env["LOG_LEVEL"] === "debug" && error instanceof Error) terminal.say(String(error.stack));
  return FAILED;
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
