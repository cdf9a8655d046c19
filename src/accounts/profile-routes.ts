import { userRoutes, type Web } from "../http/access";
import { FREE_JSON, takes } from "../http/declared";
import { getUser, updateProfile } from "./accounts";
import { Profile, User } from "./schema";

export const profileRoutes = (web: Web) =>
  userRoutes(web, "users", "/users/me")
    .get("", ({ user }) => getUser(web.shop, user.id), {
      response: { 200: User },
      detail: { summary: "Show my account" },
    })
    .put("", ({ user, body }) => updateProfile(web.shop, user.id, body), {
      body: Profile,
      response: { 200: User },
      detail: {
        summary: "Change my account",
        description: "What is absent stays as it is.",
        ...takes(FREE_JSON),
      },
    });
