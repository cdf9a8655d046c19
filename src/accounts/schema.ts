import { z } from "zod";
import { isEmail, plainEmail } from "../base/email";
import { isCommon } from "./common-passwords";
import { Id, JsonObject, Moment, NewJsonObject, text, visible } from "../base/fields";

export const User = z
  .object({
    id: Id,
    full_name: z.string(),
    email: z.string(),
    phone: z.string(),
    is_active: z.boolean(),
    is_admin: z.boolean(),
    is_guest: z.boolean().meta({ description: "A customer who has not said who they are: no e-mail, no password" }),
    preferences: JsonObject,
    email_verified_at: Moment.nullable().meta({ description: "When a link that was mailed there was used" }),
    created_at: Moment,
  })
  .meta({ id: "User" });

export type User = z.infer<typeof User>;

/** An e-mail as people type it, in any script; spaces around it are a slip of the keyboard. */
export const Email = z
  .string()
  .max(300)
  .overwrite(plainEmail)
  .max(254)
  .refine(isEmail, "Give an e-mail address such as asha@example.com.")
  .meta({ format: "email" });
/** A new password. bcrypt takes any length, but nobody should make us hash a megabyte. */
export const Password = visible(text(256, 8)).refine(
  (password) => !isCommon(password),
  "Too common: it is guessed at once.",
);
const FullName = visible(text(200));
const Phone = visible(text(40));

export const Registration = z
  .strictObject({ full_name: FullName, email: Email, phone: Phone, password: Password })
  .meta({ id: "Registration" });

export type Registration = z.infer<typeof Registration>;

/** An account as the command line opens one: of either role. */
export const NewAccount = Registration.extend({ is_admin: z.boolean() }).meta({ id: "NewAccount" });

export const Profile = z
  .strictObject({ full_name: FullName.optional(), phone: Phone.optional(), preferences: NewJsonObject.optional() })
  .meta({ id: "Profile" });

export type Profile = z.infer<typeof Profile>;

/** What an admin may change of an account. */
export const Standing = z
  .strictObject({
    is_active: z.boolean().optional(),
    is_admin: z.boolean().optional(),
    full_name: FullName.optional(),
    phone: Phone.optional(),
    email: Email.optional().meta({
      description: "Not confirmed then; every session ends, and the old e-mail hears of it",
    }),
  })
  .meta({ id: "Standing" });

export type Standing = z.infer<typeof Standing>;

export const NewAddress = z
  .strictObject({
    label: visible(text(100)),
    address_line: visible(text(500)),
    city: visible(text(200)),
    state: visible(text(200)).nullish(),
    pincode: visible(text(20)),
    country: z
      .string()
      .trim()
      .regex(/^[A-Za-z]{2}$/, "Give a country by its two letters, such as IN.")
      .transform((code) => code.toUpperCase())
      .nullish()
      .meta({ description: "ISO 3166; the shop's own where it is absent" }),
    full_name: visible(text(200)).nullish().meta({ description: "Who takes it, if not the customer" }),
    phone: visible(text(40)).nullish(),
    lat: z.number().min(-90).max(90).nullish(),
    lng: z.number().min(-180).max(180).nullish(),
  })
  .meta({ id: "NewAddress" });

export type NewAddress = z.infer<typeof NewAddress>;

export const Address = z
  .object({
    id: Id,
    user_id: Id,
    label: z.string(),
    address_line: z.string(),
    city: z.string(),
    state: z.string().nullable(),
    pincode: z.string(),
    country: z.string(),
    full_name: z.string().nullable(),
    phone: z.string().nullable(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .meta({ id: "Address" });

export type Address = z.infer<typeof Address>;
