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

/** What clients of the backend before this one call paying online. */
const ONLINE_WORDS = new Set(["upi", "card", "netbanking", "wallet"]);
const CASH_WORDS = new Set(["cod", "cash"]);

/**
 * The provider behind the word that a customer chose, in any case: one that the shop offers, `cash`, or a word of an older
 * client, which means the shop's first gateway, or cash where it has none. Throws `invalid` with what there is.
 */
export function providerFor({ paymentProviders: offered }: Settings, word: string): string {
  const name = word.trim().toLowerCase();
  const online = offered.find((provider) => provider !== CASH);
  const meant = CASH_WORDS.has(name) ? CASH : ONLINE_WORDS.has(name) ? (online ?? CASH) : name;
  if (offered.includes(meant)) return meant;
  const message = `This shop takes: ${offered.join(", ")}.`;
  throw new ShopError("invalid", message, { errors: [{ path: "payment_method", message, code: "not_offered" }] });
}
