import { Elysia } from "elysia";
import { z } from "zod";
import type { Door } from "../auth/door";
import { IdPath } from "../base/fields";
import { adminRoutes, userRoutes, type Web, withOrigin } from "../http/access";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { eraseMyself, erasePersonById, exportPerson } from "./privacy";
import { Farewell, PersonExport } from "./schema";

export const privacyRoutes = (web: Web, door: Door) => new Elysia().use(ownRoutes(web, door)).use(shopRoutes(web));

/** Reads or writes many tables. */
const WHOLE_PERSON = { weight: 10 };

const ownRoutes = (web: Web, { guard }: Door) =>
  userRoutes(web, "users", "/users/me")
    .derive(withOrigin)
    .get("/export", ({ user }) => exportPerson(web.shop, user.id), {
      response: { 200: PersonExport },
      detail: { summary: "Show all that the shop knows of me", ...takes(WHOLE_PERSON) },
    })
    .delete(
      "",
      async ({ user, body, origin, set }) => {
        await eraseMyself(web.shop, guard, user.id, body.password, origin);
        set.status = 204;
      },
      {
        body: Farewell,
        response: { 204: z.void(), ...failures(403, 409, 503) },
        detail: {
          summary: "Erase my account, and what says who I am",
          description:
            "Orders stay with their sums and country, invoices as the law wants. 409 `conflict` while an order is under way or money is still to go back.",
          ...takes(WHOLE_PERSON),
        },
      },
    );

const shopRoutes = (web: Web) =>
  adminRoutes(web, "users", "/users")
    .get("/:id/export", ({ shop, params }) => exportPerson(shop, params.id), {
      params: IdPath,
      response: { 200: PersonExport, ...failures(404) },
      detail: { summary: "Show all that the shop knows of a person", ...takes(WHOLE_PERSON) },
    })
    .delete(
      "/:id",
      async ({ shop, params, set }) => {
        await erasePersonById(shop, params.id);
        set.status = 204;
      },
      {
        params: IdPath,
        response: { 204: z.void(), ...failures(404, 409) },
        detail: {
          summary: "Erase a person's account, and what says who they are",
          description: "As `DELETE /users/me`, for the shop. The last admin can't be erased.",
          ...takes(WHOLE_PERSON),
        },
      },
    );
