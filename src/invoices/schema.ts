import { z } from "zod";
import { Id, idList, LARGEST_ID, Moment, wholeNumberText } from "../base/fields";
import { pageQuery } from "../base/page";

export const InvoiceKind = z.enum(["invoice", "credit_note"]);

export const InvoiceEntry = z
  .object({
    id: Id,
    series: z.string(),
    number: z.int().meta({ description: "Counts within its series, without gaps" }),
    label: z.string().meta({ description: "What it is called: series and number" }),
    kind: InvoiceKind,
    order_id: Id,
    total: z.number(),
    currency: z.string(),
    issued_at: Moment,
  })
  .meta({ id: "InvoiceEntry" });

export type InvoiceEntry = z.infer<typeof InvoiceEntry>;

const Party = z.object({
  name: z.string(),
  lines: z.array(z.string()).meta({ description: "The address, as it stands on a letter" }),
  email: z.string().nullable(),
  tax_id: z.string().nullable(),
});

/** What an invoice or credit note says. It was checked when it was written. */
export const InvoiceDocument = z
  .object({
    kind: InvoiceKind,
    seller: Party,
    buyer: Party.extend({ state: z.string().nullable(), country: z.string().nullable() }),
    delivered_to: z.array(z.string()),
    order_id: Id,
    placed_at: Moment,
    currency: z.string(),
    lines: z.array(
      z.object({
        name: z.string(),
        sku: z.string().nullable(),
        hsn: z.string().nullable(),
        qty: z.int(),
        price: z.number(),
        discount: z.number(),
        total: z.number().meta({ description: "Price times quantity less discount" }),
      }),
    ),
    shipping: z.object({ name: z.string(), amount: z.number() }).nullable(),
    taxes: z.array(z.object({ name: z.string(), percent: z.number(), base: z.number(), tax: z.number() })),
    tax_is_included: z.boolean(),
    total: z.number(),
    corrects: z.string().nullable().meta({ description: "The label of the invoice that a credit note corrects" }),
    reason: z.string().nullable(),
  })
  .meta({ id: "InvoiceDocument" });

export type InvoiceDocument = z.infer<typeof InvoiceDocument>;

export const Invoice = InvoiceEntry.extend({ document: InvoiceDocument }).meta({ id: "Invoice" });

export type Invoice = z.infer<typeof Invoice>;

export const InvoiceQuery = z.strictObject({
  ...pageQuery,
  order_id: wholeNumberText(1, LARGEST_ID).optional(),
  kind: InvoiceKind.optional(),
});

export const SlipsQuery = z.strictObject({
  ids: idList.meta({ description: "The orders, such as 7,3,12, in the order in which they are printed" }),
});

export interface InvoiceFilter {
  order_id?: number | undefined;
  kind?: "invoice" | "credit_note" | undefined;
  /** ISO 8601 in UTC: from this moment on, and before this one. */
  from?: string | undefined;
  before?: string | undefined;
}
