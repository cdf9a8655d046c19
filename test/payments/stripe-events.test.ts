import { describe, expect, test } from "bun:test";
import { toMinor } from "../../src/base/money";
import { currencyOf } from "../../src/base/currency";
import { findGateway } from "../../src/payments/gateways";
import { connect } from "../../src/payments/gateways/stripe-client";
import { readStripeEvent, refundNewsOf } from "../../src/payments/gateways/stripe-events";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

const SESSION = {
  id: "cs_1",
  object: "checkout.session",
  client_reference_id: "ours",
  status: "complete",
  payment_status: "paid",
  amount_total: 8_100,
  currency: "inr",
  payment_intent: "pi_1",
};
const REFUND = { id: "re_1", amount: 3_000, currency: "inr", status: "succeeded", payment_intent: "pi_1" };
const DISPUTE = { id: "dp_1", amount: 8_100, currency: "inr", status: "needs_response", payment_intent: "pi_1" };
const CHARGE = { object: "charge", amount_refunded: 3_000, currency: "inr", payment_intent: "pi_1" };

const read = (type: string, object: object, more: object = {}) =>
  readStripeEvent(JSON.stringify({ id: "evt_1", type, data: { object }, ...more }));
const newsOf = (type: string, object: object, more: object = {}) => read(type, object, more).news;
const outcomeOf = (object: object, type = "checkout.session.completed") => {
  const news = newsOf(type, { ...SESSION, ...object });
  return news.about === "payment" ? news.outcome : news;
};

const NOTHING = { about: "nothing" } as const;
const LONG = "x".repeat(255);

/** Whether an event is one. */
function takes(more: object): boolean {
  try {
    read("customer.created", CHARGE, more);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "unreadable" });
    return false;
  }
}

describe("what Stripe tells", () => {
  test("of a session is how its payment stands", () => {
    const captured = { is: "captured", amount_minor: 8_100, currency: "INR", gateway_id: "cs_1", money: "pi_1" };
    expect(newsOf("checkout.session.completed", SESSION)).toEqual({
      about: "payment",
      reference: "ours",
      outcome: captured as never,
    });
    const unpaid = { payment_status: "unpaid" };
    const cases: [object, object][] = [
      [{ id: LONG }, { ...captured, gateway_id: LONG }],
      [{ id: `${LONG}x` }, NOTHING],
      [{ payment_intent: { id: "pi_2" } }, { ...captured, money: "pi_2" }],
      [{ payment_intent: null }, { ...captured, money: undefined }],
      [{ amount_total: null }, { ...captured, amount_minor: Number.NaN }],
      [{ currency: "isk" }, { ...captured, amount_minor: 81, currency: "ISK" }],
      [unpaid, { is: "under_way", money: "pi_1" }],
      [
        { payment_status: "no_payment_required", amount_total: 0 },
        { ...captured, amount_minor: 0 },
      ],
      [{ payment_status: "no_payment_required", status: "open" }, { is: "open" }],
      [{ ...unpaid, status: "open" }, { is: "open" }],
      [{ ...unpaid, status: "expired" }, { is: "expired" }],
      [{ client_reference_id: null }, NOTHING],
      [{ client_reference_id: "" }, NOTHING],
      [{ payment_status: 1 }, NOTHING],
    ];
    for (const [change, outcome] of cases) expect([change, outcomeOf(change)] as unknown).toEqual([change, outcome]);
    expect(outcomeOf(unpaid, "checkout.session.async_payment_failed")).toEqual({ is: "failed" });
  });

  test("of a refund is how it stands, whatever names it", () => {
    const refund = {
      gateway_id: "re_1",
      reference: undefined,
      amount_minor: 3_000,
      currency: "INR",
      state: "done" as const,
    };
    const told = { about: "refund", money: "pi_1", refund } as const;
    for (const type of ["refund.created", "refund.updated", "charge.refund.updated"])
      expect(newsOf(type, REFUND)).toEqual(told);
    expect(newsOf("refund.failed", REFUND)).toEqual({ ...told, refund: { ...refund, state: "failed" } });
    expect(newsOf("refund.created", { ...REFUND, payment_intent: { id: "pi_2" } })).toEqual({ ...told, money: "pi_2" });
    for (const wrong of [{ payment_intent: null }, { amount: "1" }, { id: `${LONG}x` }])
      expect(newsOf("refund.created", { ...REFUND, ...wrong })).toEqual(NOTHING);
    const long = { ...REFUND, id: LONG, metadata: { reference: "ours" } };
    expect(refundNewsOf(long)).toEqual({ ...refund, gateway_id: LONG, reference: "ours" });
    expect(refundNewsOf({ ...REFUND, currency: null })).toMatchObject({ currency: "", amount_minor: 3_000 });
    expect(refundNewsOf({ ...REFUND, currency: "isk" })).toMatchObject({ currency: "ISK", amount_minor: 30 });
    const states = [null, "succeeded", "failed", "canceled", "pending", "requires_action"].map(
      (status) => refundNewsOf({ ...REFUND, status }).state,
    );
    expect(states).toEqual(["done", "done", "failed", "failed", "sent", "sent"]);
  });

  test("of a charge is what was paid back of it, and of a dispute how it stands and since when", () => {
    expect(newsOf("charge.refunded", CHARGE)).toEqual({
      about: "refunds",
      money: "pi_1",
      refunded_minor: 3_000,
      currency: "INR",
    });
    expect(newsOf("charge.dispute.created", DISPUTE, { created: 1_000 })).toEqual({
      about: "dispute",
      money: "pi_1",
      state: "open",
      gateway_id: "dp_1",
      amount_minor: 8_100,
      currency: "INR",
      at: "1970-01-01T00:16:40.000Z",
    });
    const statuses = ["won", "warning_closed", "prevented", "charge_refunded", "lost", "under_review", "new_word"];
    const states = statuses.map((status) => newsOf("charge.dispute.closed", { ...DISPUTE, status }));
    expect(states.map((news): unknown => news.about === "dispute" && news.state)).toEqual([
      "won",
      "won",
      "won",
      "won",
      "lost",
      "open",
      "open",
    ]);
    expect(newsOf("charge.dispute.created", { ...DISPUTE, id: LONG })).toMatchObject({ gateway_id: LONG });
    for (const wrong of [{ payment_intent: null }, { currency: null }, { id: `${LONG}x` }]) {
      expect(newsOf("charge.dispute.created", { ...DISPUTE, ...wrong })).toEqual(NOTHING);
    }
    for (const wrong of [{ payment_intent: null }, { currency: null }])
      expect(newsOf("charge.refunded", { ...CHARGE, ...wrong })).toEqual(NOTHING);
    for (const type of ["customer.created", "charge.succeeded", "payment_intent.succeeded"])
      expect(newsOf(type, CHARGE)).toEqual(NOTHING);
  });

  test("is no event where it is longer than any name, or of no time", () => {
    const taken = [{ id: LONG }, { type: LONG }, { created: 0 }, { created: 99_999_999_999 }, { created: null }];
    const refused = [
      { id: `${LONG}x` },
      { id: "" },
      { type: `${LONG}x` },
      { data: {} },
      { created: -1 },
      { created: 1.5 },
      { created: 100_000_000_000 },
    ];
    expect(taken.filter((more) => !takes(more))).toEqual([]);
    expect(refused.filter(takes)).toEqual([]);
    expect(() => readStripeEvent("no JSON")).toThrow("no event of Stripe");
  });
});

/** As Stripe's own page has it, in major units: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const LEAST = `USD 0.50  AED 2.00  AUD 0.50  BGN 1.00  BRL 0.50  CAD 0.50  CHF 0.50  CZK 15.00  DKK 2.50  EUR 0.50  GBP 0.30  HKD 4.00
  HUF 175.00  INR 0.50  JPY 50  MXN 10  MYR 2  NOK 3.00  NZD 0.50  PLN 2.00  RON 2.00  SEK 3.00  SGD 0.50  THB 10`;

describe("Stripe's gateway", () => {
  test("knows the least that Stripe charges in each currency, and none where Stripe names none", async () => {
    const shop = await freshShop(engines[0]!, { STRIPE_SECRET_KEY: "sk_test_double" });
    const gateway = findGateway(shop, "stripe");
    const pairs = [...LEAST.matchAll(/([A-Z]{3}) ([\d.]+)/g)].map(([, currency = "", least]) => ({
      currency,
      least: toMinor(Number(least), currencyOf(currency)),
    }));
    expect(pairs).toHaveLength(24);
    expect(pairs.map(({ currency }) => ({ currency, least: gateway?.leastAmount(currency) ?? 0 }))).toEqual(pairs);
    expect(gateway?.leastAmount("ISK")).toBeUndefined();
  });

  test("asks where it is told to, twice at most, for ten seconds, and tells Stripe nothing about it", async () => {
    for (const [apiUrl, host, port, protocol] of [
      ["https://api.stripe.com", "api.stripe.com", 443, "https"],
      ["https://stripe.example:8443", "stripe.example", 8_443, "https"],
      ["http://127.0.0.1", "127.0.0.1", 80, "http"],
      ["http://127.0.0.1:12111", "127.0.0.1", 12_111, "http"],
    ] as const) {
      const stripe = await connect({ secretKey: "sk_test_double", webhookSecret: undefined, apiUrl });
      const asked = (["host", "port", "protocol", "timeout", "maxNetworkRetries"] as const).map((field) =>
        stripe.getApiField(field),
      );
      expect(asked as unknown[]).toEqual([host, port, protocol, 10_000, 1]);
      expect(stripe.getTelemetryEnabled()).toBe(false);
    }
  });
});
