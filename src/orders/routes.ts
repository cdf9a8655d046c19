import { z } from "zod";
import { userRoutes, type Web } from "../http/access";
import { listHeaders } from "../http/list";
import { failures } from "../http/problem";
import { PageQuery, pageOf } from "../page";
import { IdPath } from "../shapes";
import { getOrder, listOrders, placeOrder } from "./orders";
import { Checkout, Order, Receipt } from "./schema";

export const orderRoutes = (web: Web) => {
  const { shop } = web;
  return userRoutes(web, "orders", "/orders")
    .post(
      "/checkout",
      async ({ user, body, set, status }) => {
        const receipt = await placeOrder(shop, user.id, body);
        set.headers["location"] = `/api/v1/orders/${receipt.order_id}`;
        return status(201, receipt);
      },
      {
        body: Checkout,
        response: { 201: Receipt, ...failures(400, 401, 404, 409, 413, 415, 422) },
        detail: {
          summary: "Place an order from my cart",
          description:
            "All of it or nothing. 409 `out_of_stock` names every line that is short, `cart_empty` an empty cart.",
        },
      },
    )
    .get(
      "",
      async ({ user, query, request, set }) => {
        const page = pageOf(query);
        const { orders, total } = await listOrders(shop, user.id, page);
        Object.assign(set.headers, listHeaders(request.url, page, total));
        return orders;
      },
      {
        query: PageQuery,
        response: { 200: z.array(Order), ...failures(401, 422) },
        detail: { summary: "List my orders, newest first" },
      },
    )
    .get("/:id", ({ user, params }) => getOrder(shop, user.id, params.id), {
      params: IdPath,
      response: { 200: Order, ...failures(401, 404, 422) },
      detail: { summary: "Show one of my orders" },
    });
};
