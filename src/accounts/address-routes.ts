import { Elysia } from "elysia";
import { z } from "zod";
import { userRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { answerWhole } from "../http/lists";
import { olderThan } from "../http/openapi/alias";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { IdPath } from "../base/fields";
import { addAddress, ADDRESSES_MOST, changeAddress, listAddresses, removeAddress } from "./addresses";
import { Address, NewAddress } from "./schema";

/** A customer's addresses, under the older path and the newer. */
export const addressRoutes = (web: Web) => {
  const { shop } = web;
  const listAndAdd = (prefix: string, older = {}) =>
    userRoutes(web, "addresses", prefix)
      .get("", async ({ user, request, set }) => answerWhole({ request, set }, await listAddresses(shop, user.id)), {
        response: { 200: z.array(Address) },
        detail: {
          summary: "List my addresses",
          responses: wholeListAnswer,
          ...takes({ most_rows: ADDRESSES_MOST }),
          ...older,
        },
      })
      .post("", async ({ user, body, status }) => status(201, await addAddress(shop, user.id, body)), {
        body: NewAddress,
        response: { 201: Address, ...failures(409) },
        detail: { summary: "Add an address", ...older },
      });
  return new Elysia().use(listAndAdd("/orders/addresses", olderThan("/users/me/addresses"))).use(
    listAndAdd("/users/me/addresses")
      .put("/:id", ({ user, params, body }) => changeAddress(shop, user.id, params.id, body), {
        params: IdPath,
        body: NewAddress,
        response: { 200: Address, ...failures(404) },
        detail: { summary: "Replace an address" },
      })
      .delete(
        "/:id",
        async ({ user, params, status }) => {
          await removeAddress(shop, user.id, params.id);
          return status(204, undefined);
        },
        {
          params: IdPath,
          response: { 204: z.undefined(), ...failures(404) },
          detail: { summary: "Remove an address" },
        },
      ),
  );
};
