// Made by: bun sanset openapi | bun client/generate.ts
export interface Shapes {
  Registration: { full_name: string; email: string; phone: string; password: string };
  Credentials: { email: string; password: string; code?: string };
  PasswordForm: { grant_type?: "password"; username: string; password: string; scope?: string; client_id?: string; client_secret?: string; code?: string };
  Refresh: { refresh_token: string };
  ForgottenPassword: { email: string };
  PasswordReset: { token: string; new_password: string };
  EmailToken: { token: string };
  PasswordChange: { current_password: string; new_password: string };
  PasswordCheck: { password: string; code?: string };
  EmailChange: { email: string; password: string };
  SecondFactorPassword: { password: string };
  SecondFactorCode: { code: string };
  NewGuest: { order_token?: string };
  Profile: { full_name?: string; phone?: string; preferences?: Shapes["NewJsonObject"] };
  NewJsonObject: Record<string, unknown>;
  NewAddress: { label: string; address_line: string; city: string; state?: string | null; pincode: string; country?: string | null; full_name?: string | null; phone?: string | null; lat?: number | null; lng?: number | null };
  Standing: { is_active?: boolean; is_admin?: boolean; full_name?: string; phone?: string; email?: string };
  NewProduct: { slug?: string; name?: string; category?: string; price?: number; stock?: number; attributes?: Shapes["NewJsonObject"]; description?: string | null; image_url?: string | null; compare_at_price?: number | null; sku?: string | null; barcode?: string | null; options?: Record<string, string>; tax_class?: string; weight_grams?: number; low_stock_at?: number | null; option_names?: (string)[]; parent_id?: number };
  ProductChange: { slug?: string; name?: string; category?: string; price?: number; stock?: number; attributes?: Shapes["NewJsonObject"]; description?: string | null; image_url?: string | null; compare_at_price?: number | null; sku?: string | null; barcode?: string | null; options?: Record<string, string>; tax_class?: string; weight_grams?: number; low_stock_at?: number | null; option_names?: (string)[]; parent_id?: number | null; image_id?: number | null };
  Restoration: { slug?: string };
  PictureBytes: string;
  ImageChange: { alt?: string; position?: number };
  CategoryChange: { name?: string; merge?: boolean; parent?: string | null; slug?: string | null; description?: string | null; position?: number };
  BulkChange: { filter: { ids?: (number)[]; category?: string; min_price?: number; max_price?: number; in_stock?: boolean; attributes?: Record<string, string> }; change: { price_percent?: number; price_by?: number; price?: number; round_to?: number; category?: string; tax_class?: string; weight_grams?: number; low_stock_at?: number | null; attributes?: Shapes["NewJsonObject"] }; confirm?: string };
  NewSynonyms: { phrases: (string)[]; finds?: (string)[] };
  Addition: { product_id: number; qty?: number };
  Removal: { product_id: number };
  NewQty: { qty: number };
  CartQuoteAsked: { address_id?: number; country?: string; state?: string; pincode?: string; shipping_method_id?: number | null; coupon_code?: string | null };
  Checkout: { payment_method: string; address_id: number; coupon_code?: string | null; shipping_method_id?: number | null; expected_total?: number | null; cart_version?: string | null; email?: string | null; customer_note?: string | null; billing_address_id?: number | null; tax_id?: string | null };
  NewCancellation: { lines?: ({ product_id?: number; line?: number; qty: number })[]; reason?: string };
  NewPayment: { payment_method?: string };
  NewOrder: { user_id?: number; contact?: { full_name: string; email?: string; phone?: string }; lines: ({ product_id: number; qty: number; price?: number })[]; payment_method?: string; paid?: boolean; address_id?: number; address?: Shapes["NewAddress"]; coupon_code?: string; discount?: number; shipping_method_id?: number; shipping?: number; customer_note?: string; tax_id?: string; tags?: (string)[] };
  OrderChange: { tags?: (string)[]; tracking_number?: string; carrier?: string; email?: string; address?: Shapes["NewAddress"] };
  NewOrderNote: { note: string };
  NewResolution: { note: string };
  NewShipment: { lines?: ({ product_id?: number; line?: number; qty: number })[]; tracking_number?: string | null; carrier?: string | null };
  NewRefund: { amount?: number; lines?: ({ product_id?: number; line?: number; qty: number })[]; shipping?: boolean; restock?: boolean; by_hand?: boolean; reason?: string };
  NewMoneyReceipt: { note?: string };
  NewReturn: { restock?: boolean; refund?: boolean; lines?: ({ product_id?: number; line?: number; qty: number })[] };
  NewShippingMethod: { name: string; price: number; description?: string | null; countries?: (string)[] | null; states?: (string)[] | null; pincodes?: (string)[] | null; price_per_kg?: number; free_from?: number | null; min_total?: number | null; max_total?: number | null; max_grams?: number | null; delivery_minutes?: number | null; position?: number; is_active?: boolean };
  ShippingMethodChange: { name?: string; price?: number; description?: string | null; countries?: (string)[] | null; states?: (string)[] | null; pincodes?: (string)[] | null; price_per_kg?: number; free_from?: number | null; min_total?: number | null; max_total?: number | null; max_grams?: number | null; delivery_minutes?: number | null; position?: number; is_active?: boolean };
  NewTaxRate: { name: string; percent: number; tax_class?: string; country?: string | null; state?: string | null };
  TaxRateChange: { name?: string; percent?: number };
  NewEvent: { type: "view" | "click" | "dismiss"; product_id: number };
  RecommendRoleChange: { role: "serving" | "candidate" | "retired" };
  SignedEvent: string;
  NewCoupon: { code: string; percent?: number; amount?: number; min_total?: number; starts_at?: string | null; ends_at?: string | null; max_uses?: number | null; max_uses_per_customer?: number | null; categories?: (string)[] | null; is_active?: boolean };
  CouponChange: { min_total?: number; starts_at?: string | null; ends_at?: string | null; max_uses?: number | null; max_uses_per_customer?: number | null; categories?: (string)[] | null; is_active?: boolean };
  ShelfChanges: { lines: ({ product: string; delta?: number; counted?: number })[]; reason: string; dry_run?: boolean };
  Adjustment: { delta: number; reason: string };
  NewKey: { name: string; scopes: (string)[]; expires_at?: string | null };
  ReturnRequest: { lines?: ({ product_id?: number; line?: number; qty: number })[]; reason?: string | null };
  ReturnDecision: { note?: string | null };
  ReturnReceipt: { lines?: ({ line: number; qty: number; restocked?: number })[]; refund?: boolean; is_last?: boolean };
  Farewell: { password: string };
  NewWebhook: { url: string; types: (Shapes["WebhookType"])[] };
  WebhookType: "order.placed" | "order.paid" | "order.cancelled" | "order.packed" | "order.unpacked" | "order.shipped" | "order.delivered" | "order.refunded" | "order.changed" | "return.requested" | "return.decided" | "return.received" | "invoice.issued" | "product.changed" | "stock.low" | "user.registered" | "user.erased" | "webhook.test";
  WebhookChange: { url?: string; types?: (Shapes["WebhookType"])[]; state?: "active" | "paused" };
  TableBytes: string;
  Welcome: { message: string; version: string; docs: string; api: string };
  Problem: { type: string; title: string; status: number; detail: string; code: string; request_id: string; errors?: ({ path: string; message: string; code: string })[]; lines?: ({ product_id: number; name: string; requested: number; available: number })[]; total?: number; cart_version?: string; order_id?: number; error?: string; error_description?: string };
  Health: { status: "healthy" };
  Readiness: { status: "ready"; warning?: string };
  Endpoints: { total: number; endpoints: ({ method: string; path: string; summary: string; access: "public" | "user" | "admin" })[] };
  User: { id: number; full_name: string; email: string; phone: string; is_active: boolean; is_admin: boolean; is_guest: boolean; preferences: Shapes["JsonObject"]; email_verified_at: string | null; created_at: string };
  JsonObject: Record<string, unknown>;
  Tokens: { access_token: string; token_type: "bearer"; expires_in: number; refresh_token: string };
  Said: { message: string };
  OpenSession: { id: string; address: string | null; user_agent: string | null; created_at: string; last_used_at: string; expires_at: string; current: boolean };
  SecondFactor: { is_on: boolean; recovery_codes_left: number };
  NewSecondFactor: { secret: string; otpauth_url: string };
  RecoveryCodes: { recovery_codes: (string)[] };
  PageTokens: { access_token: string; token_type: "bearer"; expires_in: number };
  Address: { id: number; user_id: number; label: string; address_line: string; city: string; state: string | null; pincode: string; country: string; full_name: string | null; phone: string | null; lat: number | null; lng: number | null };
  ProductDetail: { id: number; slug: string; name: string; category: string; description: string | null; price: number; compare_at_price: number | null; stock: number; image_url: string | null; attributes: Shapes["JsonObject"]; parent_id: number | null; sku: string | null; barcode: string | null; option_names: (string)[]; options: Record<string, string>; highest_price: number; tax_class: string; weight_grams: number; low_stock_at: number | null; created_at: string; updated_at: string; variants: (Shapes["Variant"])[]; images: (Shapes["Image"])[] };
  Variant: { id: number; sku: string | null; options: Record<string, string>; price: number; compare_at_price: number | null; stock: number; image_url: string | null };
  Image: { id: number; url: string; width: number; height: number; alt: string; sizes: ({ width: number; url: string })[] };
  CategoryNode: { category: string; slug: string | null; description: string | null; position: number; count: number; total: number; children: (Shapes["CategoryNode"])[] };
  Category: { category: string; count: number };
  DeletedLine: { id: number; name: string; category: string; parent_id: number | null; deleted_at: string };
  BulkAnswer: { count: number; applied: boolean; confirm: string; changes: ({ product_id: number; name: string; before: Shapes["JsonObject"]; after: Shapes["JsonObject"] })[] };
  ShopProfile: { name: string; currency: string; currency_digits: number; locale: string; time_zone: string; country: string; prices_include_tax: boolean; payment_methods: (string)[]; delivery: { minutes: number; methods: (string)[] }; features: { guest_checkout: boolean; mail: boolean; invoices: boolean; return_days: number }; version: string };
  ProductPage: { total: number; total_is_at_least: boolean; page: number; size: number; items: (Shapes["FoundProduct"])[]; next_cursor: string | null };
  FoundProduct: { id: number; slug: string; name: string; category: string; description: string | null; price: number; compare_at_price: number | null; stock: number; image_url: string | null; attributes: Shapes["JsonObject"]; parent_id: number | null; sku: string | null; barcode: string | null; option_names: (string)[]; options: Record<string, string>; highest_price: number; tax_class: string; weight_grams: number; low_stock_at: number | null; created_at: string; updated_at: string; relaxed?: true; matched_words?: (string)[]; highlight?: { name: string; description: string | null } };
  ProductSearch: { total: number; total_is_at_least: boolean; page: number; size: number; items: (Shapes["FoundProduct"])[]; next_cursor: string | null; facets: Shapes["Facets"]; corrected_query: string | null; did_you_mean: string | null; asked_price: { min: number | null; max: number | null } | null; facets_estimated: boolean; total_exact: number; relaxed_from: number | null; matched_words: (string)[]; ignored_words: (string)[] };
  Facets: { category: (Shapes["FacetValue"])[]; price: { min: number | null; max: number | null }; attributes: Record<string, (Shapes["FacetValue"])[]> };
  FacetValue: { value: string; count: number };
  Suggestions: (string)[] | (Shapes["Suggestion"])[];
  Suggestion: { text: string; kind: "product" | "category" | "brand"; id: number | null };
  SearchReason: { product_id: number; name: string; place: number | null; answers: "whole" | "part" | "no"; because: string; total_exact: number; corrected_query: string | null; words: (Shapes["WordReason"])[]; score: { exact: boolean; words: number; side_by_side: number; sells_and_in_stock: number; total: number; of_the_first: number | null } | null };
  WordReason: { word: string; taken_for: string | null; products: number; matched_by: "word" | "beginning" | "repair" | "synonym" | "neighbours" | null; as: string | null; fields: ({ field: "name" | "brand" | "category" | "description" | "attributes"; times: number })[]; says_what_it_is: boolean; relevance: number };
  Miss: { words: string; times: number; missed_at: string };
  Synonyms: { phrases: (string)[]; finds: (string)[] };
  ProposedSynonym: { asked: string; finds: string; times: number };
  Cart: { user_id: number; items: (Shapes["CartItem"])[]; total: number; version: string; notices: (Shapes["CartNotice"])[] };
  CartItem: { product_id: number; name: string; qty: number; price: number; stock: number; parent_id: number | null; options: Record<string, string>; image_url: string | null };
  CartNotice: { product_id: number; name: string; kind: "gone" | "dearer" | "cheaper"; price_before: number | null; price: number | null };
  CartQuote: { subtotal: number; discount: number; shipping: number; tax: number; tax_included: number; total: number; currency: string; coupon_code: string | null; shipping_method_id: number | null; taxes: (Shapes["TaxLine"])[]; shipping_methods: ({ id: number; name: string; price: number; delivery_eta: string })[]; cart_version: string };
  TaxLine: { name: string; percent: number; base: number; tax: number };
  Receipt: { order_id: number; status: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; total_amount: number; payment_url: string | null; placed_at: string; delivery_eta: string | null };
  Order: { id: number; user_id: number; customer_name: string; total_amount: number; subtotal: number; discount: number; shipping: number; tax: number; tax_included: number; taxes: (Shapes["TaxLine"])[]; amount_due: number; currency: string; coupon_code: string | null; status: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; payment_method: string | null; payment_status: "pending" | "paid" | "failed" | "partially_refunded" | "refunded"; placed_at: string; delivery_eta: string | null; hold_until: string | null; shipping_method: Shapes["ChosenMethod"] | null; address: Shapes["OrderAddress"] | null; billing_address: Shapes["OrderAddress"] | null; tax_id: string | null; email: string | null; customer_note: string | null; tags: (string)[]; notes: (Shapes["OrderNote"])[]; tracking_number: string | null; carrier: string | null; items: (Shapes["OrderItem"])[]; shipments: (Shapes["OrderShipment"])[]; refunds: (Shapes["OrderRefund"])[]; payments: (Shapes["OrderPayment"])[]; history: (Shapes["OrderStep"])[] };
  ChosenMethod: { id: number; name: string };
  OrderAddress: { label: string; address_line: string; city: string; state: string | null; pincode: string; country: string | null; full_name: string | null; phone: string | null; lat: number | null; lng: number | null };
  OrderNote: { user_id: number | null; note: string; created_at: string };
  OrderItem: { line: number; product_id: number; qty: number; price_at_purchase: number; name: string; sku: string | null; slug: string; category: string; options: Record<string, string>; image_url: string | null; tax_class: string | null; discount: number; tax: number; cancelled_qty: number; shipped_qty: number; returned_qty: number; refunded_qty: number };
  OrderShipment: { id: number; tracking_number: string | null; carrier: string | null; shipped_at: string; lines: ({ line: number; product_id: number; qty: number })[] };
  OrderRefund: { id: number; amount: number; reason: string | null; state: "owed" | "sent" | "done" | "failed"; source: "shop" | "provider" | "hand"; shipping: boolean; failure: string | null; lines: ({ line: number; product_id: number; qty: number })[]; created_at: string; sent_at: string | null; ended_at: string | null; resent_as: number | null };
  OrderPayment: { id: number; provider: string; state: "not_started" | "open" | "under_way" | "paid" | "failed" | "closed" | "surplus" | "disputed"; is_current: boolean; amount: number; captured: number; refunded: number; flag: string | null; created_at: string; captured_at: string | null };
  OrderStep: { status: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; payment_status: "pending" | "paid" | "failed" | "partially_refunded" | "refunded"; cause: "placed" | "imported" | "paid" | "nothing_to_pay" | "payment_declined" | "payment_expired" | "payment_failed" | "payment_refused" | "payment_under_way" | "payment_method_changed" | "hold_expired" | "cancelled_by_customer" | "cancelled_by_shop" | "packed" | "unpacked" | "shipped" | "shipped_in_part" | "cancelled_in_part" | "delivered" | "refunded" | "refunded_at_provider" | "refund_failed" | "paid_too_late" | "returned" | "returned_in_part"; at: string };
  PaymentStanding: { order_id: number; status: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; payment_status: "pending" | "paid" | "failed" | "partially_refunded" | "refunded"; payment_url: string | null };
  NewestOrderTotals: { orders: number; total: number; paid: number; discounts: number; currency: string; more: boolean };
  OrderQuote: { subtotal: number; discount: number; shipping: number; tax: number; tax_included: number; total: number; currency: string; coupon_code: string | null; shipping_method_id: number | null; taxes: (Shapes["TaxLine"])[]; shipping_methods: ({ id: number; name: string; price: number; delivery_eta: string })[] };
  RefundQuote: { amount: number; left: number; currency: string };
  CouponTakings: { code: string; percent: number | null; amount: number | null; min_total: number; starts_at: string | null; ends_at: string | null; max_uses: number | null; max_uses_per_customer: number | null; categories: (string)[] | null; is_active: boolean; uses: number; created_at: string; takings: Shapes["OrderTotals"] };
  OrderTotals: { orders: number; total: number; paid: number; discounts: number; currency: string };
  BuyersPage: { items: (Shapes["Buyer"])[]; next_cursor: string | null };
  Buyer: { order_id: number; status: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; placed_at: string; units: number; items: ({ product_id: number; name: string; sku: string | null; units: number })[]; user_id: number; customer_name: string; email: string | null; phone: string | null };
  ShippingMethod: { id: number; name: string; description: string | null; countries: (string)[] | null; states: (string)[] | null; pincodes: (string)[] | null; price: number; price_per_kg: number; free_from: number | null; min_total: number | null; max_total: number | null; max_grams: number | null; delivery_minutes: number | null; position: number; is_active: boolean; created_at: string };
  TaxRate: { id: number; name: string; percent: number; tax_class: string; country: string | null; state: string | null; created_at: string };
  Recommendation: { product_id: number; score: number; reason: string; product?: Shapes["Product"] };
  Product: { id: number; slug: string; name: string; category: string; description: string | null; price: number; compare_at_price: number | null; stock: number; image_url: string | null; attributes: Shapes["JsonObject"]; parent_id: number | null; sku: string | null; barcode: string | null; option_names: (string)[]; options: Record<string, string>; highest_price: number; tax_class: string; weight_grams: number; low_stock_at: number | null; created_at: string; updated_at: string };
  BegunRun: { run_id: number };
  TrainingRecord: { models: (Shapes["RecommendModel"])[]; runs: (Shapes["RecommendRun"])[]; outcomes: (Shapes["RecommendOutcome"])[] };
  RecommendModel: { id: number; run_id: number; role: "serving" | "candidate" | "retired" | "kept"; settings: Record<string, unknown>; metrics: { customers?: number; days?: number; rows?: (Shapes["RecommendContender"])[]; challenger_beats?: Record<string, Shapes["RecommendInterval"]>; choice?: { chosen: string; customers: number; rows: (Shapes["RecommendContender"])[] } }; bytes: number; created_at: string; served_at: string | null };
  RecommendContender: { name: string; ndcg_20: number; recall_20?: number; hit_rate_10?: number; coverage?: number; novelty?: number };
  RecommendInterval: { mean: number; low: number; high: number };
  RecommendRun: { id: number; asked_by: string; state: "running" | "served" | "kept" | "failed"; settings: Record<string, unknown>; data: { progress?: Shapes["RecommendProgress"]; learning?: (number)[] }; metrics: { customers?: number; days?: number; rows?: (Shapes["RecommendContender"])[]; challenger_beats?: Record<string, Shapes["RecommendInterval"]>; choice?: { chosen: string; customers: number; rows: (Shapes["RecommendContender"])[] } }; note: string | null; started_at: string; finished_at: string | null };
  RecommendProgress: { step: "reading" | "evaluating" | "training"; share: number | null };
  RecommendOutcome: { model_id: number | null; context: string; lists: number; clicked: number; bought: number; click_through: number; purchase_through: number };
  Recommendations: { user_id: number; recommendations: (Shapes["Recommendation"])[] };
  Recorded: { recorded: true };
  RecommendTrial: { since: string | null; percent: number; arms: (Shapes["RecommendArm"])[]; difference: { click_through: Shapes["RecommendInterval"]; purchase_through: Shapes["RecommendInterval"] } | null };
  RecommendArm: { model_id: number; role: "serving" | "candidate"; customers: number; lists: number; click_through: Shapes["RecommendInterval"]; purchase_through: Shapes["RecommendInterval"] };
  RecommendExplanation: { customer: { id: number; full_name: string }; bought: ({ product_id: number; name: string; category: string; times: number; last_placed_at: string })[]; categories: ({ category: string; products: number })[]; recommendations: ({ product_id: number; name: string; category: string; score: number; reason: string })[] };
  EventOutcome: { outcome: "paid" | "under_way" | "failed" | "refunded" | "disputed" | "cancelled" | "flagged" | "unknown" | "nothing" };
  Coupon: { code: string; percent: number | null; amount: number | null; min_total: number; starts_at: string | null; ends_at: string | null; max_uses: number | null; max_uses_per_customer: number | null; categories: (string)[] | null; is_active: boolean; uses: number; created_at: string };
  ShelfLine: { product_id: number; slug: string; name: string; sku: string | null; on_hand: number; reserved: number; stock: number; low_at: number };
  ShelfDetail: { product_id: number; slug: string; name: string; sku: string | null; on_hand: number; reserved: number; stock: number; low_at: number; variants: (Shapes["ShelfLine"])[] };
  ShelfMove: { id: number; cause: "opening" | "set" | "received" | "adjusted" | "reserved" | "released" | "sold" | "returned"; change: number; note: string | null; at: string };
  ShelfChanged: { applied: boolean; lines: ({ product_id: number; name: string; sku: string | null; before: number; after: number; reserved: number })[] };
  ShelfLevel: { product_id: number; on_hand: number; reserved: number; stock: number };
  Invoice: { id: number; series: string; number: number; label: string; kind: "invoice" | "credit_note"; order_id: number; total: number; currency: string; issued_at: string; document: Shapes["InvoiceDocument"] };
  InvoiceDocument: { kind: "invoice" | "credit_note"; seller: { name: string; lines: (string)[]; email: string | null; tax_id: string | null }; buyer: { name: string; lines: (string)[]; email: string | null; tax_id: string | null; state: string | null; country: string | null }; delivered_to: (string)[]; order_id: number; placed_at: string; currency: string; lines: ({ name: string; sku: string | null; hsn: string | null; qty: number; price: number; discount: number; total: number })[]; shipping: { name: string; amount: number } | null; taxes: ({ name: string; percent: number; base: number; tax: number })[]; tax_is_included: boolean; total: number; corrects: string | null; reason: string | null };
  InvoiceEntry: { id: number; series: string; number: number; label: string; kind: "invoice" | "credit_note"; order_id: number; total: number; currency: string; issued_at: string };
  ApiKey: { id: number; name: string; prefix: string; scopes: (string)[]; made_by: number; created_at: string; expires_at: string | null; last_used_at: string | null; revoked_at: string | null };
  KeyWithSecret: { id: number; name: string; prefix: string; scopes: (string)[]; made_by: number; created_at: string; expires_at: string | null; last_used_at: string | null; revoked_at: string | null; key: string };
  LiveEvent: { id: number; cursor: string; type: string; timestamp: string; data: Record<string, unknown> };
  Return: { id: number; order_id: number; kind: "withdrawal" | "return"; status: "requested" | "approved" | "refused" | "received"; reason: string | null; note: string | null; requested_at: string; decided_at: string | null; received_at: string | null; lines: ({ line: number; product_id: number; name: string; qty: number; received_qty: number; restocked_qty: number; refund_qty: number })[] };
  PersonExport: { exported_at: string; user_id: number; tables: Record<string, (Record<string, unknown>)[]> };
  Webhook: { id: number; url: string; types: (Shapes["WebhookType"])[]; state: "active" | "paused" | "ended"; rotated_at: string | null; created_at: string };
  WebhookWithSecret: { id: number; url: string; types: (Shapes["WebhookType"])[]; state: "active" | "paused" | "ended"; rotated_at: string | null; created_at: string; secret: string };
  Delivery: { id: number; channel: "mail" | "webhook" | "invoice"; target: string; state: "waiting" | "sent" | "given_up" | "dropped"; tries: number; next_at: string | null; ended_at: string | null; event_id: string; type: string; order_id: number | null; created_at: string; attempts: (Shapes["DeliveryAttempt"])[] };
  DeliveryAttempt: { attempt: number; at: string; took_ms: number; status: number | null; failure: string | null };
  JobState: { name: string; schedule: string; running: boolean; last_started_at: string | null; last_duration_ms: number | null; last_failure: string | null; last_failure_at: string | null; next_at: string | null; runs: number; failures: number };
  Backup: { format: 1; created_at: string; version: string; engine: "sqlite" | "postgres"; database: { name: string; bytes: number; stored_bytes: number; sha256: string }; pictures?: { name: "pictures.sha256"; count: number; sha256: string }; id: string };
  BegunBackup: { job: "backup" };
  Examination: { healthy: boolean; problems: ({ check: string; problem: string; repairable: boolean })[] };
  SettingInForce: { group: string; name: string; value: string | null; from: "environment" | ".env" | "default"; about: string };
  AuditEntry: { id: number; at: string; user_id: number | null; action: string; subject: string | null; address: string | null; request_id: string | null; details: Shapes["JsonObject"] };
  UploadReport: { dry_run: boolean; program: string | null; columns: ({ heading: string; field: string | null; reason: string })[]; rows: number; parts: number; drafts: number; new: number; changed: number; unchanged: number; different: number; refused: number; first: ({ line: number; what: "new" | "changed" | "unchanged" | "different" | "refused"; slug: string | null; text: string; product?: { name: string; category: string | null; price: number | null; compare_at_price: number | null; stock: number | null; sku: string | null; options: Record<string, string> } })[]; problems: ({ line: number; column: string | null; problem: string })[] };
  Sales: { currency: string; time_zone: string; by: "day" | "week" | "month"; now: Shapes["PeriodFigures"]; before: Shapes["PeriodFigures"]; series: (Shapes["SalesStep"])[]; groups: (Shapes["SalesGroup"])[] };
  PeriodFigures: { orders: number; units: number; gross: number; discounts: number; delivery: number; tax: number; included_tax: number; total: number; refunds: number; net: number; average: number; since: string; until: string; new_customers: number; returning_customers: number };
  SalesStep: { day: string; since: string; until: string; orders: number; units: number; gross: number; discounts: number; delivery: number; tax: number; included_tax: number; total: number; refunds: number; net: number; average: number; before: number | null };
  SalesGroup: { name: string; product_id: number | null; orders: number; units: number; sales: number };
  Overview: { to_pack: number; to_ship: number; unpaid: number; flagged: number; refunds_waiting: number; returns_open: number; sold_out: number; deliveries_given_up: number; searches_missed: number; jobs_failing: (string)[]; last_backup_at: string | null; last_training_at: string | null; counted_most: number };
}

export interface Calls {
  /** Say who this is */
  "GET /": { answer: Shapes["Welcome"] };
  /** Say to browsers that there is no icon */
  "GET /favicon.ico": { answer: undefined };
  /** Say that the program runs */
  "GET /healthz": { answer: Shapes["Health"] };
  /** Say that the database is there and up to date */
  "GET /readyz": { answer: Shapes["Readiness"] };
  /** Read what the program counts of itself, as OpenMetrics text */
  "GET /metrics": { answer: string };
  /** List every endpoint */
  "GET /api-endpoints": { answer: Shapes["Endpoints"] };
  /** Open an account */
  "POST /auth/register": { body: Shapes["Registration"]; answer: Shapes["User"] };
  /** Sign in */
  "POST /auth/login": { body: Shapes["Credentials"]; answer: Shapes["Tokens"] };
  /** Sign in with OAuth 2's password form */
  "POST /auth/token": { body: Shapes["PasswordForm"]; answer: Shapes["Tokens"] };
  /** Trade a refresh token for new tokens */
  "POST /auth/refresh": { body: Shapes["Refresh"]; answer: Shapes["Tokens"] };
  /** Ask for a new password by mail */
  "POST /auth/password/forgot": { body: Shapes["ForgottenPassword"]; answer: Shapes["Said"] };
  /** Set a new password with the token from the mail */
  "POST /auth/password/reset": { body: Shapes["PasswordReset"]; answer: undefined };
  /** Ask for a mail that confirms an e-mail */
  "POST /auth/email/verification": { body: Shapes["ForgottenPassword"]; answer: Shapes["Said"] };
  /** Confirm an e-mail with the token from the mail */
  "POST /auth/email/confirmation": { body: Shapes["EmailToken"]; answer: undefined };
  /** End this session */
  "POST /auth/logout": { answer: undefined };
  /** End all my sessions */
  "POST /auth/logout-all": { answer: undefined };
  /** Change my password */
  "POST /auth/password": { body: Shapes["PasswordChange"]; answer: undefined };
  /** Give my password again */
  "POST /auth/password/check": { body: Shapes["PasswordCheck"]; answer: undefined };
  /** Change my e-mail */
  "POST /auth/email": { body: Shapes["EmailChange"]; answer: Shapes["Said"] };
  /** List my open sessions */
  "GET /auth/sessions": { answer: (Shapes["OpenSession"])[] };
  /** End one of my sessions */
  "DELETE /auth/sessions/{id}": { path: { id: string }; answer: undefined };
  /** Show whether I have a second factor */
  "GET /auth/second-factor": { answer: Shapes["SecondFactor"] };
  /** Make a secret for an authenticator */
  "POST /auth/second-factor": { body: Shapes["SecondFactorPassword"]; answer: Shapes["NewSecondFactor"] };
  /** Turn the second factor on with a first code */
  "POST /auth/second-factor/confirmation": { body: Shapes["SecondFactorCode"]; answer: Shapes["RecoveryCodes"] };
  /** Remove my second factor */
  "POST /auth/second-factor/removal": { body: Shapes["SecondFactorPassword"]; answer: undefined };
  /** Sign in from a page of this server */
  "POST /auth/pages/{page}": { path: { page: "admin" | "shop" }; body: Shapes["Credentials"]; answer: Shapes["PageTokens"] };
  /** End the session of a page */
  "DELETE /auth/pages/{page}": { path: { page: "admin" | "shop" }; answer: undefined };
  /** Renew the session of a page with its cookie */
  "POST /auth/pages/{page}/renewal": { path: { page: "admin" | "shop" }; answer: Shapes["PageTokens"] };
  /** Enter as a guest */
  "POST /auth/guest": { body?: Shapes["NewGuest"]; answer: Shapes["Tokens"] };
  /** Enter as a guest from the shop's page */
  "POST /auth/pages/shop/guest": { body?: Shapes["NewGuest"]; answer: Shapes["PageTokens"] };
  /** Show my account */
  "GET /users/me": { answer: Shapes["User"] };
  /** Change my account */
  "PUT /users/me": { body: Shapes["Profile"]; answer: Shapes["User"] };
  /** Erase my account, and what says who I am */
  "DELETE /users/me": { body: Shapes["Farewell"]; answer: undefined };
  /** List my addresses @deprecated */
  "GET /orders/addresses": { answer: (Shapes["Address"])[] };
  /** Add an address @deprecated */
  "POST /orders/addresses": { body: Shapes["NewAddress"]; answer: Shapes["Address"] };
  /** List my addresses */
  "GET /users/me/addresses": { answer: (Shapes["Address"])[] };
  /** Add an address */
  "POST /users/me/addresses": { body: Shapes["NewAddress"]; answer: Shapes["Address"] };
  /** Replace an address */
  "PUT /users/me/addresses/{id}": { path: { id: number }; body: Shapes["NewAddress"]; answer: Shapes["Address"] };
  /** Remove an address */
  "DELETE /users/me/addresses/{id}": { path: { id: number }; answer: undefined };
  /** List accounts */
  "GET /users": { query?: { q?: string; guests?: boolean; page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["User"])[] };
  /** Show an account */
  "GET /users/{id}": { path: { id: number }; answer: Shapes["User"] };
  /** Let an account sign in or not, make it an admin's or not, change whom it names */
  "PATCH /users/{id}": { path: { id: number }; body: Shapes["Standing"]; answer: Shapes["User"] };
  /** Erase a person's account, and what says who they are */
  "DELETE /users/{id}": { path: { id: number }; answer: undefined };
  /** List the addresses of an account */
  "GET /users/{id}/addresses": { path: { id: number }; answer: (Shapes["Address"])[] };
  /** List the open sessions of an account */
  "GET /users/{id}/sessions": { path: { id: number }; answer: (Shapes["OpenSession"])[] };
  /** End all sessions of an account */
  "DELETE /users/{id}/sessions": { path: { id: number }; answer: undefined };
  /** Show a product */
  "GET /products/{id}": { path: { id: number }; ifNoneMatch?: string; answer: Shapes["ProductDetail"] };
  /** Change a product @deprecated */
  "PUT /products/{id}": { path: { id: number }; body: Shapes["ProductChange"]; ifMatch?: string; answer: Shapes["ProductDetail"] };
  /** Change a product */
  "PATCH /products/{id}": { path: { id: number }; body: Shapes["ProductChange"]; ifMatch?: string; answer: Shapes["ProductDetail"] };
  /** Take a product out of the catalog */
  "DELETE /products/{id}": { path: { id: number }; ifMatch?: string; answer: undefined };
  /** Show a product by its slug */
  "GET /products/slug/{slug}": { path: { slug: string }; ifNoneMatch?: string; answer: Shapes["ProductDetail"] };
  /** List the categories with how many products each has */
  "GET /categories": { query?: { tree?: boolean }; ifNoneMatch?: string; answer: (Shapes["CategoryNode"] | Shapes["Category"])[] };
  /** Add a product */
  "POST /products": { body: Shapes["NewProduct"]; idempotencyKey?: string; answer: Shapes["ProductDetail"] };
  /** Browse the catalog */
  "GET /products": { query?: { q?: string; page?: number; size?: number; skip?: number; limit?: number; cursor?: string; category?: string; min_price?: number; max_price?: number; in_stock?: boolean; sort?: "price_asc" | "price_desc" | "newest" | "name" | "popular"; highlight?: boolean; ids?: string }; ifNoneMatch?: string; answer: Shapes["ProductPage"] };
  /** Take a product back into the catalog */
  "POST /products/{id}/restoration": { path: { id: number }; body?: Shapes["Restoration"]; answer: Shapes["ProductDetail"] };
  /** List what was taken out of the catalog, the latest first */
  "GET /admin/products/deleted": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["DeletedLine"])[] };
  /** Add a picture to a product */
  "POST /products/{id}/images": { path: { id: number }; query?: { alt?: string }; body: Blob | string; answer: Shapes["Image"] };
  /** Change a picture's place or what it says */
  "PATCH /products/{id}/images/{image_id}": { path: { id: number; image_id: number }; body: Shapes["ImageChange"]; answer: Shapes["Image"] };
  /** Take a picture away from a product */
  "DELETE /products/{id}/images/{image_id}": { path: { id: number; image_id: number }; answer: undefined };
  /** Put a category into the tree, rename it, or merge it into another */
  "PUT /categories/{name}": { path: { name: string }; body: Shapes["CategoryChange"]; answer: (Shapes["CategoryNode"])[] };
  /** Take a category out of the tree */
  "DELETE /categories/{name}": { path: { name: string }; answer: undefined };
  /** Change many products at once, after a preview */
  "PATCH /admin/products": { body: Shapes["BulkChange"]; answer: Shapes["BulkAnswer"] };
  /** Show what the shop is */
  "GET /shop": { answer: Shapes["ShopProfile"] };
  /** Show a picture */
  "GET /images/{file}": { path: { file: string }; answer: string };
  /** Search the catalog */
  "GET /search": { query: { q: string; category?: string; highlight?: boolean; page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["FoundProduct"])[] };
  /** Search and narrow down */
  "GET /search/products": { query?: { q?: string; page?: number; size?: number; skip?: number; limit?: number; cursor?: string; category?: string; min_price?: number; max_price?: number; in_stock?: boolean; sort?: "price_asc" | "price_desc" | "newest" | "name" | "popular"; highlight?: boolean; ids?: string }; answer: Shapes["ProductSearch"] };
  /** Suggest what may be meant while it is being typed */
  "GET /search/suggestions": { query: { q: string; limit?: number; detail?: boolean }; answer: Shapes["Suggestions"] };
  /** Suggest what may be meant while it is being typed @deprecated */
  "GET /search/typeahead": { query: { q: string; limit?: number; detail?: boolean }; answer: Shapes["Suggestions"] };
  /** Say why a search finds a product where it does, or not */
  "GET /admin/search/why": { query: { q: string; product_id: number }; answer: Shapes["SearchReason"] };
  /** List what was searched and not found, the most often missed first */
  "GET /admin/search/misses": { query?: { page?: number; size?: number; skip?: number; limit?: number }; answer: (Shapes["Miss"])[] };
  /** List the words that mean the same */
  "GET /admin/search/synonyms": { answer: (Shapes["Synonyms"])[] };
  /** Say that words or phrases mean the same */
  "POST /admin/search/synonyms": { body: Shapes["NewSynonyms"]; answer: Shapes["Synonyms"] };
  /** Propose synonyms by what customers searched in vain, and what they searched next */
  "GET /admin/search/synonyms/proposals": { query?: { limit?: number }; answer: (Shapes["ProposedSynonym"])[] };
  /** Say that a word or phrase has no synonyms any more */
  "DELETE /admin/search/synonyms/{phrase}": { path: { phrase: string }; answer: undefined };
  /** Show my cart */
  "GET /cart": { answer: Shapes["Cart"] };
  /** Empty my cart */
  "DELETE /cart": { answer: Shapes["Cart"] };
  /** Put something into my cart @deprecated */
  "POST /cart/add": { body: Shapes["Addition"]; answer: Shapes["Cart"] };
  /** Take a product out of my cart @deprecated */
  "POST /cart/remove": { body: Shapes["Removal"]; answer: Shapes["Cart"] };
  /** Put something into my cart */
  "POST /cart/items": { body: Shapes["Addition"]; answer: Shapes["Cart"] };
  /** Say how many of a product are in my cart */
  "PUT /cart/items/{product_id}": { path: { product_id: number }; body: Shapes["NewQty"]; answer: Shapes["Cart"] };
  /** Take a product out of my cart */
  "DELETE /cart/items/{product_id}": { path: { product_id: number }; answer: Shapes["Cart"] };
  /** Show what my cart would come to as an order */
  "POST /cart/quote": { body?: Shapes["CartQuoteAsked"]; answer: Shapes["CartQuote"] };
  /** Place an order from my cart */
  "POST /orders/checkout": { body: Shapes["Checkout"]; idempotencyKey?: string; answer: Shapes["Receipt"] };
  /** List my orders, newest first */
  "GET /orders": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["Order"])[] };
  /** Take an order down, for a customer or a contact */
  "POST /orders": { body: Shapes["NewOrder"]; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Show one of my orders, with all that belongs to it */
  "GET /orders/{id}": { path: { id: number }; answer: Shapes["Order"] };
  /** Change an order's tags, tracking, e-mail or address */
  "PATCH /orders/{id}": { path: { id: number }; body: Shapes["OrderChange"]; ifMatch?: string; answer: Shapes["Order"] };
  /** Cancel my order, or a part of it, as long as it has not shipped */
  "POST /orders/{id}/cancellation": { path: { id: number }; body?: Shapes["NewCancellation"]; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Ask how the payment of my order stands, or pay it again */
  "POST /orders/{id}/payment": { path: { id: number }; body?: Shapes["NewPayment"]; answer: Shapes["PaymentStanding"] };
  /** List everybody's orders, newest first */
  "GET /orders/all": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; q?: string; status?: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; payment_status?: "pending" | "paid" | "failed" | "partially_refunded" | "refunded"; payment_method?: string; user_id?: number; email?: string; name?: string; phone?: string; product_id?: number; sku?: string; tag?: string; coupon?: string; flagged?: boolean; waits_for?: "packing" | "payment" | "refund"; since?: string; until?: string; min_total?: number; max_total?: number }; answer: (Shapes["Order"])[] };
  /** Show how many orders fit, and what they come to */
  "GET /orders/sums": { query?: { q?: string; status?: "placed" | "packed" | "shipped" | "delivered" | "cancelled" | "returned"; payment_status?: "pending" | "paid" | "failed" | "partially_refunded" | "refunded"; payment_method?: string; user_id?: number; email?: string; name?: string; phone?: string; product_id?: number; sku?: string; tag?: string; coupon?: string; flagged?: boolean; waits_for?: "packing" | "payment" | "refund"; since?: string; until?: string; min_total?: number; max_total?: number }; answer: Shapes["NewestOrderTotals"] };
  /** Show what goods would come to at a place */
  "GET /orders/quote": { query: { lines: string; country?: string; state?: string; pincode?: string; coupon_code?: string; shipping_method_id?: number }; answer: Shapes["OrderQuote"] };
  /** Write a note about an order, for the shop's own people */
  "POST /orders/{id}/notes": { path: { id: number }; body: Shapes["NewOrderNote"]; answer: Shapes["Order"] };
  /** Say that a person has seen to a flagged payment */
  "POST /orders/{id}/resolution": { path: { id: number }; body: Shapes["NewResolution"]; answer: Shapes["Order"] };
  /** Mark an order as packed */
  "POST /orders/{id}/packing": { path: { id: number }; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Take the packing of an order back */
  "POST /orders/{id}/unpacking": { path: { id: number }; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Mark an order, or a part of it, as shipped */
  "POST /orders/{id}/shipment": { path: { id: number }; body?: Shapes["NewShipment"]; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Mark an order as delivered */
  "POST /orders/{id}/delivery": { path: { id: number }; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Pay back all that is left, an amount, or the price of some units and the delivery */
  "POST /orders/{id}/refund": { path: { id: number }; body: Shapes["NewRefund"]; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Mark an order as paid: the money came by a transfer, or over the counter */
  "POST /orders/{id}/payment-receipt": { path: { id: number }; body?: Shapes["NewMoneyReceipt"]; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Show what a refund of some units and the delivery would come to */
  "GET /orders/{id}/refund-quote": { path: { id: number }; query?: { lines?: string; shipping?: boolean }; answer: Shapes["RefundQuote"] };
  /** Send a refund that failed once more */
  "POST /orders/{id}/refunds/{refund_id}/retry": { path: { id: number; refund_id: number }; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Take back the goods of an order */
  "POST /orders/{id}/return": { path: { id: number }; body?: Shapes["NewReturn"]; idempotencyKey?: string; answer: Shapes["Order"] };
  /** Show a coupon, and what the orders came to that it was used for */
  "GET /coupons/{code}": { path: { code: string }; answer: Shapes["CouponTakings"] };
  /** Change a coupon's limits, or switch it off */
  "PATCH /coupons/{code}": { path: { code: string }; body: Shapes["CouponChange"]; ifMatch?: string; answer: Shapes["Coupon"] };
  /** List who bought a product, with how to reach them: for a recall */
  "GET /products/{id}/buyers": { path: { id: number }; query?: { since?: string; until?: string; size?: number; cursor?: string }; answer: Shapes["BuyersPage"] };
  /** List the ways of delivery that are offered */
  "GET /shipping-methods": { answer: (Shapes["ShippingMethod"])[] };
  /** Add a way of delivery */
  "POST /shipping-methods": { body: Shapes["NewShippingMethod"]; answer: Shapes["ShippingMethod"] };
  /** List all ways of delivery, those that are switched off too */
  "GET /shipping-methods/all": { answer: (Shapes["ShippingMethod"])[] };
  /** Change a way of delivery */
  "PATCH /shipping-methods/{id}": { path: { id: number }; body: Shapes["ShippingMethodChange"]; answer: Shapes["ShippingMethod"] };
  /** Remove a way of delivery */
  "DELETE /shipping-methods/{id}": { path: { id: number }; answer: undefined };
  /** List the tax rates */
  "GET /tax-rates": { answer: (Shapes["TaxRate"])[] };
  /** Add a tax rate */
  "POST /tax-rates": { body: Shapes["NewTaxRate"]; answer: Shapes["TaxRate"] };
  /** Change a tax rate */
  "PATCH /tax-rates/{id}": { path: { id: number }; body: Shapes["TaxRateChange"]; answer: Shapes["TaxRate"] };
  /** Remove a tax rate */
  "DELETE /tax-rates/{id}": { path: { id: number }; answer: undefined };
  /** List what is popular right now */
  "GET /recommend/popular": { query?: { limit?: number; expand?: "product"; category?: string; min_price?: number; max_price?: number }; answer: (Shapes["Recommendation"])[] };
  /** List products that please the same customers */
  "GET /products/{id}/similar": { path: { id: number }; query?: { limit?: number; expand?: "product" }; answer: (Shapes["Recommendation"])[] };
  /** List products that are bought in the same orders */
  "GET /products/{id}/bought-together": { path: { id: number }; query?: { limit?: number; expand?: "product" }; answer: (Shapes["Recommendation"])[] };
  /** Train the recommender again */
  "POST /recommend/retrain": { answer: Shapes["BegunRun"] };
  /** List the models and the trainings, newest first */
  "GET /recommend/models": { answer: Shapes["TrainingRecord"] };
  /** Recommend products to me */
  "GET /recommend": { query?: { limit?: number; expand?: "product"; category?: string; min_price?: number; max_price?: number; context?: "homepage" | "product" | "cart"; product_id?: number }; answer: Shapes["Recommendations"] };
  /** Recommend products to me @deprecated */
  "GET /recommend/me": { query?: { limit?: number; expand?: "product"; category?: string; min_price?: number; max_price?: number; context?: "homepage" | "product" | "cart"; product_id?: number }; answer: Shapes["Recommendations"] };
  /** List what I keep buying */
  "GET /recommend/buy-again": { query?: { limit?: number; expand?: "product" }; answer: (Shapes["Recommendation"])[] };
  /** Recommend products to a customer */
  "GET /recommend/{user_id}": { path: { user_id: number }; query?: { limit?: number; expand?: "product"; category?: string; min_price?: number; max_price?: number; context?: "homepage" | "product" | "cart"; product_id?: number }; answer: Shapes["Recommendations"] };
  /** Say what I did with a product */
  "POST /events": { body: Shapes["NewEvent"]; answer: Shapes["Recorded"] };
  /** Put a model into service, on trial, or out of use */
  "PUT /admin/recommend/models/{id}/role": { path: { id: number }; body: Shapes["RecommendRoleChange"]; answer: Shapes["RecommendModel"] };
  /** Compare the model on trial with the one in service */
  "GET /admin/recommend/trial": { answer: Shapes["RecommendTrial"] };
  /** Set what a customer has bought beside what is recommended to them */
  "GET /admin/recommend/explanation": { query: { customer: string; limit?: number }; answer: Shapes["RecommendExplanation"] };
  /** Tell the shop what happened to a payment */
  "POST /payments/{provider}/webhook": { path: { provider: string }; body: Blob | string; answer: Shapes["EventOutcome"] };
  /** List the coupons, with how often each was used */
  "GET /coupons": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["Coupon"])[] };
  /** Make a coupon */
  "POST /coupons": { body: Shapes["NewCoupon"]; answer: Shapes["Coupon"] };
  /** List what is in stock of each product and variant */
  "GET /admin/stock": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; q?: string }; answer: (Shapes["ShelfLine"])[] };
  /** List what has run low or is sold out, the lowest first */
  "GET /admin/stock/low": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["ShelfLine"])[] };
  /** Show what is in stock of a product, and of its variants */
  "GET /admin/stock/{product_id}": { path: { product_id: number }; answer: Shapes["ShelfDetail"] };
  /** List what was done to a product's stock, newest first */
  "GET /admin/stock/{product_id}/moves": { path: { product_id: number }; query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["ShelfMove"])[] };
  /** Write down a delivery or a stocktake */
  "POST /admin/stock/changes": { body: Shapes["ShelfChanges"]; idempotencyKey?: string; answer: Shapes["ShelfChanged"] };
  /** Add to a product's stock, or take away from it */
  "POST /admin/stock/{product_id}/adjustment": { path: { product_id: number }; body: Shapes["Adjustment"]; idempotencyKey?: string; answer: Shapes["ShelfLevel"] };
  /** Show the invoice of one of my orders */
  "GET /orders/{id}/invoice": { path: { id: number }; answer: Shapes["Invoice"] };
  /** Show an invoice or credit note of mine; for admins, anybody's */
  "GET /invoices/{id}": { path: { id: number }; answer: Shapes["Invoice"] };
  /** List invoices and credit notes, newest first */
  "GET /invoices": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; order_id?: number; kind?: "invoice" | "credit_note" }; answer: (Shapes["InvoiceEntry"])[] };
  /** Print what is to be packed for an order */
  "GET /orders/{id}/packing-slip": { path: { id: number }; answer: string };
  /** Print the packing slips of many orders, a sheet for each */
  "GET /admin/packing-slips": { query: { ids: string }; answer: string };
  /** Print what goes into the parcel of an order */
  "GET /orders/{id}/delivery-note": { path: { id: number }; answer: string };
  /** List the keys of programs, newest first */
  "GET /keys": { answer: (Shapes["ApiKey"])[] };
  /** Make a key for a program */
  "POST /keys": { body: Shapes["NewKey"]; answer: Shapes["KeyWithSecret"] };
  /** Revoke a key: from the next call on it opens nothing */
  "DELETE /keys/{id}": { path: { id: number }; answer: Shapes["ApiKey"] };
  /** Follow what happens to my order */
  "GET /orders/{id}/events": { path: { id: number }; query?: { after?: number | string }; answer: (Shapes["LiveEvent"])[] };
  /** Follow new orders, returns, low stock and what needs a person */
  "GET /admin/events": { query?: { after?: number | string }; answer: (Shapes["LiveEvent"])[] };
  /** Give something back */
  "POST /orders/{id}/returns": { path: { id: number }; body?: Shapes["ReturnRequest"]; idempotencyKey?: string; answer: Shapes["Return"] };
  /** List what I want to give back of an order, and how it stands */
  "GET /orders/{id}/returns": { path: { id: number }; query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string }; answer: (Shapes["Return"])[] };
  /** List what customers want to give back, newest first */
  "GET /returns": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; status?: "requested" | "approved" | "refused" | "received"; open?: boolean; order_id?: number }; answer: (Shapes["Return"])[] };
  /** Show a return */
  "GET /returns/{id}": { path: { id: number }; answer: Shapes["Return"] };
  /** Let a customer send goods back */
  "POST /returns/{id}/approval": { path: { id: number }; body?: Shapes["ReturnDecision"]; idempotencyKey?: string; answer: Shapes["Return"] };
  /** Refuse a return */
  "POST /returns/{id}/refusal": { path: { id: number }; body?: Shapes["ReturnDecision"]; idempotencyKey?: string; answer: Shapes["Return"] };
  /** Say what came back */
  "POST /returns/{id}/receipt": { path: { id: number }; body?: Shapes["ReturnReceipt"]; idempotencyKey?: string; answer: Shapes["Return"] };
  /** Show all that the shop knows of me */
  "GET /users/me/export": { answer: Shapes["PersonExport"] };
  /** Show all that the shop knows of a person */
  "GET /users/{id}/export": { path: { id: number }; answer: Shapes["PersonExport"] };
  /** List the webhooks */
  "GET /webhooks": { answer: (Shapes["Webhook"])[] };
  /** Have another program told of what happens */
  "POST /webhooks": { body: Shapes["NewWebhook"]; answer: Shapes["WebhookWithSecret"] };
  /** Show a webhook */
  "GET /webhooks/{id}": { path: { id: number }; answer: Shapes["Webhook"] };
  /** Change, pause or resume a webhook */
  "PATCH /webhooks/{id}": { path: { id: number }; body: Shapes["WebhookChange"]; answer: Shapes["Webhook"] };
  /** Remove a webhook, with what it was to get */
  "DELETE /webhooks/{id}": { path: { id: number }; answer: undefined };
  /** Give a webhook a new secret */
  "POST /webhooks/{id}/rotation": { path: { id: number }; answer: Shapes["WebhookWithSecret"] };
  /** Send a `webhook.test` */
  "POST /webhooks/{id}/test": { path: { id: number }; answer: Shapes["Webhook"] };
  /** List what a webhook was sent, newest first, with every try */
  "GET /webhooks/{id}/deliveries": { path: { id: number }; query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; state?: "waiting" | "sent" | "given_up" | "dropped" }; answer: (Shapes["Delivery"])[] };
  /** List all mails and webhooks that were sent or are to be, newest first */
  "GET /deliveries": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; state?: "waiting" | "sent" | "given_up" | "dropped"; channel?: "mail" | "webhook" | "invoice"; order_id?: number }; answer: (Shapes["Delivery"])[] };
  /** Send a delivery again, with all its tries before it */
  "POST /deliveries/{id}/retry": { path: { id: number }; answer: Shapes["Delivery"] };
  /** List what the shop does by itself, and how it went the last time */
  "GET /admin/jobs": { answer: (Shapes["JobState"])[] };
  /** List the backups, newest first */
  "GET /admin/backups": { answer: (Shapes["Backup"])[] };
  /** Make a backup now */
  "POST /admin/backups": { answer: Shapes["BegunBackup"] };
  /** Look whether everything adds up */
  "GET /admin/doctor": { answer: Shapes["Examination"] };
  /** List the settings in force, and where each comes from */
  "GET /admin/settings": { answer: (Shapes["SettingInForce"])[] };
  /** List sign-ins and what admins did, newest first */
  "GET /admin/audit": { query?: { page?: number; size?: number; skip?: number; limit?: number; cursor?: string; user_id?: number; action?: string; subject?: string }; answer: (Shapes["AuditEntry"])[] };
  /** Take in a file of products, after a look at what it would do */
  "POST /admin/products/bulk-upload": { query?: { dry_run?: boolean; update?: boolean; guess?: boolean; map?: string; category?: string; stock?: number; decimal?: "point" | "comma"; encoding?: string; skip_drafts?: boolean; keep_html?: boolean }; body: Blob | string; answer: Shapes["UploadReport"] };
  /** Download the whole catalog */
  "GET /admin/products/export": { query?: { format?: "csv" | "jsonl" }; answer: string };
  /** Download orders, a row for each line */
  "GET /admin/orders/export": { query?: { format?: "csv" | "jsonl"; from?: string; to?: string; payment_method?: string }; answer: string };
  /** Download customers, without passwords */
  "GET /admin/customers/export": { query?: { format?: "csv" | "jsonl" }; answer: string };
  /** Read what a range of days brought in */
  "GET /admin/sales": { query?: { range?: string; by?: "day" | "week" | "month"; group?: "category" | "product" | "payment" }; answer: Shapes["Sales"] };
  /** Read what is to be done now */
  "GET /admin/overview": { answer: Shapes["Overview"] };
}
