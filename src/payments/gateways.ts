import { ShopError } from "../base/errors";
import { perShop } from "../shop/per-shop";
import type { Settings } from "../shop/settings";
import type { Shop } from "../shop/shop";
import type { Gateway } from "./gateway";
import { CASH } from "./gateways/cash";
import { paymentProviders } from "./providers";

export { CASH } from "./gateways/cash";

/** Made once for each shop, so that a gateway keeps its connections. */
const gatewaysOf = perShop(() => new Map<string, Gateway | undefined>());

/**
 * The gateway behind a name that was stored or that a webhook came to, also where it is not offered any more: what was paid
 * with it may have to be refunded. Undefined when the settings have none.
 */
export function findGateway(shop: Pick<Shop, "settings" | "state">, name: string): Gateway | undefined {
  const made = gatewaysOf(shop);
  if (!made.has(name)) made.set(name, createGateway(shop.settings, name));
  return made.get(name);
}

function createGateway(settings: Settings, name: string): Gateway | undefined {
  const provider = paymentProviders.find((known) => known.name === name);
  return provider?.createGateway(settings.ofProviders.get(name), settings);
}

/**
 * The provider behind the word that a customer chose. Words of clients that know nothing of providers (`card`, `upi`) are
 * paid on delivery, as the backend before this one took them. Throws `invalid`, with what there is, for a provider that
 * the shop does not offer.
 */
export function providerFor({ paymentProviders: offered }: Settings, word: string): string {
  const name = paymentProviders.find((known) => known.name === word.toLowerCase())?.name ?? CASH;
  if (offered.includes(name)) return name;
  const message = `This shop takes: ${offered.join(", ")}.`;
  throw new ShopError("invalid", message, { errors: [{ path: "payment_method", message, code: "not_offered" }] });
}
