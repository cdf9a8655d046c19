import { z } from "zod";
import { API } from "../../base/api";
import { ShopError } from "../../base/errors";
import { text } from "../../base/fields";
import { setting } from "../../shop/setting";
import { webhookSecret } from "../../shop/setting-kinds";
import type { Shop } from "../../shop/shop";
import type { Gateway, Outcome, PaymentEvent } from "../gateway";
import {
  findMockPayment,
  findMockRefunds,
  insertMockPayment,
  insertMockRefund,
  type MockPayment,
  setMockState,
  setMockUnderWay,
} from "./mock-queries";
import { paymentProvider } from "../provider";
import { checkSignature } from "./signature";

export const mock = paymentProvider({
  name: "mock",
  settings: {
    title: "Payments: the mock gateway, for developing",
    settings: {
      MOCK_WEBHOOK_SECRET: setting(webhookSecret(), {
        about: "Signs the events of the mock gateway; without it they are not taken from outside.",
      }),
    },
  },
  // It gives goods away, so in production it must be asked for by name.
  isUsual: (_, { production }) => !production,
  isPlayMoney: true,
  createGateway: ({ mockWebhookSecret }, { paymentProviders, production }) =>
    paymentProviders.includes("mock") || !production ? mockGateway(mockWebhookSecret) : undefined,
});

/** A gateway for developing: no money moves, and a page at `payment_url` asks what should happen. */
function mockGateway(webhookSecret: string | undefined): Gateway {
  return {
    leastAmount: () => undefined,
    open: async (shop, { reference, amount_minor, currency }) => {
      await shop.database.transaction((tx) => insertMockPayment(tx, { reference, amount_minor, currency }));
      return opened(shop, reference);
    },
    // Opening it once more makes no other, so there is nothing to look for.
    find: async () => undefined,
    look: async (shop, { reference }) => outcomeOf(await findMockPayment(shop.database, reference)),
    close: (shop, { reference }) =>
      shop.database.transaction(async (tx) => {
        const payment = await findMockPayment(tx, reference);
        // Money that is on its way can't be held up.
        if (payment?.is_under_way !== 1) await setMockState(tx, reference, "expired");
        return outcomeOf(await findMockPayment(tx, reference));
      }),
    refund: (shop, payment, refund) =>
      shop.database.transaction(async (tx) => {
        const paid = await insertMockRefund(tx, payment.reference, refund);
        return paid
          ? { is: "done", gateway_id: `${NAME}${refund.reference}` }
          : { is: "failed", why: "The mock gateway has not that much of it left." };
      }),
    refundsOf: async (shop, { reference, currency }) =>
      (await findMockRefunds(shop.database, reference)).map((refund) => ({
        gateway_id: `${NAME}${refund.reference}`,
        reference: refund.reference,
        amount_minor: refund.amount_minor,
        currency,
        state: "done",
      })),
    // Its events name our reference, never the money alone.
    referenceOf: async () => undefined,
    readEvent:
      webhookSecret === undefined
        ? undefined
        : (shop, headers, body) => {
            checkSignature(headers.get("sanset-signature"), body, webhookSecret, shop.now());
            return readMockEvent(body);
          },
  };
}

const opened = (shop: Shop, reference: string) => ({
  gateway_id: `${NAME}${reference}`,
  payment_url: `${shop.settings.publicUrl}${API}/payments/mock/pages/${reference}`,
});

/** What it calls anything begins with this, and goes on with our reference. */
const NAME = "mock_";

/** What a developer may choose on the page. */
export const choices = { pay: "paid", later: "under_way", decline: "declined", expire: "expired" } as const;

/** Throws `not_found`. */
export async function getMockPayment(shop: Shop, reference: string): Promise<MockPayment> {
  return found(await findMockPayment(shop.database, reference));
}

/** Does what a developer chose on the page, and returns the event that a gateway would send. Only the first choice counts. */
export async function chooseOutcome(
  shop: Shop,
  reference: string,
  choice: keyof typeof choices,
): Promise<PaymentEvent> {
  const payment = await shop.database.transaction(async (tx) => {
    const state = choices[choice];
    if (state === "under_way") await setMockUnderWay(tx, reference);
    else await setMockState(tx, reference, state);
    return found(await findMockPayment(tx, reference));
  });
  const outcome = outcomeOf(payment);
  return { id: shop.newId(), kind: `payment.${payment.state}`, news: { about: "payment", reference, outcome } };
}

const MockEvent = z.object({
  id: text(255),
  type: z.enum(["payment.paid", "payment.under_way", "payment.declined", "payment.failed", "payment.expired"]),
  reference: text(255, 0),
  amount_minor: z.int().min(0),
  currency: z.string().max(3),
});

function readMockEvent(body: string): PaymentEvent {
  const read = MockEvent.safeParse(jsonFrom(body));
  if (!read.success) throw new ShopError("unreadable", "This is no event of the mock gateway.");
  const { id, type, reference, amount_minor, currency } = read.data;
  const outcomes: Record<typeof type, Outcome> = {
    "payment.paid": { is: "captured", amount_minor, currency },
    "payment.under_way": { is: "under_way" },
    "payment.declined": { is: "declined" },
    "payment.failed": { is: "failed" },
    "payment.expired": { is: "expired" },
  };
  return { id, kind: type, news: { about: "payment", reference, outcome: outcomes[type] } };
}

function jsonFrom(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function outcomeOf(payment: MockPayment | undefined): Outcome {
  if (!payment) return { is: "open" };
  const { state, amount_minor, currency, is_under_way } = payment;
  if (state === "paid") return { is: "captured", amount_minor, currency };
  if (is_under_way === 1) return { is: state === "open" ? "under_way" : "failed" };
  return { is: state };
}

function found(payment: MockPayment | undefined): MockPayment {
  if (!payment) throw new ShopError("not_found", "There is no such payment.");
  return payment;
}
