import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { PageQuery } from "../base/page";
import { checkIfMatch } from "../http/if-match";
import { changeCoupon, couponTag, createCoupon, listCoupons } from "./coupons";
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
    .patch(
      "/:code",
      async ({ shop, params, body, request, set }) => {
        const coupon = await changeCoupon(shop, params.code, body, (now) => checkIfMatch(request, couponTag(now)));
        set.headers["etag"] = couponTag(coupon);
        return coupon;
      },
      {
        params: CouponPath,
        body: CouponChange,
        response: { 200: Coupon, ...failures(404, 409, 412) },
        detail: {
          summary: "Change a coupon's limits, or switch it off",
          description: "What is absent stays. With `If-Match` a write over somebody else's is refused.",
        },
      },
    );
