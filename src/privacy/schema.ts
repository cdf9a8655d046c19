import { z } from "zod";
import { Id, Moment } from "../base/fields";

export const PersonExport = z
  .object({
    exported_at: Moment,
    user_id: Id,
    tables: z
      .record(z.string(), z.array(z.custom<Record<string, unknown>>().meta({ type: "object" })))
      .meta({ description: "Every row about the person, by the table that it stands in" }),
  })
  .meta({ id: "PersonExport" });

export type PersonExport = z.infer<typeof PersonExport>;

export const Farewell = z
  .strictObject({ password: z.string().min(1).max(1_000).meta({ description: "One's own, once more" }) })
  .meta({ id: "Farewell" });
