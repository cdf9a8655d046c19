import { isIP } from "node:net";
import type { Settings } from "../shop/settings";

/** What Bun's server tells of the peer of a connection. */
interface Listener {
  requestIP(request: Request): { address: string } | null;
}

/** Who is connected to us; null where the app is called without a port. */
export function peerAddress(request: Request, listener: Listener | null): string | null {
  const peer = listener?.requestIP(request)?.address;
  return peer === undefined ? null : plain(peer);
}

/**
 * The address of the client. Where a proxy that is trusted stands in between, it is what the proxy says: the last address
 * in `X-Forwarded-For` that is not itself such a proxy. Any other sender's header is ignored. Where an entry is no address,
 * the client counts as the proxy that wrote it, and `unreadableFrom` is that.
 */
export function clientAddress(
  request: Request,
  peer: string | null,
  { trustedProxies }: Pick<Settings, "trustedProxies">,
): { address: string | null; unreadableFrom: string | undefined } {
  if (peer === null || !trustedProxies.includes(peer)) return { address: peer, unreadableFrom: undefined };
  let address = peer;
  const forwarded = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  for (const said of forwarded.toReversed()) {
    const before = addressIn(said);
    if (before === undefined) return { address, unreadableFrom: address };
    address = before;
    if (!trustedProxies.includes(address)) break;
  }
  return { address, unreadableFrom: undefined };
}

/** The address in an entry, which may have a port: `203.0.113.5:41234`, `[2001:db8::1]:443`. */
function addressIn(said: string): string | undefined {
  const entry = said.trim();
  const withPort = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(entry);
  const address = withPort?.[1] ?? withPort?.[2] ?? entry;
  return isIP(address) === 0 ? undefined : plain(address);
}

const MAPPED = /^[0:]+:ffff:(?:([\d.]+)|([\da-f]+):([\da-f]+))$/i;

/** An IPv4 address is the same whether it came over IPv4 or IPv6, and however that is written: `::ffff:cb00:7105`. */
function plain(address: string): string {
  // Looked at before the expression is: this stands in the path of every call.
  const mapped = address.startsWith("::") || address.startsWith("0") ? MAPPED.exec(address) : null;
  if (!mapped) return address;
  const [, dotted, ...halves] = mapped;
  if (dotted !== undefined) return dotted;
  return halves
    .map((half) => Number.parseInt(half, 16))
    .flatMap((half) => [half >> 8, half & 255])
    .join(".");
}
