import { z } from "zod";
import { API } from "../../base/api";
import { ShopError } from "../../base/errors";
import { text } from "../../base/fields";
import { setting } from "../../shop/setting";
import { webhookSecret } from "../../shop/setting-kinds";
import type { Shop } from "../../shop/shop";
import type { Transaction } from "../../storage/database";
import { findMockPayment, insertMockPayment, insertMockRefund, type MockPayment, setMockState } from "./mock-queries";
import type { Gateway, Outcome, PaymentEvent } from "../gateway";
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
    open: async (shop, { reference, amount_minor, currency }) => {
      await shop.database.transaction((tx) => insertMockPayment(tx, { reference, amount_minor, currency }));
      return {
        gateway_id: `mock_${reference}`,
        payment_url: `${shop.settings.publicUrl}${API}/payments/mock/pages/${reference}`,
      };
    },
    look: async (shop, { reference }) => outcomeOf(await findMockPayment(shop.database, reference)),
    close: (shop, { reference }) =>
      shop.database.transaction(async (tx) => {
        await setMockState(tx, reference, "expired");
        return outcomeOf(await findMockPayment(tx, reference));
      }),
    refund: (shop, payment, refund) =>
      shop.database.transaction(async (tx) => {
        const paid = await insertMockRefund(tx, payment.reference, refund);
        return paid ? { gateway_id: `mock_${refund.reference}` } : undefined;
      }),
    readEvent:
      webhookSecret === undefined
        ? undefined
        : (shop, headers, body) => {
            checkSignature(headers.get("sanset-signature"), body, webhookSecret, shop.now());
            return readMockEvent(body);
          },
  };
}

/** What a developer may choose on the page. */
export const choices = { pay: "paid", decline: "declined", expire: "expired" } as const;

/** Throws `not_found`. */
export async function getMockPayment(shop: Shop, reference: string): Promise<MockPayment> {
  return known(await findMockPayment(shop.database, reference));
}

/** Does what a developer chose on the page, and returns the event that a gateway would send. Only the first choice counts. */
export async function chooseOutcome(
  shop: Shop,
  reference: string,
  choice: keyof typeof choices,
): Promise<PaymentEvent> {
  const payment = await shop.database.transaction(async (tx: Transaction) => {
    await setMockState(tx, reference, choices[choice]);
    return known(await findMockPayment(tx, reference));
  });
  return { id: shop.newId(), kind: `payment.${payment.state}`, reference, outcome: outcomeOf(payment) };
}

const MockEvent = z.object({
  id: text(255),
  type: z.enum(["payment.paid", "payment.declined", "payment.expired"]),
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
    "payment.declined": { is: "declined" },
    "payment.expired": { is: "expired" },
  };
  return { id, kind: type, reference, outcome: outcomes[type] };
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
  const { state, amount_minor, currency } = payment;
  return state === "paid" ? { is: "captured", amount_minor, currency } : { is: state };
}

function known(payment: MockPayment | undefined): MockPayment {
  if (!payment) throw new ShopError("not_found", "There is no such payment.");
  return payment;
}
