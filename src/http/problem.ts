import { Elysia, ValidationError } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { type ErrorCode, type ErrorDetails, type Issue, ShopError } from "../base/errors";
import { fieldIssues } from "../base/validate";
import type { Shop } from "../shop/shop";
import { Unreadable } from "./bodies";
import { traceOf } from "./trace";

/** Every failed request answers with this: RFC 9457, with a code of our own and the id that the log has too. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "One sentence for a person" }),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string(), code: z.string() })).optional(),
    lines: z
      .array(z.object({ product_id: z.int(), name: z.string(), requested: z.int(), available: z.int() }))
      .optional(),
    total: z.number().optional().meta({ description: "What the order would come to now" }),
    cart_version: z.string().optional().meta({ description: "Of the cart as it is now" }),
    order_id: z.int().optional().meta({ description: "The order that stands although the request failed" }),
    error: z.string().optional().meta({ description: "Of POST /auth/token alone: OAuth 2's word for it" }),
    error_description: z
      .string()
      .optional()
      .meta({ description: "Of POST /auth/token alone: `detail`, as OAuth 2 has it" }),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof Problem>;

/** The one table of failures and their statuses. A new code does not compile without a line here. */
const statusOf: Record<ErrorCode, number> = {
  unreadable: 400,
  bad_host: 400,
  bad_idempotency_key: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  session_ended: 401,
  bad_signature: 401,
  forbidden: 403,
  account_disabled: 403,
  email_unverified: 403,
  code_needed: 401,
  second_factor_needed: 403,
  confirmation_needed: 403,
  not_found: 404,
  method_not_allowed: 405,
  duplicate: 409,
  out_of_stock: 409,
  cart_empty: 409,
  price_changed: 409,
  no_delivery: 409,
  coupon_used_up: 409,
  conflict: 409,
  changed_meanwhile: 412,
  too_large: 413,
  unsupported_type: 415,
  invalid: 422,
  variant_required: 422,
  idempotency_key_reused: 422,
  payment_unavailable: 503,
  media_unavailable: 503,
  payment_refused: 422,
  too_many_requests: 429,
  unusable: 500,
  too_busy: 503,
  database_busy: 503,
  database_full: 507,
  database_failed: 503,
};

/** What each failing status is called. */
export const titles: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
  507: "Insufficient Storage",
};

/** A caller who is told to come back later is told when. */
const RETRY_AFTER_SECONDS = 1;

type FailureStatus = 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503 | 507;

/** The failures that a route documents, for its `response`: `{ 200: Cart, ...failures(401, 404) }`. */
export function failures<Status extends FailureStatus>(...statuses: Status[]): Record<Status, typeof Problem> {
  // `fromEntries` forgets which keys it was given.
  return Object.fromEntries(statuses.map((status) => [status, Problem])) as Record<Status, typeof Problem>;
}

/** The one place where a failure becomes an HTTP answer. `methodsAt` tells a wrong method from a wrong address. */
export const problems = (shop: Shop, methodsAt: (path: string) => string[]) =>
  new Elysia({ name: "problems" }).onError({ as: "global" }, ({ code, error, body, path, set, request }) => {
    const failure = toShopError({ code, error, body, methods: code === "NOT_FOUND" ? methodsAt(path) : [] });
    const requestId = set.headers["x-request-id"] ?? "";
    // Being overloaded is no fault to look into, and the last moment to write a line for every refusal.
    if (!failure || (statusOf[failure.code] >= 500 && failure.code !== "too_busy")) {
      const method = request.method;
      shop.log("error", "A request failed.", {
        request_id: requestId,
        ...traceOf(request),
        method,
        error: describe(failure?.cause ?? error),
      });
    }
    const problem = failure
      ? problemOf(failure.code, statusOf[failure.code], failure.message, requestId, failure.details)
      : problemOf("internal", 500, "Something went wrong on our side.", requestId);
    // Swagger UI's form, and every OAuth 2 client, looks for what went wrong where RFC 6749, 5.2 has it.
    if (path === `${API}/auth/token`) {
      const error = problem.status === 401 ? "invalid_grant" : "invalid_request";
      Object.assign(problem, { error, error_description: problem.detail });
    }
    // The answer has its own; this is for the log.
    set.status = problem.status;
    return Response.json(problem, { status: problem.status, headers: headersOf(problem.status, failure?.details) });
  });

function headersOf(status: number, details: ErrorDetails = {}): Record<string, string> {
  return {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(status === 401 && { "www-authenticate": "Bearer" }),
    ...((status === 503 || status === 429) && {
      "retry-after": String(details.retry_after_seconds ?? RETRY_AFTER_SECONDS),
    }),
    ...(details.allow && { allow: details.allow.join(", ") }),
  };
}

function problemOf(
  code: string,
  status: number,
  detail: string,
  requestId: string,
  { errors, lines, order_id, total, cart_version }: ErrorDetails = {},
): Problem {
  const title = titles[status] ?? "Error";
  return {
    type: "about:blank",
    title,
    status,
    detail,
    code,
    request_id: requestId,
    ...(errors && { errors }),
    ...(lines && { lines }),
    ...(total !== undefined && { total }),
    ...(cart_version !== undefined && { cart_version }),
    ...(order_id !== undefined && { order_id }),
  };
}

/** What happened, in the shop's words; undefined for what nobody foresaw. */
function toShopError({
  code,
  error,
  body,
  methods,
}: {
  code: unknown;
  error: unknown;
  body: unknown;
  methods: string[];
}): ShopError | undefined {
  if (error instanceof ShopError) return error;
  if (code === "NOT_FOUND") {
    return methods.length > 0
      ? new ShopError("method_not_allowed", "This address does not know that method.", { allow: methods })
      : new ShopError("not_found", "There is nothing at this address.");
  }
  // What is thrown where a body is read arrives as the cause of Elysia's own error.
  if (code === "PARSE") return causeOf(error) ?? new ShopError("unreadable", "The body can't be read.");
  if (!(error instanceof ValidationError)) return undefined;
  if (error.type === "response") return undefined;
  // A body that could not be read was let through to here: a route that wants none does not mind.
  if (error.type === "body" && body instanceof Unreadable) return body.reason;
  return new ShopError("invalid", "Some of what was sent is not valid: see errors.", { errors: issuesOf(error) });
}

function causeOf(error: unknown): ShopError | undefined {
  return error instanceof Error && error.cause instanceof ShopError ? error.cause : undefined;
}

/** So that the answer to a megabyte of unknown fields is not seven. */
const MOST_ISSUES = 100;

/** zod's issues, without anything of the input in them. Elysia keeps the schema and the value, but not the codes. */
function issuesOf(error: ValidationError): Issue[] {
  const schema: unknown = Reflect.get(error.validator ?? {}, "schema");
  const checked = schema instanceof z.ZodType ? schema.safeParse(error.value) : undefined;
  return checked?.error
    ? fieldIssues(checked.error).slice(0, MOST_ISSUES)
    : [{ path: "", message: "Not valid.", code: "invalid" }];
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
