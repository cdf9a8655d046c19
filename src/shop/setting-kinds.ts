import { BlockList, isIP } from "node:net";
import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { serverAddress } from "../storage/address";
import type { DatabaseAddress } from "../storage/open";

/** How each kind of setting is written. The messages go on after the name of the setting. */

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, "is not a whole number")
    .transform(Number)
    .pipe(z.int().min(least, `is below ${least}`).max(most, `is above ${most}`));

export const decimal = (least: number, most: number) =>
  z
    .string()
    .regex(/^-?\d{1,6}(\.\d{1,8})?$/, "is not a number")
    .transform(Number)
    .pipe(z.number().min(least, `is below ${least}`).max(most, `is above ${most}`));

export const webAddress = z.url({ protocol: /^https?$/, error: "is not an address such as https://shop.example" });

/** Ways to pay that the shop knows. `cod` is cash on delivery. */
export const PAYMENT_PROVIDERS = ["cod", "mock", "stripe"] as const;
export type PaymentProviderName = (typeof PAYMENT_PROVIDERS)[number];

/** `sqlite:///./shop.db` is relative to the current folder, `sqlite:////srv/shop.db` absolute. */
export function databaseAddress(url: string, context: z.RefinementCtx): DatabaseAddress {
  if (serverAddress(url)) return { engine: "postgres", url };
  const path = /^sqlite:\/\/\/(.+)$/.exec(url)?.[1];
  if (path === ":memory:") {
    context.addIssue({ code: "custom", message: "names no file: a shop in memory would be lost with the program" });
    return z.NEVER;
  }
  if (path) return { engine: "sqlite", path: isAbsolute(path) ? path : resolve(path) };
  context.addIssue({
    code: "custom",
    message: "is none of sqlite:///./file.db, sqlite:////folder/file.db, postgres://user:password@host/name",
  });
  return z.NEVER;
}

export function isSchedule(text: string): boolean {
  try {
    return text === "off" || Bun.cron.parse(text) !== null;
  } catch {
    return false;
  }
}

export function origins(list: string | undefined, context: z.RefinementCtx): string[] | undefined {
  const names = list
    ?.split(",")
    .map((origin) => origin.trim())
    .filter(Boolean);
  for (const name of names ?? []) {
    if (URL.parse(name)?.origin !== name) {
      context.addIssue({ code: "custom", message: `must list origins such as https://shop.example, without a path` });
    }
  }
  return names;
}

/** `10.0.0.0/8, 127.0.0.1, ::1` → whether an address is among them. */
export function networks(list: string, context: z.RefinementCtx): (address: string) => boolean {
  const block = new BlockList();
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of names) {
    const [address = "", bits] = name.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const longest = family === "ipv6" ? 128 : 32;
    if (isIP(address) === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= longest))) {
      context.addIssue({ code: "custom", message: "must list addresses or networks such as 127.0.0.1, 10.0.0.0/8" });
    } else {
      block.addSubnet(address, Number(bits ?? longest), family);
    }
  }
  return (address) => names.length > 0 && block.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

export function providers(list: string | undefined, context: z.RefinementCtx): PaymentProviderName[] | undefined {
  const names = list
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const known = PAYMENT_PROVIDERS.filter((name) => names?.includes(name));
  if (names && (known.length !== new Set(names).size || known.length === 0)) {
    context.addIssue({ code: "custom", message: `must list some of ${PAYMENT_PROVIDERS.join(", ")}` });
  }
  return names && known;
}

/** A language as Intl knows it. */
export function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Its kind keeps invoices and credit notes apart, its number makes each the only one. */
export function isInvoiceLabel(pattern: string): boolean {
  const names = [...pattern.matchAll(/\{(\w*)\}/g)].map(([, name]) => name);
  const known = ["kind", "year", "fiscal_year", "number"];
  return (
    pattern.length <= 50 &&
    names.every((name) => known.includes(name ?? "")) &&
    names.filter((name) => name === "number").length === 1 &&
    names.includes("kind")
  );
}
