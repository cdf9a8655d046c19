import { z } from "zod";
import { Elysia } from "elysia";
import { adminRoutes, originOf, PRIVATE, publicRoutes, userRoutes, type Web } from "../http/access";
import { listHeaders, wholeListHeaders } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { pageOf, pageQuery } from "../base/page";
import { IdPath, text } from "../base/fields";
import { changePassword, resetPassword, sendPasswordReset } from "../auth/password-changes";
import { getUser, listUsers, register, setStanding, updateProfile } from "./accounts";
import {
  Credentials,
  ForgottenPassword,
  OpenSession,
  PasswordChange,
  PasswordForm,
  PasswordReset,
  Profile,
  Refresh,
  Registration,
  Said,
  SessionPath,
  Standing,
  Tokens,
  User,
} from "./schema";
import { endOneSession, listSessions, refreshSession, signIn, signOut, signOutEverywhere } from "../auth/sessions";

export const authRoutes = (web: Web) => new Elysia().use(doorRoutes(web)).use(sessionRoutes(web));

const doorRoutes = (web: Web) => {
  const { shop, tokens, doorkeeper } = web;
  return publicRoutes("auth", "/auth")
    .onBeforeHandle(({ set }) => {
      set.headers["cache-control"] = PRIVATE;
    })
    .post("/register", async ({ body, status }) => status(201, await register(shop, body)), {
      body: Registration,
      response: { 201: User, ...failures(400, 409, 413, 415, 422, 503) },
      detail: { summary: "Open an account" },
    })
    .post(
      "/login",
      async ({ body, request, server, set }) =>
        tokens.tokensFor(await signIn(shop, doorkeeper, body, originOf(web, { request, server, set }))),
      {
        body: Credentials,
        response: { 200: Tokens, ...failures(400, 401, 403, 413, 415, 422, 429, 503) },
        detail: { summary: "Sign in" },
      },
    )
    .post(
      "/token",
      async ({ body, request, server, set }) => {
        const { username: email, password } = body;
        const origin = originOf(web, { request, server, set });
        return tokens.tokensFor(await signIn(shop, doorkeeper, { email, password }, origin));
      },
      {
        body: PasswordForm,
        response: { 200: Tokens, ...failures(400, 401, 403, 413, 415, 422, 429, 503) },
        detail: {
          summary: "Sign in with OAuth 2's password form",
          description: "For Authorize in the docs pages, and for OAuth 2 clients. `username` is the e-mail.",
        },
      },
    )
    .post(
      "/refresh",
      async ({ body, request, server, set }) =>
        tokens.tokensFor(await refreshSession(shop, body.refresh_token, originOf(web, { request, server, set }))),
      {
        body: Refresh,
        response: { 200: Tokens, ...failures(400, 401, 413, 415, 422) },
        detail: {
          summary: "Trade a refresh token for new tokens",
          description: "Each refresh token works once. Using an old one again ends the session it belongs to.",
        },
      },
    )
    .post(
      "/password/forgot",
      ({ body, request, server, set, status }) => {
        sendPasswordReset(shop, doorkeeper, body.email, originOf(web, { request, server, set }));
        return status(202, { message: "If there is such an account, its owner has mail." });
      },
      {
        body: ForgottenPassword,
        response: { 202: Said, ...failures(400, 413, 415, 422) },
        detail: {
          summary: "Ask for a new password by mail",
          description:
            "Always 202. If there is such an account, its owner gets a token that works once, for 30 minutes.",
        },
      },
    )
    .post(
      "/password/reset",
      async ({ body, request, server, set, status }) => {
        await resetPassword(shop, body, originOf(web, { request, server, set }));
        return status(204, undefined);
      },
      {
        body: PasswordReset,
        response: { 204: z.undefined(), ...failures(400, 413, 415, 422, 503) },
        detail: { summary: "Set a new password with the token from the mail", description: "Ends all sessions." },
      },
    );
};

const sessionRoutes = (web: Web) => {
  const { shop } = web;
  return userRoutes(web, "auth", "/auth")
    .post(
      "/logout",
      async ({ user, request, server, set, status }) => {
        const session = { id: user.session_id, user_id: user.id };
        await signOut(shop, session, originOf(web, { request, server, set }));
        return status(204, undefined);
      },
      { response: { 204: z.undefined(), ...failures(401) }, detail: { summary: "End this session" } },
    )
    .post(
      "/logout-all",
      async ({ user, request, server, set, status }) => {
        await signOutEverywhere(shop, user.id, originOf(web, { request, server, set }));
        return status(204, undefined);
      },
      { response: { 204: z.undefined(), ...failures(401) }, detail: { summary: "End all my sessions" } },
    )
    .post(
      "/password",
      async ({ user, body, request, server, set, status }) => {
        const session = { id: user.session_id, user_id: user.id };
        await changePassword(shop, web.doorkeeper, session, body, originOf(web, { request, server, set }));
        return status(204, undefined);
      },
      {
        body: PasswordChange,
        response: { 204: z.undefined(), ...failures(400, 401, 413, 415, 422, 429, 503) },
        detail: { summary: "Change my password", description: "Ends all my sessions, this one too: sign in again." },
      },
    )
    .get(
      "/sessions",
      async ({ user, request, set }) => {
        const sessions = await listSessions(shop, user);
        Object.assign(set.headers, wholeListHeaders(request.url, sessions.length));
        return sessions;
      },
      {
        response: { 200: z.array(OpenSession), ...failures(401) },
        detail: { summary: "List my open sessions", description: "Newest first.", responses: wholeListAnswer },
      },
    )
    .delete(
      "/sessions/:id",
      async ({ user, params, request, server, set, status }) => {
        const session = { id: params.id, user_id: user.id };
        await endOneSession(shop, session, originOf(web, { request, server, set }));
        return status(204, undefined);
      },
      {
        params: SessionPath,
        response: { 204: z.undefined(), ...failures(401, 404, 422) },
        detail: { summary: "End one of my sessions" },
      },
    );
};

export const profileRoutes = (web: Web) =>
  userRoutes(web, "users", "/users/me")
    .get("", ({ user }) => getUser(web.shop, user.id), {
      response: { 200: User, ...failures(401) },
      detail: { summary: "Show my account" },
    })
    .put("", ({ user, body }) => updateProfile(web.shop, user.id, body), {
      body: Profile,
      response: { 200: User, ...failures(400, 401, 413, 415, 422) },
      detail: { summary: "Change my account", description: "What is absent stays as it is." },
    });

export const userAdminRoutes = (web: Web) =>
  adminRoutes(web, "users", "/users")
    .get(
      "",
      async ({ shop, query, request, set }) => {
        const page = pageOf(query);
        const { users, total } = await listUsers(shop, query.q, page);
        Object.assign(set.headers, listHeaders(request.url, page, total));
        return users;
      },
      {
        query: z.strictObject({ q: text(200).optional(), ...pageQuery }),
        response: { 200: z.array(User), ...failures(401, 403, 422) },
        detail: { summary: "List accounts", description: "`q` looks for part of a name or an e-mail." },
      },
    )
    .get("/:id", ({ shop, params }) => getUser(shop, params.id), {
      params: IdPath,
      response: { 200: User, ...failures(401, 403, 404, 422) },
      detail: { summary: "Show an account" },
    })
    .patch("/:id", ({ shop, params, body }) => setStanding(shop, params.id, body), {
      params: IdPath,
      body: Standing,
      response: { 200: User, ...failures(400, 401, 403, 404, 413, 415, 422) },
      detail: { summary: "Let somebody in or not, make them an admin or not" },
    });
