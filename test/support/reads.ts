/** Whose and which rows are read. What a shop does not have is absent, and what reads it is left out. */
export interface Subjects {
  product: number;
  slug: string;
  category: string;
  brand: string;
  user: number;
  email: string;
  order: number;
  invoice?: number | undefined;
  return?: number | undefined;
  webhook?: number | undefined;
  coupon?: string | undefined;
  /** Of a payment with the mock gateway. */
  reference?: string | undefined;
  /** A moment that some of the orders came after. */
  since: string;
}

const LISTS = ["", "page=3", "cursor="];

/** What a catalog is narrowed down by and ordered by. */
const narrowed = ({ category, brand }: Subjects) => {
  const name = encodeURIComponent(category);
  const attribute = `attr.brand=${encodeURIComponent(brand)}`;
  return [
    ...LISTS,
    "page=500",
    `category=${name}`,
    `category=${name}&in_stock=true`,
    "min_price=100&max_price=105",
    "min_price=1&max_price=1000",
    "max_price=100",
    "in_stock=true",
    "in_stock=false",
    attribute,
    "attr.pack=box",
    `${attribute}&attr.pack=box`,
    ...["newest", "popular", "name", "price_asc", "price_desc"].flatMap((sort) => [
      `sort=${sort}`,
      `sort=${sort}&page=20`,
      `sort=${sort}&category=${name}`,
      `sort=${sort}&min_price=1`,
      `sort=${sort}&in_stock=true`,
    ]),
    `min_price=10&max_price=500&in_stock=true&${attribute}`,
  ];
};

/** Common words, rare ones, a slip, many words, and a beginning of nearly everything. */
const SEARCHES = ["assam+tea", "masala", "g", "masalaa", "basmati+rice+5kg", "zzyzx"];
export const TWO_WORDS = "masala+powder";
export const TWELVE_WORDS = "masala+powder+tea+rice+organic+fresh+pack+premium+classic+whole+red+pure";

const own = <Id>(id: Id | undefined, path: (id: Id) => string) => (id === undefined ? [] : [path(id)]);
const withQueries = (path: string, queries: readonly string[]) =>
  queries.map((query) => (query === "" ? path : `${path}?${query}`));

/**
 * Every address that is read by GET, by the pattern of its route, each in several forms: with and without filters, in each
 * order, at its beginning and deep down. A route that is not here fails the test of the plans.
 */
export function readsOf(subjects: Subjects): Record<string, string[]> {
  const { product, slug, user, order, since, email } = subjects;
  const category = encodeURIComponent(subjects.category);
  return {
    "/products/:id": [`/products/${product}`],
    "/products/slug/:slug": [`/products/slug/${slug}`],
    "/products": withQueries("/products", narrowed(subjects)),
    "/categories": ["/categories"],
    "/shop": ["/shop"],
    "/search": withQueries("/search", [
      ...[...SEARCHES, TWO_WORDS, TWELVE_WORDS].map((words) => `q=${words}`),
      "q=masala&page=50",
      `q=masala&category=${category}`,
    ]),
    "/search/products": withQueries("/search/products", [
      ...narrowed(subjects),
      ...[...SEARCHES, TWO_WORDS, TWELVE_WORDS].map((words) => `q=${words}`),
      "q=masala&max_price=100",
      "q=masala&in_stock=true",
      `q=masala&category=${category}`,
      ...["newest", "popular", "name", "price_asc", "price_desc"].map((sort) => `q=masala&sort=${sort}`),
    ]),
    "/search/suggestions": withQueries("/search/suggestions", ["q=m", "q=masala", "q=masla", "q=red+m"]),
    "/search/typeahead": withQueries("/search/typeahead", ["q=m", "q=ma", "q=masla"]),
    "/recommend/popular": withQueries("/recommend/popular", ["", `category=${category}`, "limit=50"]),
    "/products/:id/similar": [`/products/${product}/similar`],
    "/products/:id/bought-together": [`/products/${product}/bought-together`],
    "/recommend": withQueries("/recommend", [
      "",
      "limit=50",
      "context=cart",
      `context=product&product_id=${product}`,
      `category=${category}`,
    ]),
    "/recommend/me": withQueries("/recommend/me", ["", `category=${category}`, "max_price=100"]),
    "/recommend/buy-again": ["/recommend/buy-again"],
    "/recommend/:user_id": [`/recommend/${user}`],
    "/recommend/models": ["/recommend/models"],
    "/admin/recommend/trial": ["/admin/recommend/trial"],
    "/admin/recommend/explanation": withQueries("/admin/recommend/explanation", [`customer=${user}`]),
    "/cart": ["/cart"],
    "/users/me": ["/users/me"],
    "/users/me/addresses": ["/users/me/addresses"],
    "/users/me/export": ["/users/me/export"],
    "/auth/sessions": ["/auth/sessions"],
    "/auth/second-factor": ["/auth/second-factor"],
    "/orders/addresses": ["/orders/addresses"],
    "/orders": withQueries("/orders", LISTS),
    "/orders/:id": [`/orders/${order}`],
    "/orders/:id/events": [`/orders/${order}/events`],
    "/orders/:id/refund-quote": [`/orders/${order}/refund-quote`],
    "/orders/:id/returns": [`/orders/${order}/returns`],
    "/orders/:id/packing-slip": [`/orders/${order}/packing-slip`],
    "/orders/:id/delivery-note": [`/orders/${order}/delivery-note`],
    "/orders/:id/invoice": own(subjects.invoice, () => `/orders/${order}/invoice`),
    "/orders/all": withQueries("/orders/all", [
      ...LISTS,
      "page=500",
      ...["placed", "packed", "shipped", "delivered", "cancelled", "returned"].map((status) => `status=${status}`),
      ...["pending", "paid", "failed", "refunded"].map((status) => `payment_status=${status}`),
      "payment_method=cod",
      `payment_method=UPI&since=${since}`,
      "payment_method=card&status=delivered",
      "status=delivered&payment_status=paid",
      `user_id=${user}`,
      `email=${encodeURIComponent(email)}`,
      "email=nobody@example.com",
      "name=asha",
      "name=zzyzx",
      "phone=98765",
      `product_id=${product}`,
      `product_id=${product}&status=delivered`,
      `product_id=${product}&user_id=${user}`,
      "sku=ZZYZX-1",
      "q=ZZYZX-1",
      "tag=gift",
      `since=${since}`,
      `until=${since}`,
      `since=${since}&status=delivered`,
      "min_total=100000",
      "min_total=1&max_total=2",
      `q=${order}`,
      `q=${encodeURIComponent(email)}`,
      "q=asha",
      "q=zzyzx",
    ]),
    "/products/:id/buyers": withQueries(`/products/${product}/buyers`, [
      "",
      "size=1",
      `since=${since}`,
      `until=${since}`,
    ]),
    "/users": withQueries("/users", [...LISTS, "page=500", "q=asha", "q=zzyzx", "q=example.com", "guests=true"]),
    "/users/:id": [`/users/${user}`],
    "/users/:id/sessions": [`/users/${user}/sessions`],
    "/users/:id/addresses": [`/users/${user}/addresses`],
    "/users/:id/export": [`/users/${user}/export`],
    "/shipping-methods": ["/shipping-methods"],
    "/shipping-methods/all": ["/shipping-methods/all"],
    "/tax-rates": ["/tax-rates"],
    "/coupons": withQueries("/coupons", LISTS),
    "/admin/stock/low": withQueries("/admin/stock/low", LISTS),
    "/admin/audit": withQueries("/admin/audit", [
      ...LISTS,
      "page=500",
      "action=sign_in",
      "action=nothing",
      `user_id=${user}`,
      `user_id=${user}&action=sign_in`,
    ]),
    "/admin/stock": withQueries("/admin/stock", [...LISTS, "page=500"]),
    "/admin/stock/:product_id": [`/admin/stock/${product}`],
    "/admin/stock/:product_id/moves": withQueries(`/admin/stock/${product}/moves`, LISTS),
    "/admin/search/misses": ["/admin/search/misses"],
    "/admin/search/synonyms": ["/admin/search/synonyms"],
    "/admin/search/synonyms/proposals": ["/admin/search/synonyms/proposals"],
    "/orders/sums": withQueries("/orders/sums", [
      "",
      "status=delivered&payment_status=paid",
      `user_id=${user}`,
      "name=asha",
      `product_id=${product}`,
      `since=${since}`,
      "min_total=1&max_total=2",
      "q=zzyzx",
    ]),
    "/orders/quote": withQueries("/orders/quote", [
      `lines=${product}:1`,
      `lines=${product}:1&country=IN&pincode=411001`,
    ]),
    "/admin/search/why": withQueries("/admin/search/why", [`q=cotton%20mug&product_id=${product}`]),
    "/payments/mock/pages/:reference": own(subjects.reference, (one) => `/payments/mock/pages/${one}`),
    "/coupons/:code": own(subjects.coupon, (code) => `/coupons/${code}`),
    "/admin/packing-slips": withQueries("/admin/packing-slips", [`ids=${order}`]),
    "/admin/products/deleted": withQueries("/admin/products/deleted", LISTS),
    "/admin/products/export": ["/admin/products/export"],
    "/admin/orders/export": ["/admin/orders/export", "/admin/orders/export?payment_method=cod"],
    "/admin/customers/export": ["/admin/customers/export"],
    "/admin/settings": ["/admin/settings"],
    "/admin/jobs": ["/admin/jobs"],
    "/admin/sales": withQueries("/admin/sales", ["", "range=today", "range=last_12_months", "range=this_year&by=week"]),
    "/admin/overview": ["/admin/overview"],
    "/admin/events": withQueries("/admin/events", ["", "after=1"]),
    "/invoices": withQueries("/invoices", [
      ...LISTS,
      "page=500",
      "kind=invoice",
      "kind=credit_note",
      `order_id=${order}`,
    ]),
    "/invoices/:id": own(subjects.invoice, (id) => `/invoices/${id}`),
    "/returns": withQueries("/returns", [...LISTS, "status=requested", `order_id=${order}`]),
    "/returns/:id": own(subjects.return, (id) => `/returns/${id}`),
    "/keys": ["/keys"],
    "/webhooks": ["/webhooks"],
    "/webhooks/:id": own(subjects.webhook, (id) => `/webhooks/${id}`),
    "/webhooks/:id/deliveries": own(subjects.webhook, (id) => `/webhooks/${id}/deliveries`),
    "/deliveries": withQueries("/deliveries", [
      ...LISTS,
      "page=500",
      "state=sent",
      "state=waiting",
      "state=given_up",
      "channel=mail",
      "channel=webhook",
      `order_id=${order}`,
    ]),
  };
}

/** What a GET answers without a look at the tables of the shop, by the pattern of its route. */
export const READS_OF_NOTHING = new Set([
  "/",
  "/healthz",
  "/readyz",
  "/metrics",
  "/api-endpoints",
  "/favicon.ico",
  "/docs",
  "/docs/files/:name",
  "/redoc",
  "/admin",
  "/admin/*",
  "/admin/files/:name",
  "/shop",
  "/shop/*",
  "/shop/files/:name",
  "/api/v1/openapi.json",
  "/api/v1/images/:file",
  "/api/v1/admin/backups",
  // In a process of its own.
  "/api/v1/admin/doctor",
]);
