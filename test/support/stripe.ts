import { open } from "./every-test";

export interface Session {
  id: string;
  object: "checkout.session";
  client_reference_id: string;
  amount_total: number;
  currency: string;
  status: "open" | "complete" | "expired";
  payment_status: "unpaid" | "paid";
  payment_intent: string;
  url: string;
}

export interface StripeRefund {
  id: string;
  object: "refund";
  amount: number;
  currency: string;
  payment_intent: string;
  status: string;
  metadata: Record<string, string>;
}

/** What a test can do to Stripe. */
export interface StripeDouble {
  url: string;
  sessions: Map<string, Session>;
  refunds: Map<string, StripeRefund>;
  /** What becomes of refunds that are asked for. */
  refundStatus: "succeeded" | "pending" | "requires_action" | "in_review" | "failed" | "canceled";
  /** Why sessions are refused for good, in Stripe's word. */
  refusesSessions: string | undefined;
  /** How the next requests are answered: `lost` does the work and hangs up, `fine` answers as usual. */
  mood: ("lost" | "down" | "fine")[];
  /** In Stripe's word, or without one. */
  refusesRefunds: boolean | string;
  /** Takes every question and answers none. */
  hangs: boolean;
  /** Hears of every question. */
  onRequest: (request: Request, form: URLSearchParams) => void;
  /** What happens after a session is made and before anybody hears of it. */
  beforeAnswering: ((session: Session) => Promise<unknown>) | undefined;
  pay(reference: string, change?: Partial<Session>): Session;
  /** Pays back at Stripe, by other hands than the shop's. */
  payBackThere(reference: string, amount: number): StripeRefund;
  /** A day later: requests are no longer known by their keys. */
  forget(): void;
  /** How many times money was taken, by reference. */
  charges(reference: string): number;
}

/** A local double of the part of Stripe's API that the shop speaks, with its rules for idempotency keys. */
export function stripeDouble(): StripeDouble {
  const sessions: StripeDouble["sessions"] = new Map();
  const refunds: StripeDouble["refunds"] = new Map();
  const answers = new Map<string, unknown>();
  const mood: StripeDouble["mood"] = [];

  const refundedOf = (payment_intent: string) =>
    [...refunds.values()].reduce(
      (sum, one) => (one.payment_intent === payment_intent && one.status !== "failed" ? sum + one.amount : sum),
      0,
    );

  function addRefund(payment_intent: string, amount: number, status: string, metadata: Record<string, string>) {
    const currency = [...sessions.values()].find((one) => one.payment_intent === payment_intent)?.currency ?? "";
    const id = `re_${refunds.size + 1}`;
    const refund: StripeRefund = { id, object: "refund", amount, currency, payment_intent, status, metadata };
    refunds.set(id, refund);
    return refund;
  }

  function answer(method: string, path: string, form: URLSearchParams): unknown {
    const [, , kind, id = "", action] = path.split("/").slice(1);
    if (path === "/v1/checkout/sessions" && method === "POST") {
      if (double.refusesSessions) return { refused: double.refusesSessions };
      const reference = form.get("client_reference_id") ?? "";
      const session: Session = {
        id: `cs_test_${sessions.size + 1}`,
        object: "checkout.session",
        client_reference_id: reference,
        amount_total: Number(form.get("line_items[0][price_data][unit_amount]")),
        currency: form.get("line_items[0][price_data][currency]") ?? "",
        status: "open",
        payment_status: "unpaid",
        payment_intent: `pi_${sessions.size + 1}`,
        url: `https://checkout.stripe.com/c/pay/cs_test_${sessions.size + 1}`,
      };
      sessions.set(session.id, session);
      return session;
    }
    if (path === "/v1/refunds" && method === "POST") {
      if (typeof double.refusesRefunds === "string") return { refused: double.refusesRefunds };
      if (double.refusesRefunds) return undefined;
      const payment_intent = form.get("payment_intent") ?? "";
      const charged = [...sessions.values()].find((one) => one.payment_intent === payment_intent)?.amount_total ?? 0;
      if (refundedOf(payment_intent) >= charged) return { refused: "charge_already_refunded" };
      return addRefund(payment_intent, Number(form.get("amount")), double.refundStatus, {
        reference: form.get("metadata[reference]") ?? "",
      });
    }
    if (path === "/v1/refunds") {
      const data = [...refunds.values()].filter((one) => one.payment_intent === form.get("payment_intent"));
      return { object: "list", data, has_more: false };
    }
    if (path === "/v1/checkout/sessions") {
      const intent = form.get("payment_intent");
      const data = [...sessions.values()].filter((one) => intent === null || one.payment_intent === intent);
      return { object: "list", data, has_more: false };
    }
    const session = kind === "sessions" ? sessions.get(id) : undefined;
    if (!session) return undefined;
    if (action === "expire") {
      if (session.status !== "open") return undefined;
      session.status = "expired";
    }
    return session;
  }

  const server = Bun.serve({
    port: 0,
    // One that hangs is not to be ended by us.
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      const form = request.method === "GET" ? searchParams : new URLSearchParams(await request.text());
      double.onRequest(request, form);
      if (double.hangs) await Promise.withResolvers<never>().promise;
      if (request.headers.get("authorization") !== "Bearer sk_test_double") return wrong("No such key.");
      const now = mood.shift();
      if (now === "down") return Response.json({ error: { type: "api_error", message: "Down." } }, { status: 500 });
      const key = request.headers.get("idempotency-key");
      const found = (key && answers.get(key)) || answer(request.method, pathname, form);
      if (!found) return wrong("No such session, or not in that state.");
      if (typeof found === "object" && "refused" in found) return wrong("Refused.", String(found.refused));
      const isNew = key !== null && !answers.has(key);
      if (key) answers.set(key, found);
      const made = pathname === "/v1/checkout/sessions" ? [...sessions.values()].at(-1) : undefined;
      if (made && isNew) await double.beforeAnswering?.(made);
      // The work is done, but nobody hears of it.
      if (now === "lost") return Response.json({ error: { type: "api_error", message: "Lost." } }, { status: 502 });
      return Response.json(found);
    },
  });
  open.add({ close: () => server.stop(true) });
  const find = (reference: string) => {
    const session = [...sessions.values()].find((one) => one.client_reference_id === reference);
    if (!session) throw new Error("There is no such session.");
    return session;
  };
  const double: StripeDouble = {
    url: `http://127.0.0.1:${server.port}`,
    sessions,
    refunds,
    mood,
    refusesRefunds: false,
    refundStatus: "succeeded",
    refusesSessions: undefined,
    hangs: false,
    onRequest: () => {},
    beforeAnswering: undefined,
    pay: (reference, change = {}) =>
      Object.assign(find(reference), { status: "complete", payment_status: "paid", ...change }),
    forget: () => answers.clear(),
    payBackThere: (reference, amount) => addRefund(find(reference).payment_intent, amount, "succeeded", {}),
    charges: (reference) =>
      [...sessions.values()].filter((one) => one.client_reference_id === reference && one.payment_status === "paid")
        .length,
  };
  return double;
}

function wrong(message: string, code?: string): Response {
  return Response.json({ error: { type: "invalid_request_error", message, code } }, { status: 400 });
}
