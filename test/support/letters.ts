import { drain } from "../../src/jobs/deferred";
import { Unredacted } from "../../src/telemetry/redact";
import type { TestShop } from "./shop";

/** The tokens for a forgotten password that were mailed so far, which without SMTP is to the log. */
export async function mailedTokens(shop: TestShop): Promise<string[]> {
  await drain(shop);
  const letters = shop.logged.flatMap(({ about }) => (about?.["text"] instanceof Unredacted ? [about["text"]] : []));
  return letters.map(({ text }) => /Your token: (\S+)/.exec(text)?.[1] ?? "");
}
