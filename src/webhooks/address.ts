import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { ShopError } from "../base/errors";
import type { Settings } from "../shop/settings";

/** Finds the addresses of a name. Tests give their own. */
export type Resolve = (host: string) => Promise<string[]>;

export const resolveName: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Where a webhook may not lead: this machine, the networks around it, and addresses for special uses (IANA's registries
 * of IPv4 and IPv6). A caller who may enter a webhook could otherwise talk to what only the shop can reach.
 */
const closed4 = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  closed4.addSubnet(network, bits, "ipv4");
}

/** Of IPv6 only what is given out to the world is open, and of that not what leads to another address inside it. */
const open6 = new BlockList();
open6.addSubnet("2000::", 3, "ipv6");
const closed6 = new BlockList();
closed6.addSubnet("2001::", 23, "ipv6");
closed6.addSubnet("2001:db8::", 32, "ipv6");
closed6.addSubnet("2002::", 16, "ipv6");
closed6.addSubnet("3fff::", 20, "ipv6");

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !closed4.check(address, "ipv4");
  return isIP(address) === 6 && open6.check(address, "ipv6") && !closed6.check(address, "ipv6");
}

type Rules = Pick<Settings, "production" | "webhookPrivate">;

/** Checks what can be seen of an address without looking anything up. Throws `invalid`. */
export function checkUrl({ production, webhookPrivate }: Rules, text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw invalidUrl("Give an address such as https://example.com/hooks.");
  if (url.username || url.password)
    throw invalidUrl("Leave name and password out of the address: what is sent is signed.");
  if (production && url.protocol !== "https:") throw invalidUrl("Give an address that begins with https://.");
  const host = hostOf(url);
  if (!webhookPrivate && isIP(host) > 0 && !isPublicAddress(host)) throw closedAddress();
  if (!webhookPrivate && /(^|\.)localhost\.?$/i.test(host)) throw closedAddress();
  return url;
}

/** The host without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * The one address to connect to. The name is looked up once; where any of its addresses is closed none is taken, so that a
 * name can't lead elsewhere at a second look. Undefined where it may not be called.
 */
export async function addressFor({ webhookPrivate }: Rules, url: URL, resolve: Resolve): Promise<string | undefined> {
  const host = hostOf(url);
  const addresses = isIP(host) > 0 ? [host] : await resolve(host);
  if (!webhookPrivate && !addresses.every(isPublicAddress)) return undefined;
  return addresses[0];
}

const closedAddress = () =>
  invalidUrl("This address is of this machine or its own network: set WEBHOOK_PRIVATE=on if that is meant.");

function invalidUrl(message: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path: "url", message, code: "invalid_url" }] });
}
