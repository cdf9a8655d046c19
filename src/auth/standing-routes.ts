import { z } from "zod";
import { Standing, User } from "../accounts/schema";
import { IdPath } from "../base/fields";
import { adminRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { OpenSession } from "./schema";
import { endAllSessions, listSessionsOf } from "./sessions";
import { setStanding } from "./standing";

export const standingRoutes = (web: Web) =>
  adminRoutes(web, "users", "/users")
    .patch("/:id", ({ shop, params, body }) => setStanding(shop, params.id, body), {
      params: IdPath,
      body: Standing,
      response: { 200: User, ...failures(404, 409) },
      detail: {
        summary: "Let an account sign in or not, make it an admin's or not, change whom it names",
        description: "What is absent stays.",
      },
    })
    .get(
      "/:id/sessions",
      async ({ shop, params, request, set }) => answerWhole({ request, set }, await listSessionsOf(shop, params.id)),
      {
        params: IdPath,
        response: { 200: z.array(OpenSession), ...failures(404) },
        detail: {
          summary: "List the open sessions of an account",
          description: "Newest first.",
          responses: wholeListAnswer,
        },
      },
    )
    .delete(
      "/:id/sessions",
      async ({ shop, params, status }) => {
        await endAllSessions(shop, params.id);
        return status(204, undefined);
      },
      {
        params: IdPath,
        response: { 204: z.undefined(), ...failures(404) },
        detail: {
          summary: "End all sessions of an account",
          description: "It may sign in again, unless it is disabled.",
        },
      },
    );
