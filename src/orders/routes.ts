import { Elysia } from "elysia";
import { z } from "zod";
import { adminRoutes, adminsShop, userRoutes, type Web } from "../http/access";
import { idempotencyKey, onceOf, told } from "../idempotency/header";
import { listHeaders } from "../http/lists";
import { failures } from "../http/problem";
import { PageQuery, pageOf, pageQuery } from "../base/page";
import { IdPath, LARGEST_ID, wholeNumberText } from "../base/fields";
import { cancelOrder } from "./cancellation";
import { deliverOrder, packOrder, returnOrder, shipOrder } from "./fulfilment";
import { placeOrder } from "./checkout";
import { getOrder, listOrders } from "./orders";
import { confirmPayment } from "./payment";
import { refundOrder } from "./refunds";
import { resolvePayment } from "./payment-flags";
import { Checkout, NewRefund, NewResolution, NewReturn, Order, OrderStatus, PaymentStanding, Receipt } from "./schema";

export const orderRoutes = (web: Web) => new Elysia().use(buying(web)).use(shopkeeping(web));

const buying = (web: Web) => {
  const { shop } = web;
  return userRoutes(web, "orders", "/orders")
    .post(
      "/checkout",
      async ({ user, body, request, set, status }) => {
        const receipt = told(set, await placeOrder(shop, user.id, body, onceOf(request, user.id, body)));
        set.headers["location"] = `/api/v1/orders/${receipt.order_id}`;
        return status(201, receipt);
      },
      {
        body: Checkout,
        response: { 201: Receipt, ...failures(400, 401, 404, 409, 413, 415, 422, 503) },
        detail: {
          summary: "Place an order from my cart",
          description:
            "All of it or nothing. 409 `out_of_stock` names every line that is short, `cart_empty` an empty cart, `price_changed` says that `expected_total` no longer holds, `coupon_used_up` that others were quicker. 503 `payment_unavailable` with an `order_id`: the order stands, its payment can be opened later.",
          ...idempotencyKey,
        },
      },
    )
    .get(
      "",
      async ({ user, query, request, set }) => {
        const page = pageOf(query);
        const { orders, total } = await listOrders(shop, { user_id: user.id }, page);
        Object.assign(set.headers, listHeaders(request.url, page, total));
        return orders;
      },
      {
        query: PageQuery,
        response: { 200: z.array(Order), ...failures(401, 422) },
        detail: { summary: "List my orders, newest first" },
      },
    )
    .get("/:id", ({ user, params }) => getOrder(shop.database, params.id, user.id), {
      params: IdPath,
      response: { 200: Order, ...failures(401, 404, 422) },
      detail: { summary: "Show one of my orders, with its history" },
    })
    .post(
      "/:id/cancellation",
      async ({ user, params, request, route, path, server, set }) => {
        const once = onceOf(request, user.id);
        if (!user.is_admin) return told(set, await cancelOrder(shop, params.id, { user_id: user.id }, once));
        const admins = adminsShop(web, user, { request, route, path, server, set });
        return told(set, await cancelOrder(admins, params.id, "shop", once));
      },
      {
        params: IdPath,
        response: { 200: Order, ...failures(400, 401, 404, 409, 422) },
        detail: {
          summary: "Cancel my order, as long as it has not shipped",
          description:
            "Stock and coupon are free again, and what was paid is paid back. An admin may cancel anybody's.",
          ...idempotencyKey,
        },
      },
    )
    .post("/:id/payment", ({ user, params }) => confirmPayment(shop, user.id, params.id), {
      params: IdPath,
      response: { 200: PaymentStanding, ...failures(401, 404, 422, 503) },
      detail: {
        summary: "Ask how the payment of my order stands",
        description:
          "For a client that comes back from the payment page: asks the provider, and opens the payment where that failed at checkout. May be repeated at will.",
      },
    });
};

const OrderQuery = z.strictObject({
  ...pageQuery,
  status: OrderStatus.optional(),
  user_id: wholeNumberText(1, LARGEST_ID).optional(),
});

const shopkeeping = (web: Web) => {
  const step = { params: IdPath, response: { 200: Order, ...failures(400, 401, 403, 404, 409, 422) } };
  return adminRoutes(web, "orders", "/orders")
    .get(
      "/all",
      async ({ shop, query, request, set }) => {
        const page = pageOf(query);
        const { orders, total } = await listOrders(shop, query, page);
        Object.assign(set.headers, listHeaders(request.url, page, total));
        return orders;
      },
      {
        query: OrderQuery,
        response: { 200: z.array(Order), ...failures(401, 403, 422) },
        detail: { summary: "List everybody's orders, newest first" },
      },
    )
    .post(
      "/:id/packing",
      async ({ shop, user, params, request, set }) =>
        told(set, await packOrder(shop, params.id, onceOf(request, user.id))),
      { ...step, detail: { summary: "Say that an order is packed", ...idempotencyKey } },
    )
    .post(
      "/:id/shipment",
      async ({ shop, user, params, request, set }) =>
        told(set, await shipOrder(shop, params.id, onceOf(request, user.id))),
      {
        ...step,
        detail: {
          summary: "Say that an order has left",
          description: "With cash on delivery its units are sold now; any other order must be paid before.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/delivery",
      async ({ shop, user, params, request, set }) =>
        told(set, await deliverOrder(shop, params.id, onceOf(request, user.id))),
      {
        ...step,
        detail: {
          summary: "Say that an order has arrived",
          description: "With cash on delivery it is paid now.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/refund",
      async ({ shop, user, params, body, request, set }) =>
        told(set, await refundOrder(shop, params.id, body, onceOf(request, user.id, body))),
      {
        params: IdPath,
        body: NewRefund,
        response: { 200: Order, ...failures(400, 401, 403, 404, 409, 413, 415, 422) },
        detail: {
          summary: "Pay back all that is left, an amount, or the price of some units",
          description: "The provider is told at once, and again until it has confirmed.",
          ...idempotencyKey,
        },
      },
    )
    .post("/:id/resolution", ({ shop, params, body }) => resolvePayment(shop, params.id, body), {
      params: IdPath,
      body: NewResolution,
      response: { 200: Order, ...failures(400, 401, 403, 404, 409, 413, 415, 422) },
      detail: {
        summary: "Say that a person has seen to a flagged payment",
        description:
          "A payment is flagged when its provider reports another amount or refuses a refund. The note goes into the audit.",
      },
    })
    .post(
      "/:id/return",
      async ({ shop, user, params, body, request, set }) =>
        told(set, await returnOrder(shop, params.id, body, onceOf(request, user.id, body))),
      {
        params: IdPath,
        body: NewReturn,
        response: { 200: Order, ...failures(400, 401, 403, 404, 409, 413, 415, 422) },
        detail: {
          summary: "Take back the goods of an order",
          description: "They go onto the shelf again and what was paid is paid back, unless told otherwise.",
          ...idempotencyKey,
        },
      },
    );
};
