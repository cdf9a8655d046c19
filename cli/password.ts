import { ShopError } from "../src/base/errors";

/** Reads one line from stdin, or asks twice on a terminal without showing what is typed. */
export async function readPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return firstLine(await Bun.stdin.text());
  if (!process.stdin.isTTY) {
    throw new ShopError("invalid", "There is no terminal to ask for a password on: use --password-stdin.");
  }
  const password = await ask("Password: ");
  if ((await ask("Once more: ")) !== password) throw new ShopError("invalid", "The two passwords differ.");
  return password;
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** Ctrl-C and Ctrl-D. */
const GIVING_UP = new Set(["\u0003", "\u0004"]);
const CTRL_U = "\u0015";
const BACKSPACES = new Set(["\u007f", "\b"]);
/** What arrows and other keys without a letter send: ECMA-48's control sequences, and those of the older keypads. */
const SEQUENCES = new RegExp(String.raw`\u001b(\[[0-?]*[ -/]*[@-~]|O.|.)?`, "gs");

function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // Before the question, so that the first keys are not shown either.
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding("utf8");
  stderr.write(question);
  return new Promise((resolve, reject) => {
    let typed = "";
    const finish = (end: () => void) => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      end();
    };
    const onData = (chunk: string) => {
      for (const key of chunk.replaceAll(SEQUENCES, "")) {
        if (GIVING_UP.has(key)) return finish(() => reject(new ShopError("invalid", "Given up; nothing was changed.")));
        if (key === "\r" || key === "\n") return finish(() => resolve(typed));
        if (key === CTRL_U) typed = "";
        else if (BACKSPACES.has(key)) typed = Array.from(typed).slice(0, -1).join("");
        else if (!/\p{Cc}/u.test(key)) typed += key;
      }
    };
    stdin.on("data", onData);
  });
}
