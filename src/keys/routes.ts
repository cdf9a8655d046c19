import { z } from "zod";
import { IdPath } from "../base/fields";
import { adminRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { failures } from "../http/problem";
import { createKey, listKeys, revokeKey } from "./keys";
import { ApiKey, KeyWithSecret, NewKey } from "./schema";

export const keyRoutes = (web: Web) =>
  adminRoutes(web, "keys", "/keys")
    .get("", async ({ shop, request, set }) => answerWhole({ request, set }, await listKeys(shop)), {
      response: { 200: z.array(ApiKey) },
      detail: { summary: "List the keys of programs, newest first" },
    })
    .post("", async ({ shop, user, body, status }) => status(201, await createKey(shop, user.id, body)), {
      body: NewKey,
      response: { 201: KeyWithSecret },
      detail: {
        summary: "Make a key for a program",
        description:
          "It is sent as `Authorization: Bearer sk_…` and shown this once. A scope is what routes are about, to read or to write; no key makes keys, signs in or changes accounts. It works as long as the admin who made it does.",
      },
    })
    .delete("/:id", ({ shop, params }) => revokeKey(shop, params.id), {
      params: IdPath,
      response: { 200: ApiKey, ...failures(404) },
      detail: { summary: "Revoke a key: from the next call on it opens nothing" },
    });
