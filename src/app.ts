import { Elysia } from "elysia";
import { addressRoutes } from "./accounts/address-routes";
import { userAdminRoutes } from "./accounts/admin-routes";
import { profileRoutes } from "./accounts/profile-routes";
import { auditJobs } from "./audit/jobs";
import { audited } from "./audit/recording";
import { jobRoutes } from "./jobs/routes";
import { auditRoutes } from "./audit/routes";
import { secondFactorRoutes } from "./auth/second-factor-routes";
import { identifier } from "./auth/identify";
import { identifyKeysAnd } from "./keys/identify";
import { keyRoutes } from "./keys/routes";
import { pageSessionRoutes } from "./auth/page-routes";
import { authRoutes } from "./auth/routes";
import { sessionRoutes } from "./auth/session-routes";
import { authJobs } from "./auth/jobs";
import { createSignInGuard } from "./auth/sign-in-guard";
import { standingRoutes } from "./auth/standing-routes";
import { createTokens } from "./auth/tokens";
import { API } from "./base/api";
import { settingRoutes } from "./admin/settings-routes";
import { backupJobs } from "./backups/jobs";
import { backupRoutes } from "./backups/routes";
import { cartRoutes } from "./carts/routes";
import { imageRoutes } from "./catalog/image-routes";
import { bulkRoutes } from "./catalog/bulk-routes";
import { categoryRoutes } from "./catalog/category-routes";
import { catalogRoutes } from "./catalog/routes";
import { storefrontRoutes } from "./storefront/routes";
import { stockRoutes } from "./catalog/stock-routes";
import { doctorJobs } from "./doctor/jobs";
import { doctorRoutes } from "./doctor/routes";
import { renameInCoupons } from "./coupons/coupons";
import { couponRoutes } from "./coupons/routes";
import { mergeGuest } from "./guests/guests";
import { guestJobs } from "./guests/jobs";
import { guestRoutes } from "./guests/routes";
import type { Web } from "./http/access";
import { bodies } from "./http/bodies";
import { compression } from "./http/compression";
import { publicCaching } from "./http/public-caching";
import { crossOrigin } from "./http/cross-origin";
import { docs, type MakeElsewhere } from "./http/docs/routes";
import { front } from "./http/front";
import { createAdmission } from "./http/guard/admission";
import { about } from "./http/openapi/about";
import { healthRoutes } from "./http/operating-routes";
import { pageRoutes } from "./http/pages";
import { plainQueries } from "./http/plain-query";
import { problems } from "./http/problem";
import type { Job } from "./jobs/registry";
import { serverJobs } from "./jobs/servers";
import { pictureRoutes } from "./media/routes";
import { monitoringJobs } from "./monitoring/jobs";
import { monitoringRoutes } from "./monitoring/routes";
import { hasBought } from "./orders/customer-queries";
import { orderJobs } from "./orders/jobs";
import { responseHeaders } from "./http/response-headers";
import { indexRoutes } from "./http/route-index";
import { paymentRoutes } from "./orders/payment-routes";
import { adminOrderRoutes } from "./orders/admin-routes";
import { recallRoutes } from "./orders/recall-routes";
import { orderRoutes } from "./orders/routes";
import { shippingRoutes } from "./shipping/routes";
import { taxRoutes } from "./tax/routes";
import { outboxJobs } from "./outbox/jobs";
import { recommendJobs } from "./recommend/jobs";
import { invoiceRoutes } from "./invoices/routes";
import { privacyRoutes } from "./privacy/routes";
import { returnRoutes } from "./returns/routes";
import { eventRoutes } from "./outbox/routes";
import { webhookRoutes } from "./webhooks/routes";
import { recommendAdminRoutes } from "./recommend/admin-routes";
import { recommendRoutes } from "./recommend/routes";
import { searchJobs } from "./search/jobs";
import { exportRoutes } from "./exports/routes";
import { importRoutes } from "./imports/routes";
import { reportRoutes } from "./reports/routes";
import { searchAdminRoutes } from "./search/admin-routes";
import { searchRoutes } from "./search/routes";
import type { Shop } from "./shop/shop";
import { replicaReads } from "./http/replica-reads";
import { signingKeys } from "./shop/signing-key";

/** What a served shop does by itself. */
export const shopJobs: readonly Job[] = [
  ...guestJobs,
  ...auditJobs,
  ...authJobs,
  ...monitoringJobs,
  ...serverJobs,
  ...backupJobs,
  ...doctorJobs,
  ...orderJobs,
  ...outboxJobs,
  ...searchJobs,
  ...recommendJobs,
];

/**
 * The whole HTTP API, without a port: tests call `handle`, the server calls `listen`. Where others wait meanwhile, `documentOf`
 * makes the API's document in another process.
 */
export function createApp(shop: Shop, documentOf?: MakeElsewhere) {
  const guard = createSignInGuard(shop);
  const door = { tokens: createTokens(shop, signingKeys(shop.settings)), guard, mergeGuest, hasBought };
  const identify = identifyKeysAnd(shop, identifier(shop, door.tokens));
  const web: Web = { shop, identify: (token) => shop.database.onPrimary(() => identify(token)), audited };
  // Elysia would look for the path beyond the first four characters of a host, and find another in `a/healthz?/api/v1/…`.
  const app = new Elysia({ handler: { standardHostname: false } });
  const routes = indexRoutes(() => app.routes);
  app
    .use(responseHeaders)
    .use(replicaReads(shop))
    .use(problems(shop, routes.methodsAt))
    .use(crossOrigin(shop))
    .use(compression(shop.settings))
    .use(front(shop, () => app, routes, createAdmission(shop)))
    .use(publicCaching(shop.settings))
    .use(bodies(web, routes))
    .use(plainQueries)
    .use(healthRoutes(web))
    .use(monitoringRoutes(web, shopJobs))
    .use(
      shop.settings.docs
        ? docs(app, about, { elsewhere: documentOf, publicUrl: shop.settings.publicUrl })
        : new Elysia(),
    )
    .use(pages(shop))
    .group(API, (v1) =>
      v1
        .use(authRoutes(web, door))
        .use(sessionRoutes(web, door))
        .use(secondFactorRoutes(web, door))
        .use(pageSessionRoutes(web, door))
        .use(guestRoutes(web, door))
        .use(profileRoutes(web))
        .use(addressRoutes(web))
        .use(userAdminRoutes(web))
        .use(standingRoutes(web))
        .use(catalogRoutes(web))
        .use(imageRoutes(web))
        .use(categoryRoutes(web, renameInCoupons))
        .use(bulkRoutes(web))
        .use(storefrontRoutes(web))
        .use(pictureRoutes(web))
        .use(searchRoutes(web))
        .use(searchAdminRoutes(web))
        .use(cartRoutes(web))
        .use(orderRoutes(web))
        .use(adminOrderRoutes(web))
        .use(recallRoutes(web))
        .use(shippingRoutes(web))
        .use(taxRoutes(web))
        .use(recommendRoutes(web))
        .use(recommendAdminRoutes(web))
        .use(paymentRoutes(web))
        .use(couponRoutes(web))
        .use(stockRoutes(web))
        .use(invoiceRoutes(web))
        .use(keyRoutes(web))
        .use(eventRoutes(web))
        .use(returnRoutes(web))
        .use(privacyRoutes(web, door))
        .use(webhookRoutes(web))
        .use(jobRoutes(web, shopJobs))
        .use(backupRoutes(web))
        .use(doctorRoutes(web))
        .use(settingRoutes(web))
        .use(auditRoutes(web))
        .use(importRoutes(web))
        .use(exportRoutes(web))
        .use(reportRoutes(web, shopJobs)),
    );
  // A route that does not say who may call it keeps the shop from starting.
  routes.methodsAt("/");
  return app;
}

/** The pages for browsers that the settings ask for. */
function pages({ settings }: Shop) {
  const routes = new Elysia();
  if (settings.adminPage) routes.use(pageRoutes("/admin", settings.publicUrl));
  if (settings.shopPage) routes.use(pageRoutes("/shop", settings.publicUrl));
  return routes;
}
