import type { Command } from "commander";
import { backwards } from "../src/base/ranges";

/** Refuses options that are the two ends of a range in which nothing can lie: `--since` after `--until`. */
export function refuseBackwardsOptions(command: Command): void {
  for (const option of command.options) {
    const other = command.options.find(({ long }) => long !== undefined && long === upperEnd(option.long ?? ""));
    if (!other?.long) continue;
    const [least, most] = [option, other].map((end): unknown => command.getOptionValue(end.attributeName()));
    const issue = backwards(other.long, least, most);
    if (issue) command.error(`error: ${option.long} and ${other.long}: ${issue.message}`);
  }
}

/** What the other end of a range is called: of addresses, `--from` and `--to` are no texts. */
function upperEnd(least: string): string | undefined {
  if (least === "--since") return "--until";
  if (least === "--from") return "--to";
  return least.startsWith("--min-") ? least.replace("--min-", "--max-") : undefined;
}
