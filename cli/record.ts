import { hostname, userInfo } from "node:os";
import type { Command } from "commander";
import { audited } from "../src/audit/recording";
import type { AuditEvent } from "../src/shop/audited-shop";
import type { Terminal } from "./terminal";

/** A terminal whose commands have an entry in the audit once they write: what `event` says when they open the shop. */
export function auditedTerminal(terminal: Terminal, event: () => AuditEvent): Terminal {
  return {
    ...terminal,
    withShop: (work, options) => terminal.withShop((shop, ran) => work(audited(shop, event()), ran), options),
  };
}

/**
 * A command with what was asked of it: its arguments, and the options that were given. A password is never among them.
 * Who it is and from where is their name on this machine, and the machine's.
 */
export function eventOf(command: Command): AuditEvent {
  const named = command.registeredArguments.map((argument, at) => [argument.name(), command.processedArgs[at]]);
  const given = Object.entries(command.opts()).filter(
    ([name]) => name !== "json" && command.getOptionValueSource(name) === "cli",
  );
  return {
    action: pathOf(command).join(" "),
    subject: command.args[0] ?? null,
    origin: { address: `${userName()}@${hostname()}`, request_id: null },
    // What an account is called is not for the audit, which outlives it; what anything else is called may be.
    details: {
      ...Object.fromEntries([...named, ...given]),
      ...(ABOUT_PEOPLE.has(command.parent?.name() ?? "") && "name" in command.opts() && { name: "[contact]" }),
    },
  };
}

const ABOUT_PEOPLE = new Set(["user", "customer"]);

const pathOf = (command: Command): string[] => [...(command.parent ? pathOf(command.parent) : []), command.name()];

/** In a container there may be nobody of that number, and Bun knows nobody where the environment names none. */
function userName(): string {
  const number = `user ${process.getuid?.() ?? "unknown"}`;
  try {
    const { username } = userInfo();
    return username === "unknown" ? number : username;
  } catch {
    return number;
  }
}
