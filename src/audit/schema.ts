import { z } from "zod";
import { pageQuery } from "../base/page";
import { Id, JsonObject, LARGEST_ID, Moment, text, wholeNumberText } from "../base/fields";

export const AuditEntry = z
  .object({
    id: Id,
    at: Moment,
    user_id: Id.nullable().meta({
      description: "Who did it; null where nobody was signed in, and on the command line",
    }),
    action: z.string().meta({ description: "`sign_in`, the method and route of an admin's call, or a command" }),
    subject: z.string().nullable().meta({ description: "What it was done to" }),
    address: z
      .string()
      .nullable()
      .meta({ description: "From where: the client, or on the command line `somebody@machine`" }),
    request_id: z.string().nullable(),
    details: JsonObject.meta({
      description: "What was asked, and `[before, after]` for each field of it that was changed",
    }),
  })
  .meta({ id: "AuditEntry" });

export type AuditEntry = z.infer<typeof AuditEntry>;

/** Longer ones are in no index. */
export const SUBJECT_LOOKED_UP = 200;

export const AuditQuery = z.strictObject({
  ...pageQuery,
  user_id: wholeNumberText(1, LARGEST_ID).optional(),
  action: text(200).optional(),
  subject: text(SUBJECT_LOOKED_UP)
    .optional()
    .meta({ description: "What it was done to, such as `/api/v1/products/5`" }),
});

export interface AuditFilter {
  user_id?: number | undefined;
  action?: string | undefined;
  subject?: string | undefined;
}
