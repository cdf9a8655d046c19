import { z } from "zod";

export const NewGuest = z
  .strictObject({
    order_token: z
      .string()
      .min(20)
      .max(100)
      .optional()
      .meta({ description: "From the link in the mail about an order: opens the session of the guest who placed it" }),
  })
  .meta({ id: "NewGuest", examples: [{}] });

export type NewGuest = z.infer<typeof NewGuest>;
