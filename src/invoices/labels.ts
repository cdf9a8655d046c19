import type { Settings } from "../shop/settings";

const KINDS = { invoice: "INV", credit_note: "CN" } as const;

/** The series that a document of this kind and day belongs to: what its label says but for the number. */
export function seriesOf(
  { invoiceLabel, timeZone }: Pick<Settings, "invoiceLabel" | "timeZone">,
  kind: "invoice" | "credit_note",
  now: Date,
): string {
  // A year begins when it does where the shop is.
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "numeric" }).formatToParts(now);
  const numberOf = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const [year, month] = [numberOf("year"), numberOf("month")];
  // India's runs from April to March: 2030-31.
  const begins = month < 4 ? year - 1 : year;
  return invoiceLabel
    .replaceAll("{kind}", KINDS[kind])
    .replaceAll("{year}", String(year))
    .replaceAll("{fiscal_year}", `${begins}-${String((begins + 1) % 100).padStart(2, "0")}`);
}

export const labelOf = (series: string, number: number): string => series.replace("{number}", String(number));

/** Rule 46(b) of India's CGST Rules. */
const INDIAN_MOST = 16;

/** Digits that a series must have room for. */
const ROOM = 4;

/** What the law of the shop's country has against its labels, if anything: an owner hears of it before a document has one. */
export function unlawfulLabel({
  country,
  currency,
  invoiceLabel,
  invoices,
}: Pick<Settings, "country" | "currency" | "invoiceLabel" | "invoices">): string | undefined {
  if (country !== "IN" || currency !== "INR" || invoices === "off") return undefined;
  const around = invoiceLabel
    .replaceAll("{kind}", KINDS.invoice)
    .replaceAll("{year}", "2030")
    .replaceAll("{fiscal_year}", "2030-31")
    .replace("{number}", "");
  if (around.length + ROOM <= INDIAN_MOST && /^[A-Za-z0-9/-]*$/.test(around)) return undefined;
  return `In India the number of an invoice has at most ${INDIAN_MOST} characters: letters, digits, - and /. INVOICE_LABEL leaves too little of that for numbers, or has others.`;
}
