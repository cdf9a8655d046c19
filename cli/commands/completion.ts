import { Argument, Command } from "commander";
import { completionScript, type Shell, SHELLS } from "../completion";
import type { Terminal } from "../terminal";

export const completionCommand = ({ print }: Terminal) =>
  new Command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .addHelpText(
      "after",
      `
Examples:
  sanset completion bash > /etc/bash_completion.d/sanset
  sanset completion zsh > /usr/local/share/zsh/site-functions/_sanset
  sanset completion fish > ~/.config/fish/completions/sanset.fish`,
    )
    .action((shell: Shell, _options: object, command: Command) => {
      let program = command;
      while (program.parent) program = program.parent;
      const script = completionScript(shell, program);
      print({ shell, script }, script.trimEnd(), "as it is");
    });
