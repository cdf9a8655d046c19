/** What can go wrong in the shop, in the shop's own words. HTTP is decided in http/problem.ts. */
export type ErrorCode =
  | "unreadable"
  | "bad_host"
  | "bad_idempotency_key"
  | "not_signed_in"
  | "wrong_credentials"
  | "session_ended"
  | "bad_signature"
  | "forbidden"
  | "account_disabled"
  | "email_unverified"
  | "code_needed"
  | "second_factor_needed"
  | "confirmation_needed"
  | "not_found"
  | "method_not_allowed"
  | "duplicate"
  | "out_of_stock"
  | "cart_empty"
  | "price_changed"
  | "no_delivery"
  | "coupon_used_up"
  | "conflict"
  | "changed_meanwhile"
  | "too_large"
  | "unsupported_type"
  | "invalid"
  | "variant_required"
  | "idempotency_key_reused"
  | "payment_unavailable"
  | "payment_refused"
  | "media_unavailable"
  | "too_many_requests"
  | "too_busy"
  | "database_busy"
  | "database_full"
  | "database_failed"
  | "unusable";

/** One thing that is wrong with what was given, and where. */
export interface Issue {
  path: string;
  message: string;
  code: string;
}

/** What an answer may say beside its sentence. Everything in here is shown to the caller. */
export interface ErrorDetails {
  errors?: Issue[];
  /** Methods that the address knows, for 405. */
  allow?: string[];
  /** When to come back, in whole seconds. */
  retry_after_seconds?: number;
  /** What is short, line by line. */
  lines?: { product_id: number; name: string; requested: number; available: number }[];
  /** What the order would come to now, in major units, and the version of the cart that it is reckoned from. */
  total?: number;
  cart_version?: string;
  /** The order that stands although the request failed. */
  order_id?: number;
}

/**
 * A failure that a person can act on. The message is one sentence for that person; it never repeats what they sent.
 * `unusable` is what the program cannot start with (a setting, a file), and never leaves over HTTP.
 */
export class ShopError extends Error {
  override name = "ShopError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
