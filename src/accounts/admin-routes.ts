import { z } from "zod";
import { flagText, IdPath, text } from "../base/fields";
import { pageQuery } from "../base/page";
import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { answerPage, answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { getUser, listUsers } from "./accounts";
import { ADDRESSES_MOST, listAddresses } from "./addresses";
import { Address, User } from "./schema";

export const userAdminRoutes = (web: Web) =>
  adminRoutes(web, "users", "/users")
    .get(
      "",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listUsers(shop, query, page)),
      {
        query: z.strictObject({
          q: text(200).optional(),
          guests: flagText
            .optional()
            .meta({ description: "`true` lists the guests instead, who are left out otherwise" }),
          ...pageQuery,
        }),
        response: { 200: z.array(User) },
        detail: { summary: "List accounts", description: "`q` looks for part of a name or an e-mail." },
      },
    )
    .get("/:id", ({ shop, params }) => getUser(shop, params.id), {
      params: IdPath,
      response: { 200: User, ...failures(404) },
      detail: { summary: "Show an account" },
    })
    .get(
      "/:id/addresses",
      async ({ shop, params, request, set }) => {
        await getUser(shop, params.id);
        return answerWhole({ request, set }, await listAddresses(shop, params.id));
      },
      {
        params: IdPath,
        response: { 200: z.array(Address), ...failures(404) },
        detail: {
          summary: "List the addresses of an account",
          description: "Such as for an order that is taken by phone.",
          responses: wholeListAnswer,
          ...takes({ most_rows: ADDRESSES_MOST }),
        },
      },
    );
