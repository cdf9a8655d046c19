import { redactText } from "../telemetry/redact";
import { type GivenEnvironment, isFromFile } from "./environment";
import type { Setting, SettingGroup } from "./setting";

/** A setting as it is in force, for an operator to look at. */
export interface SettingInForce {
  name: string;
  /** As it would be set; what is secret in it is masked. Null where it has no value. */
  value: string | null;
  from: "environment" | ".env" | "default";
}

/** Every setting with its value and where that comes from. */
export function settingsInForce(groups: readonly SettingGroup[], given: GivenEnvironment): SettingInForce[] {
  return groups.flatMap(({ settings }) =>
    Object.entries(settings).map(([name, setting]) => {
      const value = given.values[name] || undefined;
      const from = value === undefined ? "default" : isFromFile(given, name) ? ".env" : "environment";
      return { name, value: shownValue(setting, value ?? setting.usual), from } as const;
    }),
  );
}

/** Of an address only the password in it is masked, so that it still says where something is. */
function shownValue({ isSecret }: Setting<unknown>, value: string | undefined): string | null {
  if (!value) return null;
  if (isSecret === "whole") return "[masked]";
  return isSecret === "in part" ? redactText(value) : value;
}
