import { isIP } from "node:net";
import type { Settings } from "../settings";

/** What Bun's server tells of whoever is connected. */
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
 * in `X-Forwarded-For` that is not itself such a proxy. Anybody else's header is ignored.
 */
export function clientAddress(
  request: Request,
  peer: string | null,
  { isTrustedProxy }: Pick<Settings, "isTrustedProxy">,
): string | null {
  if (peer === null || !isTrustedProxy(peer)) return peer;
  let address = peer;
  const forwarded = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  for (const said of forwarded.toReversed()) {
    const before = plain(said.trim());
    if (isIP(before) === 0) break;
    address = before;
    if (!isTrustedProxy(address)) break;
  }
  return address;
}

/** An IPv4 address is the same whether it came over IPv4 or IPv6. */
function plain(address: string): string {
  // Looked at before the expression is: this stands in the path of every call.
  return address.startsWith("::") ? address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "") : address;
}
