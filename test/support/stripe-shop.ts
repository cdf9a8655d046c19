import { signatureOf } from "../../src/payments/gateways/signature";
import { checkOut } from "./buying";
import { call, newBuyer } from "./client";
import type { TestEngine } from "./engines";
import { numberOf } from "./every-test";
import { stockShelf } from "./goods";
import { freshShop } from "./shop";
import { type Session, stripeDouble } from "./stripe";

export const WEBHOOK_SECRET = "whsec_0123456789abcdef";

/** A shop that takes its money through Stripe, and somebody who buys two mugs in it. */
export async function newStripeShop(engine: TestEngine, settings: Record<string, string> = {}) {
  const stripe = stripeDouble();
  const shop = await freshShop(engine, {
    STRIPE_SECRET_KEY: "sk_test_double",
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_URL: stripe.url,
    PAYMENT_RETURN_URL: "https://shop.example/paid",
    ...settings,
  });
  const mug = await stockShelf(shop, { price: settings["CURRENCY"] ? 40 : 40.5 });
  const buyer = await newBuyer(shop);
  const order = async (headers: Record<string, string> = {}) => {
    await buyer.post("/cart/add", { product_id: mug.id, qty: 2 });
    return checkOut(buyer, { payment_method: "stripe" }, headers);
  };
  const referenceOf = async (id: number) =>
    (await shop.database.first<{ reference: string }>("SELECT reference FROM payments WHERE order_id = $1", [id]))
      ?.reference ?? "";
  /** Stripe says by itself that a session is paid. */
  const tellPaid = (session: Session) => {
    const body = JSON.stringify({
      id: `evt_${session.id}`,
      type: "checkout.session.completed",
      data: { object: session },
    });
    return call(shop, "POST", "/api/v1/payments/stripe/webhook", {
      body,
      headers: {
        "content-type": "application/json",
        "stripe-signature": signatureOf(body, WEBHOOK_SECRET, shop.now()),
      },
    });
  };
  /** Stripe tells of something, signed. */
  const tell = (type: string, object: object, id = `evt_${numberOf("events of Stripe")}`, created?: number) => {
    const body = JSON.stringify({ id, type, created, data: { object } });
    const signature = signatureOf(body, WEBHOOK_SECRET, shop.now());
    return call(shop, "POST", "/api/v1/payments/stripe/webhook", {
      body,
      headers: { "content-type": "application/json", "stripe-signature": signature },
    });
  };
  /** An order that is paid at Stripe, and of which the shop knows. */
  const paidOrder = async () => {
    const { body } = await order();
    stripe.pay(await referenceOf(body.order_id));
    await buyer.post(`/orders/${body.order_id}/payment`);
    return body.order_id as number;
  };
  return { stripe, shop, buyer, order, paidOrder, referenceOf, tellPaid, tell, product: mug.id };
}
