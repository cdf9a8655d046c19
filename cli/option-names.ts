import type { Command } from "commander";
import type { Issue } from "../src/base/errors";

/**
 * What is wrong with what was given to a command, by the names that it has there: `ends_at` of the API is `--ends` where a coupon
 * is made. A field that a command has no option for keeps its name.
 */
export function issuesOfCommand(command: Command | undefined, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ ...issue, path: (command && optionFor(command, issue.path)) ?? issue.path }));
}

/** `address.city` is `--city` where a command has that, else `--address`. */
function optionFor(command: Command, path: string): string | undefined {
  const fields = path.split(".").filter((part) => !/^\d+$/.test(part));
  return fields
    .toReversed()
    .reduce<string | undefined>((found, field) => found ?? optionNamed(command, field), undefined);
}

function optionNamed(command: Command, field: string): string | undefined {
  const spelled = field.replaceAll("_", "-");
  // The words that the API needs to tell fields apart, and a command does not.
  const names = [
    spelled,
    spelled.replace(/-at$/, ""),
    spelled.replace(/-id$/, ""),
    spelled.replace(/^max-/, ""),
    spelled.replace(/^full-/, ""),
    spelled.replace(/s$/, ""),
    ...(spelled === "address-line" ? ["street"] : []),
  ];
  for (const name of names) {
    const option = command.options.find(({ long }) => long === `--${name}`);
    if (option?.long) return option.long;
    if (command.registeredArguments.some((argument) => argument.name() === name)) return `<${name}>`;
  }
  return undefined;
}
