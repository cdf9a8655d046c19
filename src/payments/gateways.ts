import { ShopError } from "../base/errors";
import { PAYMENT_PROVIDERS, type PaymentProviderName } from "../shop/setting-kinds";
import type { Settings } from "../shop/settings";
import { mockGateway } from "./gateways/mock";
import type { Gateway } from "./gateway";
import { stripeGateway } from "./gateways/stripe";

/** Cash on delivery: the only way to pay without a gateway. */
export const CASH = "cod";

/** Made once for the settings that they come from, so that a gateway keeps its connections. */
const gateways = new WeakMap<Settings, ReadonlyMap<string, Gateway>>();

/** The gateway behind a name that was stored or that a webhook came to; undefined when the settings have none. */
export function findGateway(settings: Settings, name: string): Gateway | undefined {
  const made = gateways.get(settings) ?? makeGateways(settings);
  gateways.set(settings, made);
  return made.get(name);
}

/** Those too that are not offered any more: what was paid with them may have to be refunded. */
function makeGateways({ payments, production }: Settings): ReadonlyMap<string, Gateway> {
  const made = new Map<string, Gateway>();
  // In production its word counts for money only where it is asked for by name.
  if (payments.offered.includes("mock") || !production) made.set("mock", mockGateway(payments.mockWebhookSecret));
  if (payments.stripe) made.set("stripe", stripeGateway(payments.stripe, payments.returnUrl));
  return made;
}

/**
 * The provider behind the word that a customer chose. Words of clients that know nothing of providers (`card`, `upi`) are
 * paid on delivery, as the backend before this one took them. Throws `invalid`, with what there is, for a provider that
 * the shop does not offer.
 */
export function providerFor({ payments }: Settings, word: string): PaymentProviderName {
  const name = PAYMENT_PROVIDERS.find((known) => known === word.toLowerCase()) ?? CASH;
  if (payments.offered.includes(name)) return name;
  const message = `This shop takes: ${payments.offered.join(", ")}.`;
  throw new ShopError("invalid", message, { errors: [{ path: "payment_method", message, code: "not_offered" }] });
}
