import { BlockList, isIP } from "node:net";
import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { isLoopback } from "../base/loopback";
import { serverAddress } from "../storage/address";
import type { DatabaseAddress } from "../storage/open";
import { isWeakSecret, SECRET_LENGTH_LEAST } from "./weak-secret";
import { hostsInPlain } from "../storage/place";

/** How a setting of this kind is written. Messages go on after the name of the setting, and never repeat what was set. */
export interface Kind<Value> {
  schema: z.ZodType<Value, string>;
  /** What of such values is shown to nobody. */
  isSecret?: "whole" | "in part";
  /** Why a real shop should not have this value. Refused in production. */
  unsafe?(value: Value): string | undefined;
}

export const text = (longest = 1_000): Kind<string> => ({
  schema: z.string().max(longest, `is longer than ${longest} characters`),
});

export const choice = <Word extends string>(...words: readonly Word[]): Kind<Word> => ({
  schema: z.enum(words, `is none of ${words.join(", ")}`),
});

export const onOff = (unsafe?: (on: boolean) => string | undefined): Kind<boolean> => ({
  schema: z.enum(["on", "off"], "is neither on nor off").transform((word) => word === "on"),
  ...(unsafe && { unsafe }),
});

export const wholeNumber = (
  least: number,
  most: number,
  unsafe?: (number: number) => string | undefined,
): Kind<number> => ({
  schema: z
    .string()
    .regex(/^\d{1,10}$/, "is not a whole number")
    .transform(Number)
    .pipe(z.int().min(least, `is below ${least}`).max(most, `is above ${most}`)),
  ...(unsafe && { unsafe }),
});

export const decimal = (least: number, most: number): Kind<number> => ({
  schema: z
    .string()
    .regex(/^-?\d{1,6}(\.\d{1,8})?$/, "is not a number")
    .transform(Number)
    .pipe(z.number().min(least, `is below ${least}`).max(most, `is above ${most}`)),
});

/** What two programs sign for each other with: never short, and in production nothing that can be guessed. */
export const webhookSecret = (): Kind<string> => ({
  ...secret(16),
  schema: z.string().min(16, "is shorter than 16 characters"),
});

/** Something that nobody may be able to guess. It is always asked whether one could. */
export const secret = (shortest = SECRET_LENGTH_LEAST): Kind<string> => ({
  schema: z.string(),
  isSecret: "whole",
  unsafe: (value) =>
    isWeakSecret(value, shortest)
      ? `can be guessed: set it to ${shortest} or more random characters, for example from openssl rand -hex 32`
      : undefined,
});

/** Where something is on the web. Secrets travel to all of them, so in a real shop none may be read on its way. */
export const webAddress = (): Kind<string> => ({
  schema: z.url({ protocol: /^https?$/, error: "is not an address such as https://shop.example" }),
  unsafe: (address) => (isReadOnItsWay(address) ? "must begin with https://" : undefined),
});

/** `https://shop.example,https://www.shop.example` */
export const origins = (): Kind<string[]> => ({
  schema: z.string().transform((list, context) => {
    const names = namesIn(list);
    if (names.some((name) => URL.parse(name)?.origin !== name)) {
      context.addIssue({ code: "custom", message: "must list origins such as https://shop.example, without a path" });
    }
    return names;
  }),
  unsafe: (names) => (names.some(isReadOnItsWay) ? "must list origins that begin with https://" : undefined),
});

/** Whether what is sent there by http could be read by others: not where it stays on this machine. */
function isReadOnItsWay(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === "http:" && !isLoopback(url.hostname);
}

/** Networks and single addresses. */
export interface Networks {
  isEmpty: boolean;
  includes(address: string): boolean;
}

/** `10.0.0.0/8, 127.0.0.1, ::1` */
export const networks = (): Kind<Networks> => ({
  schema: z.string().transform((list, context) => {
    const block = new BlockList();
    const names = namesIn(list);
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
    return {
      isEmpty: names.length === 0,
      includes: (address: string) => block.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"),
    };
  }),
  // An address of the documentation's, which nobody has.
  unsafe: (believed) =>
    believed.includes("203.0.113.1") || believed.includes("2001:db8::1")
      ? "must not name everybody: whoever writes X-Forwarded-For could be anyone"
      : undefined,
});

/** `cod,stripe` */
export const names = (): Kind<string[]> => ({ schema: z.string().transform(namesIn) });

function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** ISO 4217. */
export const currency = (): Kind<string> => ({
  schema: z
    .string()
    .refine((code) => Intl.supportedValuesOf("currency").includes(code), "is not a currency code such as INR or EUR"),
});

/** ISO 3166, two capitals. */
export const country = (): Kind<string> => ({
  schema: z.string().refine((code) => /^[A-Z]{2}$/.test(code), "is not a country code such as IN or DE"),
});

/** A size, or `off`. */
export const megabytesOrOff = (least: number, most: number): Kind<number | "off"> => ({
  schema: z
    .string()
    .regex(/^(off|\d{1,6})$/, "is neither off nor a number of megabytes")
    .transform((text) => (text === "off" ? ("off" as const) : Number(text)))
    .refine((size) => size === "off" || (size >= least && size <= most), `is not between ${least} and ${most}`),
});

/** cron's five fields, or `off`. */
export const cronOrOff = (): Kind<string> => ({
  schema: z.string().refine(isSchedule, "is neither off nor a schedule such as 0 3 * * *"),
});

function isSchedule(text: string): boolean {
  try {
    return text === "off" || Bun.cron.parse(text) !== null;
  } catch {
    return false;
  }
}

/** `smtp://user:password@host:587` or `smtps://…` */
export const mailServer = (): Kind<string> => ({
  schema: z.url({ protocol: /^smtps?$/, error: "is not an address such as smtp://user:password@host:587" }),
  isSecret: "in part",
});

/** `sqlite:///./shop.db` is relative to the current folder, `sqlite:////srv/shop.db` absolute. */
export const databaseAddress = (): Kind<DatabaseAddress> => ({
  schema: z.string().transform((url, context): DatabaseAddress => {
    if (serverAddress(url)) return { engine: "postgres", url };
    const path = /^sqlite:\/\/\/(.+)$/.exec(url)?.[1];
    const message =
      path === ":memory:"
        ? "names no file: a shop in memory would be lost with the program"
        : "is none of sqlite:///./file.db, sqlite:////folder/file.db, postgres://user:password@host/name";
    if (path && path !== ":memory:") return { engine: "sqlite", path: isAbsolute(path) ? path : resolve(path) };
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }),
  isSecret: "in part",
  unsafe: (address) =>
    hostsInPlain(address).some((host) => host !== "" && !isLoopback(host))
      ? "must end with ?sslmode=require, or with ?sslmode=disable where the network is yours alone"
      : undefined,
});

/** An e-mail address. */
export const email = (): Kind<string> => ({ schema: z.email("is not an e-mail address").max(320) });

/** A language as Intl knows it. */
export const locale = (): Kind<string> => ({
  schema: z.string().refine(isLocale, "is not a language tag such as en or en-IN"),
});

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** A zone as the time zone database names it. */
export const timeZone = (): Kind<string> => ({
  schema: z.string().refine(isTimeZone, "is not a time zone such as Europe/Berlin or Asia/Kolkata"),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** How invoices and credit notes are numbered. */
export const invoiceLabel = (): Kind<string> => ({
  schema: z
    .string()
    .refine(isInvoiceLabel, "is not a pattern such as {kind}-{year}-{number}, with {kind} and {number} in it"),
});

/** Its kind keeps invoices and credit notes apart, its number makes each the only one. */
function isInvoiceLabel(pattern: string): boolean {
  const names = [...pattern.matchAll(/\{(\w*)\}/g)].map(([, name]) => name);
  const known = ["kind", "year", "fiscal_year", "number"];
  return (
    pattern.length <= 50 &&
    names.every((name) => known.includes(name ?? "")) &&
    names.filter((name) => name === "number").length === 1 &&
    names.includes("kind")
  );
}

/** The languages whose plurals search knows, by ISO 639-1. */
export const LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no"] as const;
export type Language = (typeof LANGUAGES)[number];

export const languages = (): Kind<readonly Language[]> => ({
  schema: z.string().transform((list, context) => {
    const names = [...new Set(list.split(",").map((name) => name.trim().toLowerCase()))];
    const known = names.flatMap((name) => LANGUAGES.filter((language) => language === name));
    if (known.length !== names.length) {
      context.addIssue({ code: "custom", message: `must list some of ${LANGUAGES.join(", ")}` });
    }
    return known;
  }),
});
