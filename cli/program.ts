import { type Argument, Command } from "commander";
import { version } from "../package.json";
import { configCommand } from "./commands/config";
import { categoryCommand } from "./commands/category";
import { customerCommand } from "./commands/customer";
import { couponCommand } from "./commands/coupon";
import { imageCommand } from "./commands/image";
import { productCommand } from "./commands/product";
import { invoiceCommand } from "./commands/invoice";
import { keyCommand } from "./commands/key";
import { mailCommand } from "./commands/mail";
import { outboxCommand } from "./commands/outbox";
import { returnCommand } from "./commands/return";
import { webhookCommand } from "./commands/webhook";
import { auditCommand } from "./commands/audit";
import { demoCommand } from "./commands/demo";
import { overviewCommand } from "./commands/overview";
import { salesCommand } from "./commands/sales";
import { backupCommand } from "./commands/backup";
import { doctorCommand } from "./commands/doctor";
import { exportCommand } from "./commands/export";
import { importCommand } from "./commands/import";
import { clusterCommand } from "./commands/cluster";
import { currencyCommand } from "./commands/currency";
import { databaseCommand } from "./commands/database";
import { jobsCommand } from "./commands/jobs";
import { migrateCommand } from "./commands/migrate";
import { openapiCommand } from "./commands/openapi";
import { readyCommand } from "./commands/ready";
import { recommendCommand } from "./commands/recommend";
import { retrainCommand } from "./commands/retrain";
import { routesCommand } from "./commands/routes";
import { searchCommand } from "./commands/search";
import { seedCommand } from "./commands/seed";
import { orderCommand } from "./commands/order";
import { serveCommand } from "./commands/serve";
import { shippingCommand } from "./commands/shipping";
import { taxCommand } from "./commands/tax";
import { stockCommand } from "./commands/stock";
import { completionCommand } from "./commands/completion";
import { helpCommand } from "./commands/help";
import { initCommand } from "./commands/init";
import { versionCommand } from "./commands/version";
import { userCommand } from "./commands/user";
import { bold } from "./colour";
import { refuseBackwardsOptions } from "./ranges";
import { eventOf, auditedTerminal } from "./record";
import { EXAMPLES, examplesText } from "./examples";
import type { Terminal } from "./terminal";

/**
 * Every command. `json` is told when answers and failures are wanted as JSON, before a command runs or is refused. `begins`
 * hears which one runs.
 */
export function createProgram(
  plain: Terminal,
  json: (wanted: boolean) => void,
  begins: (command: Command) => void = () => {},
): Command {
  let running: Command;
  const terminal = auditedTerminal(plain, () => eventOf(running));
  const program = new Command("sanset")
    .description("Run and look after a Sanset shop")
    .version(version)
    // What is written while a shop is served, others do.
    .addCommand(serveCommand(plain))
    .addCommand(readyCommand(terminal))
    .addCommand(demoCommand(terminal, plain))
    .addCommand(configCommand(terminal))
    .addCommand(migrateCommand(terminal))
    .addCommand(seedCommand(terminal))
    .addCommand(userCommand(terminal))
    .addCommand(customerCommand(terminal))
    .addCommand(importCommand(terminal))
    .addCommand(exportCommand(terminal))
    .addCommand(searchCommand(terminal))
    .addCommand(openapiCommand(terminal))
    .addCommand(retrainCommand(terminal))
    .addCommand(recommendCommand(terminal))
    .addCommand(orderCommand(terminal))
    .addCommand(couponCommand(terminal))
    .addCommand(shippingCommand(terminal))
    .addCommand(taxCommand(terminal))
    .addCommand(productCommand(terminal))
    .addCommand(categoryCommand(terminal))
    .addCommand(imageCommand(terminal))
    .addCommand(stockCommand(terminal))
    .addCommand(jobsCommand(terminal))
    .addCommand(overviewCommand(terminal))
    .addCommand(salesCommand(terminal))
    .addCommand(clusterCommand(terminal))
    .addCommand(databaseCommand(terminal))
    .addCommand(currencyCommand(terminal))
    .addCommand(backupCommand(terminal))
    .addCommand(doctorCommand(terminal))
    .addCommand(routesCommand(terminal))
    .addCommand(returnCommand(terminal))
    .addCommand(invoiceCommand(terminal))
    .addCommand(keyCommand(terminal))
    .addCommand(webhookCommand(terminal))
    .addCommand(outboxCommand(terminal))
    .addCommand(mailCommand(terminal))
    .addCommand(auditCommand(terminal))
    .addCommand(initCommand(plain))
    .addCommand(versionCommand(plain))
    .addCommand(completionCommand(plain))
    .addCommand(helpCommand())
    .addHelpText("after", AFTER_HELP);
  readable(program);
  for (const command of [program, ...leavesOf(program)]) command.option("--json", "print the answer as JSON");
  for (const command of leavesOf(program)) {
    const examples = EXAMPLES[pathOf(command)];
    if (examples) command.addHelpText("after", examplesText(examples));
  }
  // The program takes it wherever it stands, before anything else is looked at; the commands only show it in their help.
  program.on("option:json", () => json(true));
  program.hook("preAction", (_, action) => {
    running = action;
    refuseBackwardsOptions(action);
    begins(action);
  });
  return program;
}

const AFTER_HELP = `
Settings come from the environment and from .env in this folder: sanset init
writes it, sanset config shows what is in force.

Examples:
  sanset demo                      a shop to play with
  sanset init && sanset serve      a shop of your own
  sanset overview                  what is to be done now
  sanset help order refund         more about one command`;

/** As narrow as a column of help is filled before it is left as it is. */
const NARROWEST_HELP = 20;

/** Help that fits a terminal, in one form: `sanset help …` is a command of the top alone. */
function readable(command: Command): void {
  command
    .helpCommand(false)
    .configureHelp({ minWidthToWrap: NARROWEST_HELP, styleTitle: bold, subcommandTerm: termOf });
  for (const child of command.commands) readable(child);
}

/** What leads to a command: `order list`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : "";
}

/** The commands that do something themselves. */
export function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length > 0 ? leavesOf(child) : [child]));
}

/** A command in the list of its group. That each has options goes without saying, and leaves room for what it does. */
const termOf = (command: Command): string =>
  [command.name(), ...command.registeredArguments.map(humanReadable)].join(" ");

function humanReadable(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
