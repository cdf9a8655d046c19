import { createInterface } from "node:readline";
import { ShopError } from "../src/base/errors";

/** The option of what asks first. */
export const YES = ["--yes", "it can't be undone, and is meant: ask nothing"] as const;

/** Asks on the terminal before what can't be undone: see Terminal. */
export async function confirm(question: string, yes = false): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new ShopError(
      "invalid",
      `${question} Say --yes if it is meant: there is nobody to ask. Nothing was changed.`,
    );
  }
  const answer = await answerTo(`${question} [y/N] `);
  if (!/^y(es)?$/i.test((answer ?? "").trim())) throw new ShopError("invalid", "Given up; nothing was changed.");
}

/** Asks on the terminal: see Terminal. */
export async function ask(question: string, usual: string): Promise<string> {
  if (!process.stdin.isTTY) return usual;
  const answer = await answerTo(`${question}${usual === "" ? "" : ` [${usual}]`} `);
  if (answer === undefined) throw new ShopError("invalid", "Given up; nothing was changed.");
  return answer.trim() || usual;
}

/** A line from the terminal; undefined where Ctrl-D ended it. */
async function answerTo(question: string): Promise<string | undefined> {
  // The terminal itself shows what is typed and lets it be mended.
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(question);
  const answer = await new Promise<string | undefined>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(undefined));
  });
  lines.close();
  return answer;
}
