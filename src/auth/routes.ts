import { z } from "zod";
import { register } from "../accounts/accounts";
import { Registration, User } from "../accounts/schema";
import { clientNetworks, lanesOf } from "../base/client-network";
import type { Origin } from "../base/origin";
import { PRIVATE, publicRoutes, type Web, withOrigin } from "../http/access";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { type Door, HASHING } from "./door";
import { resetPassword, sendPasswordReset } from "./password-changes";
import {
  Credentials,
  EmailToken,
  ForgottenPassword,
  PasswordForm,
  PasswordReset,
  Refresh,
  Said,
  Tokens,
} from "./schema";
import { rememberPlace } from "./known-places";
import { asksForVerification, confirmEmail, sendVerification } from "./emails";
import { guestOf, joiningGuest, promote } from "./guest-door";
import { refreshSession } from "./sessions";
import { signIn } from "./sign-in";

/** What nobody need be signed in for. */
export const authRoutes = (web: Web, door: Door) => {
  const { tokens, guard, mergeGuest } = door;
  const { shop } = web;
  const enter = async (credentials: Credentials, origin: Origin, request: Request) => {
    const joining = await joiningGuest(web, request, mergeGuest);
    return tokens.tokensFor(await signIn(shop, guard, credentials, origin, { joining }));
  };
  const open = async (registration: Registration, origin: Origin, request: Request) => {
    await guard.admitRegistration(origin);
    const guestId = await guestOf(shop, request, web.identify);
    const client = lanesOf(clientNetworks(origin.address));
    const promoted = guestId === undefined ? undefined : await promote(shop, guestId, registration, client);
    const user = promoted ?? (await register(shop, registration, client));
    await shop.database.transaction((tx) => rememberPlace(shop, tx, user.id, origin.address));
    if (asksForVerification(shop)) await sendVerification(shop, door, user.email, origin);
    return user;
  };
  return publicRoutes("auth", "/auth", HASHING)
    .derive(withOrigin)
    .onBeforeHandle(({ set }) => {
      set.headers["cache-control"] = PRIVATE;
    })
    .post("/register", async ({ body, origin, request, status }) => status(201, await open(body, origin, request)), {
      body: Registration,
      response: { 201: User, ...failures(409, 503) },
      detail: {
        summary: "Open an account",
        description:
          "With a guest's token the guest becomes the account: cart, addresses and orders stay, sessions end.",
      },
    })
    .post("/login", ({ body, origin, request }) => enter(body, origin, request), {
      body: Credentials,
      response: { 200: Tokens, ...failures(401, 403, 503) },
      detail: {
        summary: "Sign in",
        description:
          "With a guest's token, what the guest has is the account's from then on: cart, addresses and orders.",
      },
    })
    .post(
      "/token",
      ({ body: { username: email, password, code }, origin, request }) =>
        enter({ email, password, code }, origin, request),
      {
        body: PasswordForm,
        response: { 200: Tokens, ...failures(401, 403, 503) },
        detail: {
          summary: "Sign in with OAuth 2's password form",
          description: "For Authorize in the docs pages, and for OAuth 2 clients. `username` is the e-mail.",
          ...takes({ body: "form" }),
        },
      },
    )
    .post(
      "/refresh",
      async ({ body, origin }) => tokens.tokensFor(await refreshSession(shop, body.refresh_token, origin)),
      {
        body: Refresh,
        response: { 200: Tokens, ...failures(401) },
        detail: {
          summary: "Trade a refresh token for new tokens",
          description: "Each refresh token works once. Using an old one again ends the session it belongs to.",
        },
      },
    )
    .post(
      "/password/forgot",
      async ({ body, origin, status }) => {
        await sendPasswordReset(shop, door, body.email, origin);
        return status(202, { message: "If there is such an account, its owner has mail." });
      },
      {
        body: ForgottenPassword,
        response: { 202: Said },
        detail: {
          summary: "Ask for a new password by mail",
          description:
            "Always 202. If there is such an account, its owner gets a token that works once, for 30 minutes.",
        },
      },
    )
    .post(
      "/password/reset",
      async ({ body, origin, status }) => {
        await resetPassword(shop, guard, body, origin);
        return status(204, undefined);
      },
      {
        body: PasswordReset,
        response: { 204: z.undefined(), ...failures(503) },
        detail: { summary: "Set a new password with the token from the mail", description: "Ends all sessions." },
      },
    )
    .post(
      "/email/verification",
      async ({ body, origin, status }) => {
        await sendVerification(shop, door, body.email, origin);
        return status(202, { message: "If there is such an account, its owner has mail." });
      },
      {
        body: ForgottenPassword,
        response: { 202: Said },
        detail: {
          summary: "Ask for a mail that confirms an e-mail",
          description: "Always 202. An account that is not confirmed yet gets a link that works once, for a day.",
        },
      },
    )
    .post(
      "/email/confirmation",
      async ({ body, origin, status }) => {
        await confirmEmail(shop, body.token, origin);
        return status(204, undefined);
      },
      {
        body: EmailToken,
        response: { 204: z.undefined(), ...failures(409) },
        detail: {
          summary: "Confirm an e-mail with the token from the mail",
          description: "Where it confirms a change of e-mail, all sessions end and the old e-mail is told.",
        },
      },
    );
};
