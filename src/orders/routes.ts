import { Elysia } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { adminRoutes, adminsShop, userRoutes, type Web } from "../http/access";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { PageQuery, pageQuery } from "../base/page";
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
        const receipt = await repeatable({ request, user, body, set }, (once) => placeOrder(shop, user.id, body, once));
        set.headers["location"] = `${API}/orders/${receipt.order_id}`;
        return status(201, receipt);
      },
      {
        body: Checkout,
        response: { 201: Receipt, ...failures(404, 409, 503) },
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
      ({ user, query, request, set }) =>
        answerPage({ query, request, set }, (page) => listOrders(shop, { user_id: user.id }, page)),
      {
        query: PageQuery,
        response: { 200: z.array(Order) },
        detail: { summary: "List my orders, newest first" },
      },
    )
    .get("/:id", ({ user, params }) => getOrder(shop.database, params.id, user.id), {
      params: IdPath,
      response: { 200: Order, ...failures(404) },
      detail: { summary: "Show one of my orders, with its history" },
    })
    .post(
      "/:id/cancellation",
      ({ user, params, request, route, set }) =>
        repeatable({ request, user, set }, (once) => {
          if (!user.is_admin) return cancelOrder(shop, params.id, { user_id: user.id }, once);
          return cancelOrder(adminsShop(web, user, { request, route, set }), params.id, "shop", once);
        }),
      {
        params: IdPath,
        response: { 200: Order, ...failures(404, 409) },
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
      response: { 200: PaymentStanding, ...failures(404, 503) },
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
  const step = { params: IdPath, response: { 200: Order, ...failures(404, 409) } };
  return adminRoutes(web, "orders", "/orders")
    .get(
      "/all",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listOrders(shop, query, page)),
      {
        query: OrderQuery,
        response: { 200: z.array(Order) },
        detail: { summary: "List everybody's orders, newest first" },
      },
    )
    .post(
      "/:id/packing",
      ({ shop, user, params, request, set }) =>
        repeatable({ request, user, set }, (once) => packOrder(shop, params.id, once)),
      { ...step, detail: { summary: "Mark an order as packed", ...idempotencyKey } },
    )
    .post(
      "/:id/shipment",
      ({ shop, user, params, request, set }) =>
        repeatable({ request, user, set }, (once) => shipOrder(shop, params.id, once)),
      {
        ...step,
        detail: {
          summary: "Mark an order as shipped",
          description: "With cash on delivery its units are sold now; any other order must be paid before.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/delivery",
      ({ shop, user, params, request, set }) =>
        repeatable({ request, user, set }, (once) => deliverOrder(shop, params.id, once)),
      {
        ...step,
        detail: {
          summary: "Mark an order as delivered",
          description: "With cash on delivery it is paid now.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/refund",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body, set }, (once) => refundOrder(shop, params.id, body, once)),
      {
        params: IdPath,
        body: NewRefund,
        response: { 200: Order, ...failures(404, 409) },
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
      response: { 200: Order, ...failures(404, 409) },
      detail: {
        summary: "Say that a person has seen to a flagged payment",
        description:
          "A payment is flagged when its provider reports another amount or refuses a refund. The note goes into the audit.",
      },
    })
    .post(
      "/:id/return",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body, set }, (once) => returnOrder(shop, params.id, body, once)),
      {
        params: IdPath,
        body: NewReturn,
        response: { 200: Order, ...failures(404, 409) },
        detail: {
          summary: "Take back the goods of an order",
          description: "They go onto the shelf again and what was paid is paid back, unless told otherwise.",
          ...idempotencyKey,
        },
      },
    );
};
