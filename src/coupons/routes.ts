import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { listHeaders } from "../http/lists";
import { failures } from "../http/problem";
import { PageQuery, pageOf } from "../base/page";
import { changeCoupon, createCoupon, listCoupons } from "./coupons";
import { Coupon, CouponChange, CouponPath, NewCoupon } from "./schema";

export const couponRoutes = (web: Web) =>
  adminRoutes(web, "coupons", "/coupons")
    .get(
      "",
      async ({ shop, query, request, set }) => {
        const page = pageOf(query);
        const { coupons, total } = await listCoupons(shop, page);
        Object.assign(set.headers, listHeaders(request.url, page, total));
        return coupons;
      },
      {
        query: PageQuery,
        response: { 200: z.array(Coupon), ...failures(401, 403, 422) },
        detail: { summary: "List the coupons, with how often each was used" },
      },
    )
    .post("", async ({ shop, body, status }) => status(201, await createCoupon(shop, body)), {
      body: NewCoupon,
      response: { 201: Coupon, ...failures(400, 401, 403, 409, 413, 415, 422) },
      detail: {
        summary: "Make a coupon",
        description: "A percentage or an amount off. Codes are kept in capitals; buyers may write them as they like.",
      },
    })
    .patch("/:code", ({ shop, params, body }) => changeCoupon(shop, params.code, body), {
      params: CouponPath,
      body: CouponChange,
      response: { 200: Coupon, ...failures(400, 401, 403, 404, 409, 413, 415, 422) },
      detail: { summary: "Change a coupon's limits, or switch it off", description: "What is absent stays." },
    });
