import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { PageQuery } from "../base/page";
import { changeCoupon, createCoupon, listCoupons } from "./coupons";
import { Coupon, CouponChange, CouponPath, NewCoupon } from "./schema";

export const couponRoutes = (web: Web) =>
  adminRoutes(web, "coupons", "/coupons")
    .get(
      "",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listCoupons(shop, page)),
      {
        query: PageQuery,
        response: { 200: z.array(Coupon) },
        detail: { summary: "List the coupons, with how often each was used" },
      },
    )
    .post("", async ({ shop, body, status }) => status(201, await createCoupon(shop, body)), {
      body: NewCoupon,
      response: { 201: Coupon, ...failures(409) },
      detail: {
        summary: "Make a coupon",
        description: "A percentage or an amount off. Codes are kept in capitals; buyers may write them as they like.",
      },
    })
    .patch("/:code", ({ shop, params, body }) => changeCoupon(shop, params.code, body), {
      params: CouponPath,
      body: CouponChange,
      response: { 200: Coupon, ...failures(404, 409) },
      detail: { summary: "Change a coupon's limits, or switch it off", description: "What is absent stays." },
    });
