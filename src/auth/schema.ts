import { z } from "zod";
import { Email, Password } from "../accounts/schema";
import { Moment, text } from "../base/fields";

/** Any text is taken here: a password that could never have been set is just wrong. */
export const Credentials = z
  .strictObject({
    email: text(254),
    password: text(256),
    code: text(30)
      .optional()
      .meta({ description: "Of the authenticator, or a recovery code, where there is a second factor" }),
  })
  .meta({ id: "Credentials" });

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
    code: text(30).optional(),
  })
  .meta({ id: "PasswordForm" });

export const Refresh = z.strictObject({ refresh_token: z.string().min(1).max(4_096) }).meta({ id: "Refresh" });

export const PasswordChange = z
  .strictObject({ current_password: text(256), new_password: Password })
  .meta({ id: "PasswordChange" });

export const PasswordCheck = z
  .strictObject({ password: text(256), code: text(30).optional() })
  .meta({ id: "PasswordCheck", example: { password: "correct horse battery" } });

export type PasswordCheck = z.infer<typeof PasswordCheck>;

export type PasswordChange = z.infer<typeof PasswordChange>;

export const ForgottenPassword = z.strictObject({ email: text(254) }).meta({ id: "ForgottenPassword" });

export const EmailChange = z
  .strictObject({ email: Email, password: text(256) })
  .meta({ id: "EmailChange", example: { email: "asha.rao@example.com", password: "correct horse battery" } });

export type EmailChange = z.infer<typeof EmailChange>;

export const EmailToken = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: "EmailToken" });

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

/** What a page gets, whose refresh token is a cookie. */
export const PageTokens = Tokens.omit({ refresh_token: true }).meta({ id: "PageTokens" });

/** One sign-in, from its first token to its end. */
export interface Session {
  id: string;
  user_id: number;
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
  /** When they last showed who they are, in a session that is asked again before what can't be undone. */
  confirmed_at?: string;
  /** An admin who may do nothing as one before there is a second factor. */
  lacks_second_factor?: true;
}
