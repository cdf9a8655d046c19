import { loadSettings } from "../../test/support/settings";

/** For the name of a setting, another one that holds a value of the same type: what reads it still passes the type check. */
export async function crossedSettings(): Promise<(setting: string) => string | undefined> {
  const settings = Object.entries(loadSettings({ SANSET_ENV: "development" }));
  return (setting) => {
    const type = typeof settings.find(([name]) => name === setting)?.[1];
    if (type !== "number" && type !== "boolean" && type !== "string") return undefined;
    const alike = settings.filter(([, value]) => typeof value === type).map(([name]) => name);
    return alike.length < 2 ? undefined : alike[(alike.indexOf(setting) + 1) % alike.length];
  };
}
