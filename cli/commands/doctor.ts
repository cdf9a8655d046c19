import { Command } from "commander";
import { examine, examineFile, type Finding, repair } from "../../src/doctor/doctor";
import { ShopError } from "../../src/base/errors";
import type { Terminal } from "../terminal";

interface Options {
  repair: boolean;
  file: boolean;
  askProviders: boolean;
}

export const doctorCommand = ({ print, withShop }: Terminal) =>
  new Command("doctor")
    .description(
      "check that stock, orders, payments, coupons and the search add up; exits with 1 when something does not",
    )
    .option("--repair", "rebuild counters from their ledgers and the index of the search, and tidy pictures", false)
    .option("--file", "look at the pages of the SQLite file alone, which reads all of it", false)
    .option("--ask-providers", "ask the payment providers what they have, too", false)
    .action(({ repair: mend, file, askProviders: providers }: Options) =>
      withShop(
        async (shop) => {
          const look = () => (file ? examineFile(shop) : examine(shop, { providers }));
          const { mended, left } = mend ? await repair(shop) : { mended: [], left: await look() };
          print({ healthy: left.length === 0, mended, problems: left }, reportText(mended, left));
          if (left.length > 0) throw new ShopError("conflict", advice(left, mend));
        },
        { anyCurrency: true },
      ),
    );

function reportText(mended: readonly Finding[], left: readonly Finding[]): string {
  const lines = [
    ...mended.map(({ problem }) => `Mended: ${problem}`),
    ...left.map(({ check, problem }) => `${problem} (${check})`),
  ];
  return [...lines, left.length === 0 ? "Everything adds up." : ""].filter(Boolean).join("\n");
}

function advice(left: readonly Finding[], tried: boolean): string {
  const count = left.length === 1 ? "1 thing does" : `${left.length} things do`;
  const repairable = left.some((finding) => finding.repairable) && !tried;
  return `${count} not add up.${repairable ? " What can be mended without asking anybody is: sanset doctor --repair" : ""}`;
}
