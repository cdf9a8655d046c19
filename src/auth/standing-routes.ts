import { Standing, User } from "../accounts/schema";
import { IdPath } from "../base/fields";
import { adminRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import { setStanding } from "./standing";

export const standingRoutes = (web: Web) =>
  adminRoutes(web, "users", "/users").patch("/:id", ({ shop, params, body }) => setStanding(shop, params.id, body), {
    params: IdPath,
    body: Standing,
    response: { 200: User, ...failures(404) },
    detail: { summary: "Let an account sign in or not, make it an admin's or not" },
  });
