import { ShopError } from "../base/errors";
import { findGateway } from "../payments/gateways";
import { findPaymentsSince, type Payment } from "../payments/queries";
import { findRefundsOf } from "../payments/refund-queries";
import type { Shop } from "../shop/shop";
import type { Finding } from "./finding";
import { DAY_MS } from "../base/time";

/** How far back payments are compared with what their gateways have. */
const ASKED_DAYS = 90;
const PAYMENTS_PER_LOOK = 100;

const CHECK = "gateways have what the shop knows of";

/** Asks the gateways about the payments of the last three months, and says what is not as they have it. */
export async function askProviders(shop: Shop): Promise<Finding[]> {
  const since = new Date(shop.now().getTime() - ASKED_DAYS * DAY_MS).toISOString();
  const found: string[] = [];
  for (let after = 0; ;) {
    const payments = await findPaymentsSince(shop.database, since, PAYMENTS_PER_LOOK, after);
    for (const payment of payments) found.push(...(await compare(shop, payment)));
    const last = payments.at(-1);
    if (!last || payments.length < PAYMENTS_PER_LOOK) break;
    after = last.id;
  }
  return found.map((problem) => ({ check: CHECK, problem, repairable: false }));
}

async function compare(shop: Shop, payment: Payment): Promise<string[]> {
  const gateway = findGateway(shop, payment.provider);
  if (!gateway || payment.gateway_id === null) return [];
  const { order_id, provider, currency } = payment;
  try {
    const outcome = await gateway.look(shop, payment);
    const isPaid = payment.state === "captured" || payment.state === "surplus";
    if (outcome.is === "captured" && !isPaid)
      return [`Order ${order_id}: ${provider} has its money, and the shop does not know.`];
    if (outcome.is !== "captured" && isPaid)
      return [`Order ${order_id} counts as paid, and ${provider} says that it is ${outcome.is}.`];
    if (!isPaid) return [];
    const theirs = (await gateway.refundsOf(shop, payment)).filter(({ state }) => state !== "failed");
    const ours = (await findRefundsOf(shop.database, payment.id)).filter(
      ({ state, source }) => (state === "sent" || state === "done") && source !== "hand",
    );
    const [there, here] = [theirs, ours].map((refunds) => refunds.reduce((sum, one) => sum + one.amount_minor, 0));
    if (there === here) return [];
    return [
      `Order ${order_id}: ${provider} has paid back ${there}, the shop knows of ${here} (in minor units of ${currency}).`,
    ];
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    return [`Order ${order_id}: ${provider} can't be asked: ${error.message}`];
  }
}
