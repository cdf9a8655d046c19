import { currencyOf } from "../base/currency";
import { toMajor } from "../base/money";
import type { View } from "../base/template";
import { addressLines, type OrderFacts } from "../invoices/order-facts";
import type { Sums } from "../invoices/sums";
import type { Invoice } from "../invoices/schema";
import type { Return } from "../returns/schema";
import type { Settings } from "../shop/settings";

/** How amounts and times are written for people. */
export interface Words {
  amount(major: number, currency: string): string;
  /** A day and a time, in the shop's zone. */
  moment(iso: string): string;
  day(iso: string): string;
}

export function wordsOf({ shopLocale, timeZone }: Pick<Settings, "shopLocale" | "timeZone">): Words {
  const moments = new Intl.DateTimeFormat(shopLocale, { dateStyle: "long", timeStyle: "short", timeZone });
  const days = new Intl.DateTimeFormat(shopLocale, { dateStyle: "long", timeZone });
  return {
    amount: (major, currency) => new Intl.NumberFormat(shopLocale, { style: "currency", currency }).format(major),
    moment: (iso) => moments.format(new Date(iso)),
    day: (iso) => days.format(new Date(iso)),
  };
}

/** What every mail may say of the shop. */
export function shopView(settings: Settings): View {
  return {
    name: settings.shopName,
    email: settings.shopEmail ?? null,
    address: linesOf(settings.shopAddress),
    tax_id: settings.shopTaxId ?? null,
    return_days: settings.returnDays,
    language: settings.shopLocale,
  };
}

/** `;` parts the lines of what a setting says. */
function linesOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(";")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** What every mail about an order may say of it. */
export function orderView(facts: OrderFacts, settings: Settings, link: string | null): View {
  const words = wordsOf(settings);
  const amount = (major: number) => words.amount(major, facts.currency);
  const isAdded = facts.tax > 0;
  const rates = ratesView(facts.taxes, !isAdded, amount);
  const sums = [
    ...(facts.discount > 0 ? [{ name: discountWords(facts), amount: amount(-facts.discount) }] : []),
    ...(facts.shipping > 0 || facts.shipping_method !== null
      ? [{ name: facts.shipping_method ?? "Delivery", amount: amount(facts.shipping) }]
      : []),
    // Of an order from elsewhere the rates are not known.
    ...(isAdded && rates.length === 0 ? [{ name: "Tax", amount: amount(facts.tax) }] : isAdded ? rates : []),
  ];
  return {
    number: facts.id,
    placed_at: words.moment(facts.placed_at),
    delivery_eta: facts.delivery_eta && words.moment(facts.delivery_eta),
    payment: paymentSentence(facts, amount),
    payment_method: methodWords(facts),
    lines: facts.lines.map(({ line, name, sku, qty, cancelled, price, discount, tax }) => ({
      name,
      sku,
      qty,
      price: amount(price),
      total: amount(price * qty),
      discount: discount > 0 ? amount(-discount) : null,
      tax: lineTax(facts, line, tax > 0 ? amount(tax) : null),
      cancelled: cancelled > 0 ? cancelled : null,
    })),
    sums,
    taxes: isAdded ? [] : rates,
    total: amount(facts.total),
    address: facts.address && { lines: addressLines(facts.address) },
    billing: facts.billing_address && { lines: addressLines(facts.billing_address) },
    tax_id: facts.tax_id,
    tracking: facts.tracking_number === null ? null : { carrier: facts.carrier, number: facts.tracking_number },
    note: facts.customer_note,
    link,
  };
}

type Rate = OrderFacts["taxes"][number];

/** Each rate with what it is reckoned from, as an invoice says it. */
const ratesView = (rates: readonly Rate[], isIncluded: boolean, amount: (major: number) => string) =>
  rates.map(({ name, percent, base, tax }) => ({
    name: `${name} ${percent} % ${isIncluded ? "in" : "on"} ${amount(base)}`,
    amount: amount(tax),
  }));

/** The tax of one line, with the rates of its class; null where it has none. */
function lineTax({ taxes, tax, sold }: OrderFacts, line: number, amount: string | null): string | null {
  const tax_class = sold.lines.find((one) => one.line === line)?.tax_class;
  const rates = taxes.filter((_, index) => sold.taxes[index]?.tax_class === tax_class);
  if (amount === null) return null;
  const named = rates.map(({ name, percent }) => `${name} ${percent} %`).join(", ");
  return `Tax ${tax > 0 ? "on" : "in"} it ${amount}${named === "" ? "" : ` (${named})`}`;
}

/** What of a refund is tax, by rate and by line. */
export function refundTaxView(
  { taxes, tax, currency }: OrderFacts,
  sums: Sums | undefined,
  settings: Settings,
): View[] {
  const minor = currencyOf(currency);
  const amount = (value: number) => wordsOf(settings).amount(toMajor(value, minor), currency);
  return (sums?.taxes ?? []).flatMap(({ base_minor, tax_minor }, index) => {
    const rate = taxes[index];
    if (!rate || base_minor === 0) return [];
    const name = `${rate.name} ${rate.percent} % ${tax > 0 ? "on" : "in"} ${amount(base_minor)}`;
    return [{ name, amount: amount(tax_minor) }];
  });
}

function paymentSentence(facts: OrderFacts, amount: (major: number) => string): string {
  if (facts.payment_status === "paid") return `It is paid: ${amount(facts.paid)}.`;
  if (facts.is_cash && facts.due > 0) return `You pay ${amount(facts.due)} when it is delivered.`;
  return facts.payment_status === "pending" ? "It is not paid yet." : "";
}

const discountWords = ({ coupon_code }: OrderFacts) =>
  coupon_code === null ? "Discount" : `Discount (${coupon_code})`;

const methodWords = ({ is_cash, payment_method }: OrderFacts) =>
  is_cash ? "in cash" : (payment_method ?? "as agreed");

/** What mails about a return say of it. */
export function returnView(given: Return, settings: Settings): View {
  return {
    name: given.kind === "withdrawal" ? "withdrawal" : "return",
    requested_at: wordsOf(settings).moment(given.requested_at),
    is_withdrawal: given.kind === "withdrawal",
    is_approved: given.status !== "refused",
    note: given.note,
    lines: given.lines.map(({ qty, name }) => ({ qty, name })),
  };
}

/** What the mail about an invoice or credit note says of it. */
export function invoiceView({ label, document }: Invoice, settings: Settings): View {
  const { currency, kind, taxes, tax_is_included } = document;
  const amount = (major: number) => wordsOf(settings).amount(major, currency);
  return {
    title: kind === "invoice" ? "Invoice" : "Credit note",
    label,
    total: amount(document.total),
    lines: [
      ...document.lines.map(({ qty, name, total }) => ({ qty, name, total: amount(total) })),
      ...(document.shipping ? [{ qty: 1, name: document.shipping.name, total: amount(document.shipping.amount) }] : []),
    ],
    taxes: ratesView(taxes, tax_is_included, amount),
  };
}
