import { ShopError } from "../src/base/errors";
import { visible } from "./visible";

/** What imports say of rows that they leave out. */

/** For a person who stops it. */
export const GO_ON = "What is in stays. Run it again: it goes on where it ended, and doubles nothing.";

export const ALLOW_LEFT_OUT = "exit with 0 also when rows are left out";

/** What runs by itself, as at night, hears of it by the exit code. */
export function refuseLeftOut(rows: number, isTrial = false): void {
  if (rows === 0) return;
  const [count, them] = rows === 1 ? ["1 row", "it"] : [`${rows.toLocaleString("en")} rows`, "them"];
  throw new ShopError(
    "invalid",
    isTrial
      ? `${count} would be left out. Mend ${them}, or say --allow-left-out.`
      : `${count} ${rows === 1 ? "was" : "were"} left out; all others are in. Mend ${them} and import again, or say --allow-left-out.`,
  );
}

/** How many bad lines a person is shown; `--json` and `--report` have them all. */
const SHOWN = 20;

export function problemLines(problems: readonly { line: number; problem: string }[]): string[] {
  const lines = problems.slice(0, SHOWN).map(({ line, problem }) => `  line ${line}: ${visible(problem)}`);
  return problems.length > SHOWN ? [...lines, `  and ${problems.length - SHOWN} more: see --report FILE`] : lines;
}
