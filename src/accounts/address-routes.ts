import { Elysia } from "elysia";
import { z } from "zod";
import { userRoutes, type Web } from "../http/access";
import { wholeListHeaders } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { IdPath } from "../base/fields";
import { addAddress, changeAddress, listAddresses, removeAddress } from "./addresses";
import { Address, NewAddress } from "./schema";

/** A customer's addresses, under the older path and the newer. */
export const addressRoutes = (web: Web) => {
  const { shop } = web;
  const listAndAdd = (prefix: string) =>
    userRoutes(web, "addresses", prefix)
      .get(
        "",
        async ({ user, request, set }) => {
          const addresses = await listAddresses(shop, user.id);
          Object.assign(set.headers, wholeListHeaders(request.url, addresses.length));
          return addresses;
        },
        {
          response: { 200: z.array(Address), ...failures(401) },
          detail: { summary: "List my addresses", responses: wholeListAnswer },
        },
      )
      .post("", async ({ user, body, status }) => status(201, await addAddress(shop, user.id, body)), {
        body: NewAddress,
        response: { 201: Address, ...failures(400, 401, 413, 415, 422) },
        detail: { summary: "Add an address" },
      });
  return new Elysia().use(listAndAdd("/orders/addresses")).use(
    listAndAdd("/users/me/addresses")
      .put("/:id", ({ user, params, body }) => changeAddress(shop, user.id, params.id, body), {
        params: IdPath,
        body: NewAddress,
        response: { 200: Address, ...failures(400, 401, 404, 413, 415, 422) },
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
          response: { 204: z.undefined(), ...failures(401, 404, 422) },
          detail: { summary: "Remove an address" },
        },
      ),
  );
};
