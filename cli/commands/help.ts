import { Command } from "commander";
import { ShopError } from "../../src/base/errors";

/** `sanset help order refund` is `sanset order refund --help`. */
export const helpCommand = () =>
  new Command("help")
    .description("show the help of a command")
    .argument("[command...]", "such as order refund")
    .addHelpText("after", "\nExample:\n  sanset help order refund")
    .action((names: string[], _options: object, self: Command) => {
      let command = self.parent ?? self;
      for (const name of names) {
        const child = command.commands.find((one) => one.name() === name);
        if (!child) throw new ShopError("invalid", `There is no command ${names.join(" ")}: see sanset --help.`);
        command = child;
      }
      command.outputHelp();
    });
