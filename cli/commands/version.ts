import { Command } from "commander";
import { version } from "../../package.json";
import { type Origin, originOf } from "../origin";
import type { Terminal } from "../terminal";

/** What was built, and from what. `scripts/build.ts` writes its origin into the program; from source, git is asked. */
interface Build extends Origin {
  version: string;
  bun: string;
  platform: string;
}

export const versionCommand = ({ print }: Terminal) =>
  new Command("version")
    .description("say which version this is, and from which commit it was built")
    .addHelpText("after", "\nExample:\n  sanset version --json")
    .action(() => {
      const build = buildOf();
      const changes = build.is_dirty === true ? " with changes that are not in it" : "";
      print(build, `Sanset ${build.version}, commit ${build.commit}${changes}, Bun ${build.bun}, ${build.platform}`);
    });

function buildOf(): Build {
  const built = process.env["SANSET_ORIGIN"];
  return {
    version,
    ...(built === undefined ? originOf(import.meta.dir) : (JSON.parse(built) as Origin)),
    bun: Bun.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
