import { CommanderError, type Command } from "commander";
import { mistypedNames, readEnvironment } from "../src/shop/environment";
import { type ErrorCode, type Issue, ShopError } from "../src/base/errors";
import { paymentProviders } from "../src/payments/providers";
import { loadSettings } from "../src/shop/load-settings";
import { settingNames, type Settings } from "../src/shop/settings";
import { openShop, type Shop } from "../src/shop/shop";
import { openDatabase, type OpenOptions } from "../src/storage/open";
import { checkCurrency } from "../src/storefront/currency";
import { makeReady, openToOthers } from "./opening";
import { mayColour, red } from "./colour";
import { ask, confirm } from "./confirm";
import { showAnswer, writeAnswer } from "./output";
import { explainFile } from "./file-words";
import { issuesOfCommand } from "./option-names";
import { readPassword } from "./password";
import { createProgram } from "./program";
import { layOutFor, ownScreen, wrapped } from "./screen";
import { createBars } from "./progress";
import { listenForSignals } from "./signals";
import type { Terminal } from "./terminal";
import { exactJson, visibleLines } from "./visible";
import { urlOf } from "../src/storage/place";

const FAILED = 1;
const USED_WRONGLY = 2;

/** The binary itself, or Bun with this file. Where the files of a compiled binary lie, see bun's docs on executables. */
const COMMAND = /^(\/\$bunfs\/|B:[\\/]~BUN)/.test(import.meta.dir)
  ? [process.execPath]
  : [process.execPath, import.meta.path];

// Whatever is made here is its owner's alone: the database, its copies, pictures, keys.
process.umask(0o077);

let asJson = false;
let running: Command | undefined;
const bars = createBars(process.stderr);

function say(text: string): void {
  bars.clear();
  process.stderr.write(`${visibleLines(text)}\n`);
}

const signals = listenForSignals(bars, say);

const terminal: Terminal = {
  print(answer, text, layout) {
    bars.clear();
    if (asJson) writeAnswer(`${exactJson(answer)}\n`);
    else showAnswer(visibleLines(text), layout);
  },
  async printPieces(pieces, rowOf, textOf) {
    if (asJson) return writeJsonList(pieces);
    const rows = [];
    for await (const piece of pieces) rows.push(...piece.map(rowOf));
    terminal.print(rows, await textOf(rows));
  },
  write(text) {
    bars.clear();
    // What is kept is kept as it is; on a screen nothing of it is obeyed.
    writeAnswer(process.stdout.isTTY ? visibleLines(text.replaceAll("\r\n", "\n")) : text);
  },
  say,
  confirm,
  ask,
  progress: (label, ifStopped) => bars.bar(label, ifStopped),
  stopping: signals.stopping,
  readPassword,
  settings: readSettings,
  withDatabaseAsIs: (work, { create = false } = {}) => withDatabase(readSettings(), { create, gapMs: GAP_MS }, work),
  withShop: async (work, { opening = "as it is", serving = false, anyCurrency = false } = {}) => {
    const settings = readSettings();
    const ready = async (shop: Shop) => {
      const ran = await makeReady(shop, opening, say);
      if (!anyCurrency) await checkCurrency(shop, { isLook: opening === "as it is" });
      return ran;
    };
    const options = { create: opening !== "as it is", gapMs: GAP_MS };
    if (!serving) {
      return withDatabase(settings, options, async (shop) => work(shop, await ready(shop)));
    }
    const deadlineMs = settings.databaseDeadlineSeconds * 1000;
    const replica = replicaOf(settings);
    const served = withDatabase(settings, { create: options.create, deadlineMs, ...replica }, async (shop) => {
      // What a server does for its callers has a deadline; migrations take what time they need.
      const ran = shop.database.isShared
        ? await withDatabase(settings, options, (unhurried) => ready(unhurried))
        : await ready(shop);
      for (const warning of openToOthers(settings.databaseUrl)) say(warning);
      return work(shop, ran);
    });
    return served.finally(endSoon);
  },
};

/** As one list would be written, without ever having all of it. */
async function writeJsonList(pieces: AsyncIterable<readonly unknown[]>): Promise<void> {
  bars.clear();
  let before = "[";
  for await (const piece of pieces) {
    const texts = piece.map((item) => `\n  ${exactJson(item).replaceAll("\n", "\n  ")}`);
    if (texts.length === 0) continue;
    writeAnswer(before + texts.join());
    before = ",";
  }
  writeAnswer(before === "[" ? "[]\n" : "\n]\n");
}

const LAST_WORDS_MS = 500;

/** All is written and closed by now: a connection on which nobody answers must not keep the program alive. */
function endSoon(): void {
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
}

/** The settings in force. What looks mistyped is said: it may be what this command was meant to work on. */
function readSettings(): Settings {
  const given = readEnvironment();
  for (const mistyped of mistypedNames(given, settingNames(paymentProviders))) say(mistyped);
  return loadSettings(given.values, paymentProviders);
}

/** Servers alone read from a copy: what a command prints is so now. */
function replicaOf({ databaseReplicaUrl, databaseReplicaLagSeconds }: Settings): Pick<OpenOptions, "replica"> {
  if (!databaseReplicaUrl) return {};
  return { replica: { url: urlOf(databaseReplicaUrl), lagMostMs: databaseReplicaLagSeconds * 1000 } };
}

/** How long a command leaves the database to a serving shop after each of its transactions. */
const GAP_MS = 3;

async function withDatabase<Result>(
  settings: Settings,
  options: OpenOptions,
  work: (shop: Shop) => Promise<Result>,
): Promise<Result> {
  const { databaseConnections, databaseReaders, databasePooled, databaseLogMegabytes, writeQueue } = settings;
  const database = await openDatabase(settings.databaseUrl, {
    writeQueue,
    connections: databaseConnections,
    readers: databaseReaders,
    pooled: databasePooled === "on",
    logMostBytes: databaseLogMegabytes * 1_000_000,
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
    writeOut: (text) => writeAnswer(text),
    getOutHasColors: () => mayColour(process.stdout),
    getErrHasColors: () => mayColour(process.stderr),
    outputError: (text, write) => {
      if (!asJson) write(failureText(text.trimEnd()));
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
    const { errors } = error.details;
    // Programs get the API's names, people those of the command line.
    complain(error.code, error.message, asJson ? errors : errors && issuesOfCommand(running, errors));
    return FAILED;
  }
  const aboutFile = explainFile(error);
  if (aboutFile) {
    complain(aboutFile.code, aboutFile.message);
    return FAILED;
  }
  const message = error instanceof Error ? error.message : String(error);
  complain("internal", `Something went wrong that should not: ${message}`);
  if (process.env["LOG_LEVEL"] === "debug" && error instanceof Error) terminal.say(String(error.stack));
  return FAILED;
}

/** What failed, on stderr: in the words of HTTP's answers where JSON was asked for. */
function complain(code: ErrorCode | "internal", detail: string, errors?: Issue[]): void {
  const lines = [
    detail,
    ...(errors ?? []).map(({ path, message }) => `  ${path}${message === detail ? "" : `: ${message}`}`),
  ];
  bars.clear();
  const text = asJson ? exactJson({ code, detail, errors }) : visibleLines(lines.join("\n"));
  process.stderr.write(asJson ? `${text}\n` : failureText(text));
}

function failureText(text: string): string {
  const { isTTY, columns } = process.stderr;
  const lines = isTTY ? wrapped(text, { columns: columns || 80 }) : text;
  return `${mayColour(process.stderr) ? red(lines) : lines}\n`;
}

/** The shop's clock, for what is shown. Settings that can't be read are told of by the commands that need them, not by --help. */
function timeZone(): string {
  try {
    return readEnvironment().values["TIME_ZONE"] || "UTC";
  } catch {
    return "UTC";
  }
}

layOutFor(ownScreen(timeZone()));
try {
  await throwing(
    createProgram(
      terminal,
      (wanted) => {
        asJson = wanted;
      },
      (command) => {
        running = command;
      },
    ),
  ).parseAsync();
} catch (error) {
  process.exitCode = signals.exitCode() ?? exitCodeOf(error);
} finally {
  bars.clear();
}
