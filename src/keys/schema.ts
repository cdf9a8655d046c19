import { z } from "zod";
import { GivenMoment, Id, Moment, words } from "../base/fields";

const Scope = z
  .string()
  .max(50)
  .regex(/^[a-z-]+:(read|write)$/, "Give a scope such as orders:read.")
  .meta({ description: "What a route is about, to read or to write: `orders:read`, `products:write`" });

export const NewKey = z
  .strictObject({
    name: words(100).meta({ description: "Which program it is for" }),
    scopes: z.array(Scope).min(1).max(50),
    expires_at: GivenMoment.nullish().meta({ description: "Without it, it is good until it is revoked" }),
  })
  .meta({ id: "NewKey", example: { name: "Accounting", scopes: ["orders:read", "invoices:read"] } });

export type NewKey = z.infer<typeof NewKey>;

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    prefix: z.string().meta({ description: "How it begins" }),
    scopes: z.array(z.string()),
    made_by: Id.meta({ description: "The admin who made it, and without whom it opens nothing" }),
    created_at: Moment,
    expires_at: Moment.nullable(),
    last_used_at: Moment.nullable().meta({ description: "To the minute" }),
    revoked_at: Moment.nullable(),
  })
  .meta({ id: "ApiKey" });

export type ApiKey = z.infer<typeof ApiKey>;

export const KeyWithSecret = ApiKey.extend({
  key: z.string().meta({ description: "To be sent as `Authorization: Bearer sk_…`. Shown this once" }),
}).meta({ id: "KeyWithSecret" });

export type KeyWithSecret = z.infer<typeof KeyWithSecret>;
