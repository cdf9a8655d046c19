import { isIP } from "node:net";

/** What Bun's server tells of whoever is connected. Absent where the app is called without a port. */
interface Listener {
  requestIP(request: Request): { address: string } | null;
}

/**
 * The address of the client. Where a proxy that is trusted stands in between, it is what the proxy says: the last address
 * in `X-Forwarded-For` that is not itself such a proxy. Anybody else's header is ignored.
 */
export function clientAddress(
  request: Request,
  listener: Listener | null,
  isTrusted: (address: string) => boolean,
): string | null {
  const peer = listener?.requestIP(request)?.address;
  if (peer === undefined) return null;
  let address = plain(peer);
  if (!isTrusted(address)) return address;
  const forwarded = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  for (const said of forwarded.toReversed()) {
    const before = plain(said.trim());
    if (isIP(before) === 0) break;
    address = before;
    if (!isTrusted(address)) break;
  }
  return address;
}

/** An IPv4 address is the same whether it came over IPv4 or IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** Whom to count as one: an IPv6 client owns a whole /64 network and could take a new address for every call. */
export function clientKey(address: string | null): string {
  if (address === null || !address.includes(":")) return address ?? "unknown";
  return `${expanded(address).slice(0, 4).join(":")}::/64`;
}

function expanded(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
}
