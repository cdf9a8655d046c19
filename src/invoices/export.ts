import type { Invoice } from "./schema";

const COLUMNS = [
  "label",
  "kind",
  "issued_at",
  "order_id",
  "buyer",
  "buyer_tax_id",
  "buyer_state",
  "buyer_country",
  "currency",
  "document_total",
  "corrects",
  "row",
  "name",
  "sku",
  "hsn",
  "qty",
  "price",
  "discount",
  "amount",
  "percent",
  "base",
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string | number | null>>;

/** The heading of the table that an accountant gets. */
export const CSV_HEADING = `${COLUMNS.join(",")}\r\n`;

/** A document as rows of that table: one for each line with its HSN, for the delivery, and for each tax (CGST, SGST, …). */
export function csvOf({ label, kind, issued_at, order_id, document, total }: Invoice): string {
  const common: Row = {
    label,
    kind,
    issued_at,
    order_id,
    buyer: document.buyer.name,
    buyer_tax_id: document.buyer.tax_id,
    buyer_state: document.buyer.state,
    buyer_country: document.buyer.country,
    currency: document.currency,
    document_total: total,
    corrects: document.corrects,
  };
  const rows: Row[] = [
    ...document.lines.map(({ total: amount, ...line }) => ({ row: "line", ...line, amount })),
    ...(document.shipping ? [{ row: "shipping", ...document.shipping }] : []),
    ...document.taxes.map(({ tax, ...rate }) => ({ row: "tax", ...rate, amount: tax })),
  ];
  return rows.map((row) => `${COLUMNS.map((column) => cell({ ...common, ...row }[column])).join(",")}\r\n`).join("");
}

function cell(value: string | number | null | undefined): string {
  if (typeof value === "number") return String(value);
  // A text that begins so would be a formula to the program that opens the file.
  const text = (value ?? "").replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
