import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { paymentProviders } from "../../src/payments/providers";
import { mistypedNames, readEnvironment } from "../../src/shop/environment";
import { loadSettings } from "../../src/shop/load-settings";
import { type SettingInForce, settingsInForce } from "../../src/shop/setting-list";
import { groupsWith, settingNames } from "../../src/shop/settings";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const configCommand = ({ print }: Terminal) =>
  new Command("config")
    .description(
      "print the settings that are in force and where each comes from, secrets masked; exits with 1 when they can't be used",
    )
    .option("--set", "only those that are set", false)
    .action(({ set }: { set: boolean }) => {
      const given = readEnvironment();
      const all = settingsInForce(groupsWith(paymentProviders), given);
      const settings = set ? all.filter(({ from }) => from !== "default") : all;
      const mistyped = mistypedNames(given, settingNames(paymentProviders));
      print({ settings, mistyped }, [table(["SETTING", "VALUE", "FROM"], settings.map(rowOf)), ...mistyped].join("\n"));
      loadSettings(given.values, paymentProviders);
      if (mistyped.length > 0) throw new ShopError("unusable", "There are names that are no settings: see above.");
    });

const rowOf = ({ name, value, from }: SettingInForce) => [name, value ?? "", from];
