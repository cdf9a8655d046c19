import type { Command } from "commander";
import { createProgram } from "../../cli/program";
import type { Layout, Terminal } from "../../cli/terminal";
import type { TestShop } from "./shop";

/** What a command printed for people and for programs, and why it failed if it did. */
export interface CommandResult {
  text: string;
  // Tests say what they expect of it by matching, not by type.
  // oxlint-disable-next-line typescript/no-explicit-any
  answer: any;
  /** Whether its answer was asked for as JSON. */
  json: boolean;
  said: string[];
  /** What was asked before it was done, and answered with yes. */
  asked: string[];
  failed: string | undefined;
  layout?: Layout | undefined;
}

/** Runs one command of the command line on this shop, in this process. `typed` is what is typed as a password. */
export async function runCommand(
  shop: TestShop,
  words: readonly (string | number)[],
  typed = "",
): Promise<CommandResult> {
  const { result, program } = programOn(shop, typed);
  await program
    .parseAsync(words.map(String), { from: "user" })
    .catch((error: unknown) => (result.failed = error instanceof Error ? error.message : String(error)));
  return result;
}

/** The same, but throws what the command throws. */
export async function runCommandOrThrow(
  shop: TestShop,
  words: readonly (string | number)[],
  typed = "",
): Promise<CommandResult> {
  const { result, program } = programOn(shop, typed);
  await program.parseAsync(words.map(String), { from: "user" });
  return result;
}

function programOn(shop: TestShop, typed: string) {
  const result: CommandResult = { text: "", answer: undefined, json: false, said: [], asked: [], failed: undefined };
  const terminal: Terminal = {
    print: (answer, text, layout) => Object.assign(result, { answer, text, layout }),
    write: (text) => (result.text += text),
    say: (text) => result.said.push(text),
    progress: () => ({ update() {} }),
    readPassword: async () => typed,
    withShop: (work) => work(shop),
    settings: () => shop.settings,
    withDatabaseAsIs: (work) => work(shop),
    confirm: async (question, yes) => {
      if (!yes) result.asked.push(question);
    },
  };
  return { result, program: quiet(createProgram(terminal, (json) => (result.json = json))) };
}

/** Throws in place of ending the process, and says nothing of its own. */
export function quiet(command: Command): Command {
  command.exitOverride().configureOutput({ writeOut() {}, writeErr() {} });
  for (const child of command.commands) quiet(child);
  return command;
}

/** What commander says against these words; nothing runs. */
export async function misuse(words: string): Promise<string | undefined> {
  const nothing = new Error("It would run.");
  const stopped = () => {
    throw nothing;
  };
  const split = [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
  return quiet(createProgram({} as Terminal, () => {}, stopped))
    .parseAsync(split, { from: "user" })
    .then(
      () => undefined,
      (error: unknown) => (error === nothing ? undefined : String(error)),
    );
}
