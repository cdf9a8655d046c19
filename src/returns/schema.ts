import { z } from "zod";
import { flagText, Id, LARGEST_ID, Moment, text, visible, wholeNumberText } from "../base/fields";
import { pageQuery } from "../base/page";
import { UnitsAsked } from "../orders/change-schema";

export const ReturnStatus = z.enum(["requested", "approved", "refused", "received"]);

export const Return = z
  .object({
    id: Id,
    order_id: Id,
    kind: z.enum(["withdrawal", "return"]).meta({
      description: "`withdrawal`: within RETURN_DAYS of delivery, which needs no reason and no approval",
    }),
    status: ReturnStatus,
    reason: z.string().nullable().meta({ description: "In the customer's words" }),
    note: z.string().nullable().meta({ description: "What the shop answered" }),
    requested_at: Moment,
    decided_at: Moment.nullable(),
    received_at: Moment.nullable(),
    lines: z.array(
      z.object({
        line: z.int(),
        product_id: Id,
        name: z.string(),
        qty: z.int(),
        received_qty: z.int(),
        restocked_qty: z.int().meta({ description: "How many of those that came can be sold again" }),
        refund_qty: z.int().meta({ description: "How many of those that came are paid back" }),
      }),
    ),
  })
  .meta({ id: "Return" });

export type Return = z.infer<typeof Return>;

export const ReturnRequest = z
  .strictObject({
    lines: UnitsAsked.optional().meta({ description: "What goes back; without it all that is not back yet" }),
    reason: visible(text(1_000)).nullish(),
  })
  .meta({ id: "ReturnRequest", example: { lines: [{ product_id: 3, qty: 1 }], reason: "Too small" } });

export type ReturnRequest = z.infer<typeof ReturnRequest>;

export const ReturnDecision = z
  .strictObject({
    note: visible(text(1_000)).nullish().meta({ description: "For the customer, in the mail about it" }),
  })
  .meta({ id: "ReturnDecision" });

export type ReturnDecision = z.infer<typeof ReturnDecision>;

export const ReturnReceipt = z
  .strictObject({
    lines: z
      .array(
        z
          .strictObject({
            line: z.int().min(1).max(100_000),
            qty: z.int().min(1).max(1_000_000),
            restocked: z.int().min(0).max(1_000_000).optional().meta({
              description: "How many of them can be sold again; without it all",
            }),
          })
          .refine(({ qty, restocked = 0 }) => restocked <= qty, {
            path: ["restocked"],
            message: "No more can be sold again than came.",
          }),
      )
      .max(200)
      .optional()
      .meta({ description: "What came; without it all that was announced and has not come yet" }),
    refund: z.boolean().default(true).meta({ description: "Whether what it cost is paid back" }),
    is_last: z.boolean().default(false).meta({
      description: "Nothing more of it is waited for: the return is closed, also where nothing came (`lines: []`)",
    }),
  })
  .refine(({ lines, is_last }) => is_last || lines?.length !== 0, {
    path: ["lines"],
    message: "Give what came, or say is_last where nothing more comes.",
  })
  .meta({ id: "ReturnReceipt", example: { lines: [{ line: 1, qty: 2, restocked: 1 }] } });

export type ReturnReceipt = z.infer<typeof ReturnReceipt>;

export const ReturnQuery = z.strictObject({
  ...pageQuery,
  status: ReturnStatus.optional(),
  open: flagText.optional().meta({ description: "Whether something is to be done about it: asked for, or on its way" }),
  order_id: wholeNumberText(1, LARGEST_ID).optional(),
});

export interface ReturnFilter {
  status?: Return["status"] | undefined;
  open?: boolean | undefined;
  order_id?: number | undefined;
}
