import { Elysia } from "elysia";
import { z } from "zod";
import { IdPath } from "../base/fields";
import { adminRoutes, publicRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { changeMethod, createMethod, listMethods, removeMethod } from "./methods";
import { NewShippingMethod, ShippingMethod, ShippingMethodChange } from "./schema";

export const shippingRoutes = (web: Web) => new Elysia().use(listing(web)).use(shopkeeping(web));

const listing = ({ shop }: Web) =>
  publicRoutes("shipping", "/shipping-methods").get(
    "",
    async ({ request, set }) => answerWhole({ request, set }, await listMethods(shop)),
    {
      response: { 200: z.array(ShippingMethod) },
      detail: {
        summary: "List the ways of delivery that are offered",
        description: "What each costs for a cart and a place is what `POST /cart/quote` says.",
        responses: wholeListAnswer,
      },
    },
  );

const shopkeeping = (web: Web) =>
  adminRoutes(web, "shipping", "/shipping-methods")
    .get(
      "/all",
      async ({ shop, request, set }) => answerWhole({ request, set }, await listMethods(shop, { all: true })),
      {
        response: { 200: z.array(ShippingMethod) },
        detail: { summary: "List all ways of delivery, those that are switched off too", responses: wholeListAnswer },
      },
    )
    .post("", async ({ shop, body, status }) => status(201, await createMethod(shop, body)), {
      body: NewShippingMethod,
      response: { 201: ShippingMethod },
      detail: {
        summary: "Add a way of delivery",
        description:
          "Once there is one, orders need one that reaches their address: 409 `no_delivery` where none does. Without any, delivery is free and goes everywhere.",
      },
    })
    .patch("/:id", ({ shop, params, body }) => changeMethod(shop, params.id, body), {
      params: IdPath,
      body: ShippingMethodChange,
      response: { 200: ShippingMethod, ...failures(404) },
      detail: { summary: "Change a way of delivery", description: "What is absent stays; `null` takes a limit away." },
    })
    .delete(
      "/:id",
      async ({ shop, params, status }) => {
        await removeMethod(shop, params.id);
        return status(204, undefined);
      },
      {
        params: IdPath,
        response: { 204: z.undefined(), ...failures(404) },
        detail: { summary: "Remove a way of delivery", description: "Orders that chose it keep its name." },
      },
    );
