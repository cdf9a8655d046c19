import { z } from "zod";
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
    preferences: JsonObject,
    created_at: Moment,
  })
  .meta({ id: "User" });

export type User = z.infer<typeof User>;

export const Email = z.email().max(254);
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

/** Any text is taken here: a password that could never have been set is just wrong. */
export const Credentials = z.strictObject({ email: text(254), password: text(256) }).meta({ id: "Credentials" });

export type Credentials = z.infer<typeof Credentials>;

/** OAuth 2's password form, so that Authorize in the docs pages works. */
export const PasswordForm = z
  .strictObject({
    grant_type: z.literal("password").optional(),
    username: text(254),
    password: text(256),
    scope: z.string().max(200).optional(),
    client_id: z.string().max(200).optional(),
    client_secret: z.string().max(200).optional(),
  })
  .meta({ id: "PasswordForm" });

export const Refresh = z.strictObject({ refresh_token: z.string().min(1).max(4_096) }).meta({ id: "Refresh" });

export const PasswordChange = z
  .strictObject({ current_password: text(256), new_password: Password })
  .meta({ id: "PasswordChange" });

export type PasswordChange = z.infer<typeof PasswordChange>;

export const ForgottenPassword = z.strictObject({ email: text(254) }).meta({ id: "ForgottenPassword" });

/** An answer that has only a sentence to say. */
export const Said = z.object({ message: z.string() }).meta({ id: "Said" });

export const PasswordReset = z
  .strictObject({ token: z.string().min(1).max(200), new_password: Password })
  .meta({ id: "PasswordReset" });

export type PasswordReset = z.infer<typeof PasswordReset>;

export const Tokens = z
  .object({
    access_token: z.string(),
    token_type: z.literal("bearer"),
    expires_in: z.int().meta({ description: "Seconds until the access token ends" }),
    refresh_token: z.string(),
  })
  .meta({ id: "Tokens" });

export const Profile = z
  .strictObject({ full_name: FullName.optional(), phone: Phone.optional(), preferences: NewJsonObject.optional() })
  .meta({ id: "Profile" });

export type Profile = z.infer<typeof Profile>;

/** What an admin may change of an account. */
export const Standing = z
  .strictObject({ is_active: z.boolean().optional(), is_admin: z.boolean().optional() })
  .meta({ id: "Standing" });

export type Standing = z.infer<typeof Standing>;

export const NewAddress = z
  .strictObject({
    label: text(100),
    address_line: text(500),
    city: text(200),
    state: text(200).nullish(),
    pincode: text(20),
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
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .meta({ id: "Address" });

export type Address = z.infer<typeof Address>;

/** One sign-in, from its first token to its end. */
export interface Session {
  id: string;
  user_id: number;
}

/** Where a call comes from. */
export interface Origin {
  address: string | null;
  user_agent: string | null;
  request_id: string | null;
}

/** A session as its owner sees it in a list. */
export const OpenSession = z
  .object({
    id: z.string(),
    address: z.string().nullable().meta({ description: "Where it was opened" }),
    user_agent: z.string().nullable(),
    created_at: Moment,
    last_used_at: Moment.meta({ description: "When its tokens were last renewed" }),
    expires_at: Moment,
    current: z.boolean().meta({ description: "Whether this call was made with it" }),
  })
  .meta({ id: "OpenSession" });

export type OpenSession = z.infer<typeof OpenSession>;

export const SessionPath = z.strictObject({ id: text(100) });

/** Who is calling. */
export interface SignedIn {
  id: number;
  is_admin: boolean;
  session_id: string;
}
