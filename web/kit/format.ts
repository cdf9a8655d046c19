import { signal } from "@preact/signals";
import { shop, type Shapes } from "./api";

/** What the shop says of itself. */
export const about = signal<Partial<Shapes["ShopProfile"]>>({});

/** Asks the shop what it is, once a page. Without an answer amounts are written as the browser's own language has them. */
export async function learnAbout(): Promise<void> {
  about.value = await shop("GET /shop").catch(() => ({}));
}

/** A language without a region is the one of the shop's country: amounts in rupees are grouped as India does. */
function locale(): string {
  const { locale: language = navigator.language, country } = about.value;
  return language.includes("-") || !country ? language : `${language}-${country}`;
}
const currency = () => about.value.currency ?? "INR";

/** An amount in the shop's currency, or another one, as the shop's language writes it. */
export const money = (amount: number, code = currency()): string =>
  new Intl.NumberFormat(locale(), { style: "currency", currency: code }).format(amount);

/** The same as short as an axis wants it: ₹1.2L. */
export const moneyShort = (amount: number): string =>
  new Intl.NumberFormat(locale(), { style: "currency", currency: currency(), notation: "compact" }).format(amount);

/** The sign that stands beside an amount of the shop's currency. */
export const currencySign = (): string =>
  new Intl.NumberFormat(locale(), { style: "currency", currency: currency() })
    .formatToParts(0)
    .find(({ type }) => type === "currency")?.value ?? "";

export const count = (number: number): string => new Intl.NumberFormat(locale()).format(number);

export const percent = (share: number): string =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(share);

/** What a country is called, in the shop's language. */
export const countryName = (code: string): string => names().of(code) ?? code;

const names = () => new Intl.DisplayNames(locale(), { type: "region", fallback: "none" });

const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCodePoint(65 + at));

/** Regions that are no country that anything is sent to, and countries that are called otherwise by now. */
const NO_COUNTRY =
  /^(AC|CP|DG|EA|EU|EZ|IC|QO|TA|UN|XA|XB|ZZ|AN|BU|CS|CT|DD|DY|FQ|FX|HV|JT|MI|NH|NQ|NT|PC|PU|PZ|QU|RH|SU|TP|UK|VD|WK|YD|YU|ZR)$/;

/** All countries that the browser knows, by their names. */
export function countries(): [code: string, name: string][] {
  const named = names();
  const { compare } = new Intl.Collator(locale());
  return LETTERS.flatMap((one) => LETTERS.map((other) => `${one}${other}`))
    .filter((code) => !NO_COUNTRY.test(code))
    .flatMap((code): [string, string][] => {
      const name = named.of(code);
      return name === undefined ? [] : [[code, name]];
    })
    .toSorted(([, one], [, other]) => compare(one, other));
}

const zone = () => (about.value.time_zone === undefined ? {} : { timeZone: about.value.time_zone });

/** A moment in the shop's own time zone, which is named where whoever looks is in another. */
export const moment = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    ...zone(),
    ...(about.value.time_zone !== Intl.DateTimeFormat().resolvedOptions().timeZone && { timeZoneName: "short" }),
  }).format(new Date(iso));

/** A day of the shop. */
export const day = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", ...zone() }).format(new Date(iso));

/** The day of the shop that a moment belongs to, as a field of days has it; the last one of what ends then. */
export const dayIn = (iso: string): string =>
  new Intl.DateTimeFormat("sv", zone()).format(new Date(Date.parse(iso) - 1));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago: "5 minutes ago"; a day once that is a week away. */
export function ago(iso: string): string {
  const seconds = (Date.parse(iso) - Date.now()) / 1000;
  if (Math.abs(seconds) > 7 * 86_400) return day(iso);
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/**
 * The amount that a person typed, with either decimal sign; undefined where it could mean two things. `1,234.5` and `1.234,5`
 * are clear; `1,234` is where the currency has no cents, or has three and its language writes them so.
 */
export function amountIn(typed: string): number | undefined {
  const text = typed
    .replaceAll(/[\s'\u00a0\u202f]/g, "")
    .replace("−", "-")
    .replace(/^[^\d-]+|[^\d]+$/g, "");
  if (!/^-?\d+([.,]\d+)*$/.test(text)) return undefined;
  const signs = [...text.matchAll(/[.,]/g)];
  const last = signs.at(-1);
  if (!last) return Number(text);
  const decimals = text.length - last.index - 1;
  const isMixed = new Set(signs.map(([sign]) => sign)).size > 1;
  const whole = Number(text.replaceAll(/[.,]/g, ""));
  if (signs.length > 1 && !isMixed) return decimals === 3 ? whole : undefined;
  if (!isMixed && decimals === 3) {
    const digits = about.value.currency_digits ?? 2;
    if (digits === 0) return whole;
    if (digits !== 3 || last[0] !== decimalSign()) return undefined;
  }
  return Number(`${text.slice(0, last.index).replaceAll(/[.,]/g, "")}.${text.slice(last.index + 1)}`);
}

const decimalSign = (): string | undefined =>
  new Intl.NumberFormat(locale()).formatToParts(0.5).find(({ type }) => type === "decimal")?.value;

/** The percent that a person typed, with either decimal sign, and its own sign behind it or not: 12.5, 12,5 %. */
export function percentIn(typed: string): number | undefined {
  const [, number] = /^([+-]?\d+(?:[.,]\d+)?)\s*%?$/.exec(typed.trim()) ?? [];
  return number === undefined ? undefined : Number(number.replace(",", "."));
}
