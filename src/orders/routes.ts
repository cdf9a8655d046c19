import { Elysia } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { IdPath } from "../base/fields";
import { PageQuery } from "../base/page";
import { withoutGuessing } from "../coupons/guessing";
import { adminsShop, userRoutes, type Web, withOrigin } from "../http/access";
import { ownPath } from "../http/arrival";
import { takes } from "../http/declared";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { cancelOrder } from "./cancellation";
import { orderTag } from "./care";
import { quoteCart } from "./cart-quote";
import { placeOrder } from "./checkout";
import { clientsCancellations } from "./limits";
import { getOrder, getOwnOrder, listOwnOrders } from "./orders";
import { confirmPayment } from "./payment";
import { Order } from "./schema";
import { CartQuote, CartQuoteAsked, Checkout, Receipt } from "./checkout-schema";
import { NewCancellation, NewPayment, PaymentStanding } from "./change-schema";

export const orderRoutes = (web: Web) => new Elysia().use(quoteRoutes(web)).use(customerRoutes(web));

const quoteRoutes = (web: Web) =>
  userRoutes(web, "cart", "/cart")
    .derive(withOrigin)
    .post(
      "/quote",
      ({ user, body, origin }) =>
        withoutGuessing(web.shop, user, origin, body?.coupon_code, () => quoteCart(web.shop, user.id, body ?? {})),
      {
        body: CartQuoteAsked.optional(),
        response: { 200: CartQuote, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Show what my cart would come to as an order",
          description:
            "With discount, delivery and taxes, for one of my addresses or a place as far as it is known. Nothing is kept or set aside. `total` is for `expected_total` at checkout. 409 `no_delivery` where nothing delivers there.",
        },
      },
    );

const customerRoutes = (web: Web) => {
  const { shop } = web;
  return userRoutes(web, "orders", "/orders")
    .derive(withOrigin)
    .post(
      "/checkout",
      async ({ user, body, request, set, origin, status }) => {
        const receipt = await withoutGuessing(shop, user, origin, body.coupon_code, () =>
          repeatable({ request, user, body, set }, (once) =>
            placeOrder(shop, user.id, body, once, { address: origin.address, is_admin: user.is_admin }),
          ),
        );
        set.headers["location"] = ownPath(request, `${API}/orders/${receipt.order_id}`);
        return status(201, receipt);
      },
      {
        body: Checkout,
        response: { 201: Receipt, ...failures(404, 409, 503) },
        detail: {
          summary: "Place an order from my cart",
          description:
            "All of it or nothing. 409 `out_of_stock` names every line that is short, `cart_empty` an empty cart, `price_changed` what is not as it was shown, `no_delivery` that nothing delivers there, `coupon_used_up` that others were quicker. 422 `payment_refused`: the provider will never take it, and the cart is as it was. 503 `payment_unavailable` with an `order_id`: the order stands, its payment can be opened later.",
          ...idempotencyKey,
        },
      },
    )
    .get(
      "",
      ({ user, query, request, set }) =>
        answerPage({ query, request, set }, (page) => listOwnOrders(shop, user.id, page)),
      {
        query: PageQuery,
        response: { 200: z.array(Order) },
        detail: { summary: "List my orders, newest first" },
      },
    )
    .get(
      "/:id",
      async ({ user, params, set }) => {
        if (!user.is_admin) return getOwnOrder(shop.database, params.id, user.id);
        const order = await getOrder(shop.database, params.id);
        set.headers["etag"] = orderTag(order);
        return order;
      },
      {
        params: IdPath,
        response: { 200: Order, ...failures(404) },
        detail: {
          summary: "Show one of my orders, with all that belongs to it",
          description: "An admin sees anybody's, with notes and tags.",
        },
      },
    )
    .post(
      "/:id/cancellation",
      ({ user, params, body, request, route, set, origin }) =>
        repeatable({ request, user, body: body ?? null, set }, async (once) => {
          if (!user.is_admin) {
            const others = clientsCancellations(shop, origin.address);
            others.check();
            const order = await cancelOrder(shop, params.id, { user_id: user.id }, body, once);
            others.count();
            return order;
          }
          return cancelOrder(adminsShop(web, user, { request, route, set }), params.id, "shop", body, once);
        }),
      {
        params: IdPath,
        body: NewCancellation.optional(),
        response: { 200: Order, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Cancel my order, or a part of it, as long as it has not shipped",
          description:
            "Stock and coupon are free again, and what was paid is paid back. With `lines` only these units. An admin may cancel anybody's.",
          ...idempotencyKey,
        },
      },
    )
    .post("/:id/payment", ({ user, params, body }) => confirmPayment(shop, user.id, params.id, body), {
      params: IdPath,
      body: NewPayment.optional(),
      response: { 200: PaymentStanding, ...failures(404, 409, 503) },
      detail: {
        // Each asks the gateway, which counts its callers too.
        ...takes({ optional_body: true, weight: 5 }),
        summary: "Ask how the payment of my order stands, or pay it again",
        description:
          "For a client that comes back from the payment page: asks the provider, and opens the payment where that failed at checkout. Where the last try came to nothing another one is opened, until the order's hold ends; with `payment_method` in that way. May be repeated at will.",
      },
    });
};
