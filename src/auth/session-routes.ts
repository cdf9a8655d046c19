import { z } from "zod";
import { userRoutes, type Web, withOrigin } from "../http/access";
import { takes } from "../http/declared";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { confirmOwner } from "./confirmation";
import { type Door, HASHING } from "./door";
import { changePassword } from "./password-changes";
import { EmailChange, OpenSession, PasswordChange, PasswordCheck, Said, SessionPath } from "./schema";
import { changeEmail } from "./emails";
import { endOneSession, listSessions, SESSIONS_KEPT, signOut, signOutEverywhere } from "./sessions";

/** What an account does with its own sessions, password and e-mail. */
export const sessionRoutes = (web: Web, door: Door) => {
  const { guard } = door;
  const { shop } = web;
  return userRoutes(web, "auth", "/auth", HASHING)
    .derive(withOrigin)
    .post(
      "/logout",
      async ({ user, origin, status }) => {
        await signOut(shop, { id: user.session_id, user_id: user.id }, origin);
        return status(204, undefined);
      },
      { response: { 204: z.undefined() }, detail: { summary: "End this session" } },
    )
    .post(
      "/logout-all",
      async ({ user, origin, status }) => {
        await signOutEverywhere(shop, user.id, origin);
        return status(204, undefined);
      },
      { response: { 204: z.undefined() }, detail: { summary: "End all my sessions" } },
    )
    .post(
      "/password",
      async ({ user, body, origin, status }) => {
        await changePassword(shop, guard, { id: user.session_id, user_id: user.id }, body, origin);
        return status(204, undefined);
      },
      {
        body: PasswordChange,
        response: { 204: z.undefined(), ...failures(503) },
        detail: { summary: "Change my password", description: "Ends all my sessions, this one too: sign in again." },
      },
    )
    .post(
      "/password/check",
      async ({ user, body, origin, status }) => {
        await confirmOwner(shop, guard, { id: user.session_id, user_id: user.id }, body, origin);
        return status(204, undefined);
      },
      {
        body: PasswordCheck,
        response: { 204: z.undefined(), ...failures(401, 503) },
        detail: {
          summary: "Give my password again",
          description:
            "With the code of the second factor where there is one. The admin page asks for it before somebody becomes an admin and before a large refund: what is refused there as `confirmation_needed` goes through for ten minutes then.",
        },
      },
    )
    .post(
      "/email",
      async ({ user, body, origin, status }) => {
        await changeEmail(shop, door, user.id, body, origin);
        return status(202, { message: "Both e-mails have mail. It changes once the link in the new one's is used." });
      },
      {
        body: EmailChange,
        response: { 202: Said, ...failures(503) },
        detail: {
          summary: "Change my e-mail",
          description: "Needs the password. The new e-mail gets a link, the old one hears of it.",
        },
      },
    )
    .get("/sessions", async ({ user, request, set }) => answerWhole({ request, set }, await listSessions(shop, user)), {
      response: { 200: z.array(OpenSession) },
      detail: {
        summary: "List my open sessions",
        description: "Newest first.",
        responses: wholeListAnswer,
        ...takes({ most_rows: SESSIONS_KEPT }),
      },
    })
    .delete(
      "/sessions/:id",
      async ({ user, params, origin, status }) => {
        await endOneSession(shop, { id: params.id, user_id: user.id }, origin);
        return status(204, undefined);
      },
      {
        params: SessionPath,
        response: { 204: z.undefined(), ...failures(404) },
        detail: { summary: "End one of my sessions" },
      },
    );
};
