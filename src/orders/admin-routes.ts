import { Elysia } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { IdPath, LARGEST_ID, wholeNumberText } from "../base/fields";
import { pageQuery } from "../base/page";
import { inOrder } from "../base/ranges";
import { adminRoutes, type Web } from "../http/access";
import { ownPath } from "../http/arrival";
import { takes } from "../http/declared";
import { answerPage } from "../http/lists";
import { checkIfMatch } from "../http/if-match";
import { failures } from "../http/problem";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { couponTag } from "../coupons/coupons";
import { CouponPath } from "../coupons/schema";
import { addNote, changeOrder, orderTag } from "./care";
import { quoteGoods } from "./cart-quote";
import { reportCoupon } from "./coupon-takings";
import { deliverOrder, packOrder, shipOrder, unpackOrder } from "./fulfilment";
import { takeOrder } from "./manual-orders";
import { listOrders, sumUpNewestOrders } from "./orders";
import { resolvePayment } from "./payment-flags";
import { receiveMoney } from "./received-money";
import { quoteRefund, refundOrder, resendRefund } from "./refunds";
import { returnOrder } from "./returned-goods";
import { Order } from "./schema";
import { CouponTakings, NewestOrderTotals, orderFilters } from "./list-schema";
import { NewOrder, OrderQuote, OrderQuoteAsked } from "./checkout-schema";
import {
  NewMoneyReceipt,
  NewOrderNote,
  NewRefund,
  NewResolution,
  NewReturn,
  NewShipment,
  OrderChange,
  RefundQuote,
  RefundQuoteQuery,
} from "./change-schema";

export const adminOrderRoutes = (web: Web) =>
  new Elysia().use(lookingAfter(web)).use(sending(web)).use(payingBack(web)).use(takings(web));

const OrderQuery = z
  .strictObject({ ...pageQuery, ...orderFilters })
  .check(inOrder(["since", "until"], ["min_total", "max_total"]));

const OrderFilters = z.strictObject(orderFilters).check(inOrder(["since", "until"], ["min_total", "max_total"]));

const lookingAfter = (web: Web) =>
  adminRoutes(web, "orders", "/orders")
    .get(
      "/all",
      ({ shop, query, request, set }) => {
        const { page: _page, size: _size, skip: _skip, limit: _limit, ...filter } = query;
        return answerPage({ query, request, set }, (page) => listOrders(shop, filter, page));
      },
      {
        query: OrderQuery,
        response: { 200: z.array(Order) },
        detail: {
          summary: "List everybody's orders, newest first",
          description:
            "Found by number, e-mail, name, phone, product, code, status, time and total. Names and phones of recipients, tags and totals are looked for in the newest 20,000 of those that fit the rest, and so are products and codes that are in more than 10,000 orders.",
        },
      },
    )
    .get("/sums", ({ shop, query }) => sumUpNewestOrders(shop, query), {
      query: OrderFilters,
      response: { 200: NewestOrderTotals },
      detail: {
        summary: "Show how many orders fit, and what they come to",
        description:
          "Asked for as `GET /orders/all` is. Only orders in the shop's currency are counted. For figures of a range of days, with what was paid back and the time before: `GET /admin/sales`.",
      },
    })
    .get("/quote", ({ shop, user, query }) => quoteGoods(shop, user.id, query), {
      query: OrderQuoteAsked,
      response: { 200: OrderQuote, ...failures(404, 409) },
      detail: {
        summary: "Show what goods would come to at a place",
        description:
          "With every way of delivery that goes there, the taxes and a coupon, as a checkout would. Nothing is written.",
      },
    })
    .post(
      "",
      async ({ shop, user, body, request, set, status }) => {
        const order = await repeatable({ request, user, body, set }, (once) => takeOrder(shop, body, once));
        set.headers["location"] = ownPath(request, `${API}/orders/${order.id}`);
        return status(201, order);
      },
      {
        body: NewOrder,
        response: { 201: Order, ...failures(404, 409, 503) },
        detail: {
          summary: "Take an order down, for a customer or a contact",
          description:
            "By phone or at the counter. Written as at a checkout, with prices of your own where you give some.",
          ...idempotencyKey,
        },
      },
    )
    .patch(
      "/:id",
      async ({ shop, params, body, request, set }) => {
        const order = await changeOrder(shop, params.id, body, (now) => checkIfMatch(request, orderTag(now)));
        set.headers["etag"] = orderTag(order);
        return order;
      },
      {
        params: IdPath,
        body: OrderChange,
        response: { 200: Order, ...failures(404, 409, 412) },
        detail: {
          summary: "Change an order's tags, tracking, e-mail or address",
          description:
            "What is absent stays. With `If-Match`, which is the ETag of the last answer to this call or to `GET /orders/{id}`, a write over somebody else's is refused.",
        },
      },
    )
    .post("/:id/notes", ({ shop, user, params, body }) => addNote(shop, params.id, user.id, body), {
      params: IdPath,
      body: NewOrderNote,
      response: { 200: Order, ...failures(404) },
      detail: { summary: "Write a note about an order, for the shop's own people" },
    })
    .post("/:id/resolution", ({ shop, params, body }) => resolvePayment(shop, params.id, body), {
      params: IdPath,
      body: NewResolution,
      response: { 200: Order, ...failures(404, 409) },
      detail: {
        summary: "Say that a person has seen to a flagged payment",
        description:
          "A payment is flagged when its provider reports another amount, refuses a refund, or tells of a dispute. The note goes into the audit.",
      },
    });

const sending = (web: Web) => {
  const step = { params: IdPath, response: { 200: Order, ...failures(404, 409) } };
  return adminRoutes(web, "orders", "/orders")
    .post(
      "/:id/packing",
      ({ shop, user, params, request, set }) =>
        repeatable({ request, user, set }, (once) => packOrder(shop, params.id, once)),
      { ...step, detail: { summary: "Mark an order as packed", ...idempotencyKey } },
    )
    .post(
      "/:id/unpacking",
      ({ shop, user, params, request, set }) =>
        repeatable({ request, user, set }, (once) => unpackOrder(shop, params.id, once)),
      {
        ...step,
        detail: {
          summary: "Take the packing of an order back",
          description: "As long as it has not shipped: it waits to be packed again.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/shipment",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body: body ?? null, set }, (once) => shipOrder(shop, params.id, body, once)),
      {
        ...step,
        body: NewShipment.optional(),
        detail: {
          ...takes({ optional_body: true }),
          summary: "Mark an order, or a part of it, as shipped",
          description:
            "With cash on delivery its units are sold now; any other order must be paid before. With `lines` only these units leave, and the order has shipped once the last of them have.",
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
    );
};

const RefundPath = z.strictObject({ id: wholeNumberText(1, LARGEST_ID), refund_id: wholeNumberText(1, LARGEST_ID) });

const payingBack = (web: Web) =>
  adminRoutes(web, "orders", "/orders")
    .post(
      "/:id/refund",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body, set }, (once) => refundOrder(shop, params.id, body, once)),
      {
        params: IdPath,
        body: NewRefund,
        response: { 200: Order, ...failures(404, 409) },
        detail: {
          summary: "Pay back all that is left, an amount, or the price of some units and the delivery",
          description:
            "Units that have not left are off the order and back on the shelf. The provider is told at once, and again until it has confirmed.",
          ...idempotencyKey,
        },
      },
    )
    .post(
      "/:id/payment-receipt",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body: body ?? null, set }, (once) => receiveMoney(shop, params.id, body, once)),
      {
        params: IdPath,
        body: NewMoneyReceipt.optional(),
        response: { 200: Order, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Mark an order as paid: the money came by a transfer, or over the counter",
          description:
            "Of an order that is paid in cash; what waits at a provider is settled by that. The note goes into the audit.",
          ...idempotencyKey,
        },
      },
    )
    .get("/:id/refund-quote", ({ shop, params, query }) => quoteRefund(shop, params.id, query), {
      params: IdPath,
      query: RefundQuoteQuery,
      response: { 200: RefundQuote, ...failures(404, 409) },
      detail: {
        summary: "Show what a refund of some units and the delivery would come to",
        description: "Reckoned as the refund itself, with discount and tax. Nothing changes.",
      },
    })
    .post(
      "/:id/refunds/:refund_id/retry",
      ({ shop, user, params, request, set }) =>
        repeatable({ request, user, set }, (once) => resendRefund(shop, params.id, params.refund_id, once)),
      {
        params: RefundPath,
        response: { 200: Order, ...failures(404, 409) },
        detail: { summary: "Send a refund that failed once more", ...idempotencyKey },
      },
    )
    .post(
      "/:id/return",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body: body ?? null, set }, (once) => returnOrder(shop, params.id, body, once)),
      {
        params: IdPath,
        body: NewReturn.optional(),
        response: { 200: Order, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Take back the goods of an order",
          description: "They go onto the shelf again and what was paid is paid back, unless told otherwise.",
          ...idempotencyKey,
        },
      },
    );

const takings = (web: Web) =>
  adminRoutes(web, "coupons", "/coupons").get(
    "/:code",
    async ({ shop, params, set }) => {
      const coupon = await reportCoupon(shop, params.code);
      set.headers["etag"] = couponTag(coupon);
      return coupon;
    },
    {
      params: CouponPath,
      response: { 200: CouponTakings, ...failures(404) },
      detail: { summary: "Show a coupon, and what the orders came to that it was used for" },
    },
  );
