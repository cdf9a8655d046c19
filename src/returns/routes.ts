import { Elysia } from "elysia";
import { z } from "zod";
import { IdPath } from "../base/fields";
import { PageQuery } from "../base/page";
import { adminRoutes, adminsShop, userRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { getOrder, getOwnOrder } from "../orders/orders";
import { approveReturn, getReturn, listReturns, receiveReturn, refuseReturn, requestReturn } from "./returns";
import { Return, ReturnDecision, ReturnQuery, ReturnReceipt, ReturnRequest } from "./schema";

export const returnRoutes = (web: Web) => new Elysia().use(customerRoutes(web)).use(shopRoutes(web));

const customerRoutes = (web: Web) => {
  const { shop } = web;
  return userRoutes(web, "returns", "/orders/:id/returns")
    .post(
      "",
      async ({ user, params, body, request, route, set, status }) => {
        const asked = body ?? {};
        const own = user.is_admin ? adminsShop(web, user, { request, route, body, set }) : shop;
        const made = await repeatable({ request, user, body: asked, set }, (once) =>
          requestReturn(own, params.id, asked, { owner: user.is_admin ? undefined : user.id, once }),
        );
        return status(201, made);
      },
      {
        params: IdPath,
        body: ReturnRequest.optional(),
        response: { 201: Return, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Give something back",
          description:
            "What has left can be given back, of an order that left in parts too. Until RETURN_DAYS after the delivery it is a withdrawal: no reason, no approval, a receipt by mail at once; guests too. Later the shop decides. An admin may do it for anybody.",
          ...idempotencyKey,
        },
      },
    )
    .get(
      "",
      async ({ user, params, query, request, set }) => {
        await (user.is_admin ? getOrder(shop.database, params.id) : getOwnOrder(shop.database, params.id, user.id));
        return answerPage({ query, request, set }, (page) => listReturns(shop, { order_id: params.id }, page));
      },
      {
        params: IdPath,
        query: PageQuery,
        response: { 200: z.array(Return), ...failures(404) },
        detail: { summary: "List what I want to give back of an order, and how it stands" },
      },
    );
};

const shopRoutes = (web: Web) =>
  adminRoutes(web, "returns", "/returns")
    .get(
      "",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listReturns(shop, query, page)),
      {
        query: ReturnQuery,
        response: { 200: z.array(Return) },
        detail: { summary: "List what customers want to give back, newest first" },
      },
    )
    .get("/:id", ({ shop, params }) => getReturn(shop.database, params.id), {
      params: IdPath,
      response: { 200: Return, ...failures(404) },
      detail: { summary: "Show a return" },
    })
    .post(
      "/:id/approval",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body: body ?? {}, set }, (once) =>
          approveReturn(shop, params.id, body ?? {}, once),
        ),
      {
        params: IdPath,
        body: ReturnDecision.optional(),
        response: { 200: Return, ...failures(404, 409) },
        detail: { ...takes({ optional_body: true }), summary: "Let a customer send goods back", ...idempotencyKey },
      },
    )
    .post(
      "/:id/refusal",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body: body ?? {}, set }, (once) => refuseReturn(shop, params.id, body ?? {}, once)),
      {
        params: IdPath,
        body: ReturnDecision.optional(),
        response: { 200: Return, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Refuse a return",
          description: "A withdrawal can't be refused.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/receipt",
      ({ shop, user, params, body, request, set }) => {
        const receipt = body ?? { refund: true, is_last: false };
        return repeatable({ request, user, body: receipt, set }, (once) =>
          receiveReturn(shop, params.id, receipt, once),
        );
      },
      {
        params: IdPath,
        body: ReturnReceipt.optional(),
        response: { 200: Return, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Say what came back",
          description:
            "What can be sold again is on the shelf, what it cost is paid back, and a credit note follows where there is an invoice. May be said in parts.",
          ...idempotencyKey,
        },
      },
    );
