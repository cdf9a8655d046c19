import { Command } from "commander";
import { version } from "../../package.json";
import type { Terminal } from "../terminal";

/** What was built, and from what. `scripts/build.ts` writes the commit into the program; from source, git is asked. */
export interface Build {
  version: string;
  commit: string;
  bun: string;
  platform: string;
}

export const versionCommand = ({ print }: Terminal) =>
  new Command("version")
    .description("say which version this is, and from which commit it was built")
    .addHelpText("after", "\nExample:\n  sanset version --json")
    .action(() => {
      const build = buildOf();
      print(build, `Sanset ${build.version}, commit ${build.commit}, Bun ${build.bun}, ${build.platform}`);
    });

function buildOf(): Build {
  return {
    version,
    commit: process.env["SANSET_COMMIT"] ?? commitHere(),
    bun: Bun.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

function commitHere(): string {
  try {
    const asked = Bun.spawnSync(["git", "-C", import.meta.dir, "rev-parse", "HEAD"], { stderr: "ignore" });
    return asked.exitCode === 0 ? asked.stdout.toString().trim() : "unknown";
  } catch {
    return "unknown";
  }
}
