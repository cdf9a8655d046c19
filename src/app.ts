import { Elysia } from "elysia";
import { addressRoutes } from "./accounts/address-routes";
import { createDoorkeeper } from "./auth/sign-in-guard";
import { authRoutes, profileRoutes, userAdminRoutes } from "./accounts/routes";
import { auditRoutes } from "./audit/routes";
import { cartRoutes } from "./carts/routes";
import { catalogRoutes } from "./catalog/routes";
import { about } from "./http/openapi/about";
import { couponRoutes } from "./coupons/routes";
import { accessTable, type Web } from "./http/access";
import { answers } from "./http/response-headers";
import { bodies } from "./http/bodies";
import { crossOrigin } from "./http/cross-origin";
import { docs } from "./http/docs/routes";
import { healthRoutes } from "./http/operating-routes";
import { limits } from "./http/guard/limits";
import { methodsAt } from "./http/methods";
import { overload } from "./http/guard/overload";
import { problems } from "./http/problem";
import { plainQueries } from "./http/plain-query";
import { requestLog } from "./http/request-log";
import { createTokens } from "./auth/tokens";
import type { Job } from "./jobs/registry";
import { orderJobs } from "./orders/jobs";
import { orderRoutes } from "./orders/routes";
import { recommendJobs } from "./recommend/jobs";
import { recommendRoutes } from "./recommend/routes";
import { paymentRoutes } from "./orders/payment-routes";
import { searchRoutes } from "./search/routes";
import { secretsOf } from "./shop/signing-key";
import type { Shop } from "./shop/shop";
import { stockRoutes } from "./catalog/stock-routes";

export const API = "/api/v1";

/** What a served shop does by itself. */
export const shopJobs: readonly Job[] = [...orderJobs, ...recommendJobs];

/** The whole HTTP API, without a port: tests call `handle`, the server calls `listen`. */
export function createApp(shop: Shop) {
  const tokens = createTokens(shop, secretsOf(shop.settings));
  const web: Web = { shop, tokens, doorkeeper: createDoorkeeper(shop) };
  const app = new Elysia();
  app
    .use(answers)
    .use(requestLog(shop))
    .use(problems(shop, (path) => methodsAt(app.routes, path)))
    .use(crossOrigin(shop))
    .use(overload(shop))
    .use(limits(shop, () => app.server))
    .use(bodies)
    .use(plainQueries)
    .use(healthRoutes(web))
    .use(docs(app, about))
    .group(API, (v1) =>
      v1
        .use(authRoutes(web))
        .use(profileRoutes(web))
        .use(addressRoutes(web))
        .use(userAdminRoutes(web))
        .use(catalogRoutes(web))
        .use(searchRoutes(web))
        .use(cartRoutes(web))
        .use(orderRoutes(web))
        .use(recommendRoutes(web))
        .use(paymentRoutes(web))
        .use(couponRoutes(web))
        .use(stockRoutes(web))
        .use(auditRoutes(web)),
    );
  accessTable(app.routes);
  return app;
}
