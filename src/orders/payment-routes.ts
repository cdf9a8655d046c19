import { currencyOf } from "../base/currency";
import { Elysia } from "elysia";
import { z } from "zod";
import { ShopError } from "../base/errors";
import { publicRoutes, type Web } from "../http/access";
import { FREE_JSON } from "../http/declared";
import { failures } from "../http/problem";
import { receiveEvent } from "./payment-events";
import { toMajor } from "../base/money";
import { text } from "../base/fields";
import { chooseOutcome, choices, getMockPayment } from "../payments/gateways/mock";
import { mockPage } from "../payments/gateways/mock-page";
import { findOrderOfReference } from "../payments/queries";
import { findGateway } from "../payments/gateways";

export const paymentRoutes = (web: Web) => {
  const routes = new Elysia().use(webhooks(web));
  return web.shop.settings.paymentProviders.includes("mock") ? routes.use(mockPages(web)) : routes;
};

/** As it came: the signature is over these very characters. */
const SignedEvent = z.string().meta({ id: "SignedEvent", description: "An event in the words of its provider" });

const EventOutcome = z
  .object({
    outcome: z
      .enum(["paid", "under_way", "failed", "refunded", "disputed", "cancelled", "flagged", "unknown", "nothing"])
      .meta({ description: "What came of the event; the same event again comes to nothing" }),
  })
  .meta({ id: "EventOutcome" });

const webhooks = ({ shop }: Web) =>
  publicRoutes("payments", "/payments", { body: "raw", ...FREE_JSON }).post(
    "/:provider/webhook",
    async ({ params, body, request }) => {
      const readEvent = findGateway(shop, params.provider)?.readEvent;
      // Without a secret nobody could tell a true event from a forged one, so there is no such address.
      if (!readEvent) throw new ShopError("not_found", "There is nothing at this address.");
      const event = readEvent(shop, request.headers, body);
      return { outcome: await receiveEvent(shop, params.provider, event) };
    },
    {
      params: z.strictObject({ provider: z.string().max(50) }),
      body: SignedEvent,
      response: { 200: EventOutcome, ...failures(401, 404) },
      detail: {
        summary: "Tell the shop what happened to a payment",
        description:
          "For payment providers. Signed: Stripe's scheme in Stripe-Signature, the same in Sanset-Signature for the mock gateway. Where no secret is set there is nothing at this address.",
      },
    },
  );

const ReferencePath = z.strictObject({ reference: text(100) });

/** The page of the mock gateway loads nothing, and sends its form nowhere else. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

/** The pages of the mock gateway. What a developer chooses reaches the shop as a webhook would. */
const mockPages = ({ shop }: Web) => {
  const page = async (reference: string) => {
    const payment = await getMockPayment(shop, reference);
    const amount = `${toMajor(payment.amount_minor, currencyOf(payment.currency))} ${payment.currency}`;
    const orderId = await findOrderOfReference(shop.database, "mock", reference);
    const back = `${shop.settings.paymentReturnUrl}?order_id=${orderId ?? ""}`;
    return new Response(mockPage(amount, payment.state, back), {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": PAGE_POLICY,
        "cache-control": "no-store",
      },
    });
  };
  const hidden = { detail: { hide: true } };
  return publicRoutes("payments", "/payments/mock/pages", { body: "form" })
    .get("/:reference", ({ params }) => page(params.reference), { params: ReferencePath, ...hidden })
    .post(
      "/:reference",
      async ({ params, body }) => {
        await receiveEvent(shop, "mock", await chooseOutcome(shop, params.reference, body.choice));
        return page(params.reference);
      },
      {
        params: ReferencePath,
        body: z.strictObject({ choice: z.enum(Object.keys(choices) as (keyof typeof choices)[]) }),
        ...hidden,
      },
    );
};
