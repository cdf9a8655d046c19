import type { Access } from "../../src/http/declared";

/**
 * Who may call what, written down a second time and by hand: a route that is open by mistake differs from this, and one
 * that is not here fails the tests until somebody has thought about it. The path is the router's.
 */
export const rules: Record<string, Access | "signed"> = {
  "GET /": "public",
  "GET /healthz": "public",
  "GET /readyz": "public",
  "GET /metrics": "public",
  "GET /api-endpoints": "public",
  "GET /docs": "public",
  "GET /docs/files/:name": "public",
  "GET /redoc": "public",
  "GET /admin": "public",
  "GET /admin/*": "public",
  "GET /admin/files/:name": "public",
  "GET /shop": "public",
  "GET /shop/*": "public",
  "GET /shop/files/:name": "public",
  "GET /api/v1/openapi.json": "public",

  "POST /api/v1/auth/register": "public",
  "POST /api/v1/auth/login": "public",
  "POST /api/v1/auth/token": "public",
  "POST /api/v1/auth/pages/:page": "public",
  "POST /api/v1/auth/pages/:page/renewal": "public",
  "DELETE /api/v1/auth/pages/:page": "public",
  "POST /api/v1/auth/refresh": "public",
  "POST /api/v1/auth/password/forgot": "public",
  "POST /api/v1/auth/password/reset": "public",
  "POST /api/v1/auth/password": "user",
  "POST /api/v1/auth/logout": "user",
  "POST /api/v1/auth/logout-all": "user",
  "GET /api/v1/auth/sessions": "user",
  "DELETE /api/v1/auth/sessions/:id": "user",

  "GET /api/v1/users/me": "user",
  "PUT /api/v1/users/me": "user",
  "GET /api/v1/users/me/export": "user",
  "DELETE /api/v1/users/me": "user",
  "GET /api/v1/users/:id/export": "admin",
  "DELETE /api/v1/users/:id": "admin",
  "GET /api/v1/users/me/addresses": "user",
  "POST /api/v1/users/me/addresses": "user",
  "PUT /api/v1/users/me/addresses/:id": "user",
  "DELETE /api/v1/users/me/addresses/:id": "user",
  "GET /api/v1/orders/addresses": "user",
  "POST /api/v1/orders/addresses": "user",
  "GET /api/v1/users": "admin",
  "GET /api/v1/users/:id": "admin",
  "PATCH /api/v1/users/:id": "admin",

  "GET /api/v1/products": "public",
  "GET /api/v1/products/:id": "public",
  "GET /api/v1/products/slug/:slug": "public",
  "GET /api/v1/products/:id/similar": "public",
  "GET /api/v1/products/:id/bought-together": "public",
  "GET /api/v1/categories": "public",
  "POST /api/v1/products": "admin",
  "PUT /api/v1/products/:id": "admin",
  "PATCH /api/v1/products/:id": "admin",
  "DELETE /api/v1/products/:id": "admin",
  "POST /api/v1/products/:id/restoration": "admin",

  "GET /api/v1/search": "public",
  "GET /api/v1/search/products": "public",
  "GET /api/v1/search/suggestions": "public",
  "GET /api/v1/search/typeahead": "public",

  "GET /api/v1/cart": "user",
  "DELETE /api/v1/cart": "user",
  "POST /api/v1/cart/add": "user",
  "POST /api/v1/cart/remove": "user",
  "POST /api/v1/cart/items": "user",
  "POST /api/v1/cart/quote": "user",
  "PUT /api/v1/cart/items/:product_id": "user",
  "DELETE /api/v1/cart/items/:product_id": "user",

  "POST /api/v1/orders/checkout": "user",
  "GET /api/v1/orders": "user",
  "GET /api/v1/orders/:id": "user",
  "POST /api/v1/orders/:id/cancellation": "user",
  "POST /api/v1/orders/:id/payment": "user",
  "GET /api/v1/orders/all": "admin",
  "POST /api/v1/orders/:id/packing": "admin",
  "POST /api/v1/orders/:id/shipment": "admin",
  "POST /api/v1/orders/:id/delivery": "admin",
  "POST /api/v1/orders/:id/refund": "admin",
  "POST /api/v1/orders/:id/return": "admin",
  "POST /api/v1/orders/:id/resolution": "admin",
  "POST /api/v1/orders/:id/refunds/:refund_id/retry": "admin",
  "POST /api/v1/orders": "admin",
  "PATCH /api/v1/orders/:id": "admin",
  "POST /api/v1/orders/:id/notes": "admin",

  "GET /api/v1/shipping-methods": "public",
  "GET /api/v1/shipping-methods/all": "admin",
  "POST /api/v1/shipping-methods": "admin",
  "PATCH /api/v1/shipping-methods/:id": "admin",
  "DELETE /api/v1/shipping-methods/:id": "admin",
  "GET /api/v1/tax-rates": "public",
  "POST /api/v1/tax-rates": "admin",
  "PATCH /api/v1/tax-rates/:id": "admin",
  "DELETE /api/v1/tax-rates/:id": "admin",

  "POST /api/v1/payments/:provider/webhook": "signed",
  // Pages for a developer without a real gateway; off in production.
  "GET /api/v1/payments/mock/pages/:reference": "public",
  "POST /api/v1/payments/mock/pages/:reference": "public",
  "GET /api/v1/coupons": "admin",
  "POST /api/v1/coupons": "admin",
  "PATCH /api/v1/coupons/:code": "admin",

  "GET /api/v1/orders/:id/invoice": "user",
  "GET /api/v1/orders/:id/packing-slip": "admin",
  "GET /api/v1/orders/:id/delivery-note": "admin",
  "GET /api/v1/invoices": "admin",
  "GET /api/v1/invoices/:id": "user",

  "GET /api/v1/webhooks": "admin",
  "POST /api/v1/webhooks": "admin",
  "GET /api/v1/webhooks/:id": "admin",
  "PATCH /api/v1/webhooks/:id": "admin",
  "DELETE /api/v1/webhooks/:id": "admin",
  "POST /api/v1/webhooks/:id/rotation": "admin",
  "POST /api/v1/webhooks/:id/test": "admin",
  "GET /api/v1/webhooks/:id/deliveries": "admin",
  "GET /api/v1/deliveries": "admin",
  "POST /api/v1/deliveries/:id/retry": "admin",

  "GET /api/v1/recommend": "user",
  "GET /api/v1/recommend/me": "user",
  "GET /api/v1/recommend/buy-again": "user",
  "GET /api/v1/recommend/:user_id": "user",
  "GET /api/v1/recommend/popular": "public",
  "POST /api/v1/recommend/retrain": "admin",
  "GET /api/v1/recommend/models": "admin",
  "POST /api/v1/events": "user",

  "GET /api/v1/admin/sales": "admin",
  "POST /api/v1/admin/products/bulk-upload": "admin",
  "GET /api/v1/admin/stock/low": "admin",
  "POST /api/v1/admin/stock/:product_id/adjustment": "admin",
  "GET /api/v1/admin/audit": "admin",
};

/** Whether a call is made by a machine that signs what it sends: it reads the body as it comes. */
export const isSigned = (operation: string): boolean => rules[operation.replaceAll(/\{(\w+)\}/g, ":$1")] === "signed";

/** What of mine an address may name, and what a stranger hears who names it. */
export const belongings: Record<
  string,
  { of: "order" | "address" | "session" | "user" | "invoice"; stranger: number }
> = {
  "DELETE /api/v1/auth/sessions/:id": { of: "session", stranger: 404 },
  "PUT /api/v1/users/me/addresses/:id": { of: "address", stranger: 404 },
  "DELETE /api/v1/users/me/addresses/:id": { of: "address", stranger: 404 },
  "GET /api/v1/orders/:id": { of: "order", stranger: 404 },
  "POST /api/v1/orders/:id/cancellation": { of: "order", stranger: 404 },
  "POST /api/v1/orders/:id/payment": { of: "order", stranger: 404 },
  "GET /api/v1/orders/:id/invoice": { of: "order", stranger: 404 },
  "GET /api/v1/invoices/:id": { of: "invoice", stranger: 404 },
  "GET /api/v1/recommend/:user_id": { of: "user", stranger: 403 },
};

/** Parameters that name nobody's property. */
export const shared = new Set(["product_id", "slug"]);
