import { ShopError } from "../src/errors";

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

const CTRL_C = "\u0003";
const BACKSPACES = new Set(["\u007f", "\b"]);

function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding("utf8");
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
      for (const key of chunk) {
        if (key === CTRL_C) return finish(() => reject(new ShopError("invalid", "Given up; nothing was changed.")));
        if (key === "\r" || key === "\n") return finish(() => resolve(typed));
        typed = BACKSPACES.has(key) ? Array.from(typed).slice(0, -1).join("") : typed + key;
      }
    };
    stdin.on("data", onData);
  });
}
