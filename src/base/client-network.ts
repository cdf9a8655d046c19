/** A network that a client is counted in, and how many times the allowance of one client it has. */
export interface ClientNetwork {
  key: string;
  times: number;
}

/** What a client owns: an IPv6 /64, of which it could take a new address for every call; an IPv4 address is one client. */
export function networkOf(address: string | null): string {
  if (address === null || !address.includes(":")) return address ?? "unknown";
  return `${expanded(address).slice(0, 4).join(":")}::/64`;
}

/**
 * Every network that a client is counted in, the narrowest first. Many providers hand out a /56 or a /48, which is 256 or
 * 65,536 networks of /64: these are counted beside, with more room for the neighbours who may share them.
 */
export function clientNetworks(address: string | null): readonly ClientNetwork[] {
  if (address === null || !address.includes(":")) return [{ key: address ?? "unknown", times: 1 }];
  const groups = expanded(address);
  const site = groups.slice(0, 3).join(":");
  // The upper eight of its sixteen bits.
  const half = (groups[3] ?? "0").padStart(4, "0").slice(0, 2);
  return [
    { key: `${groups.slice(0, 4).join(":")}::/64`, times: 1 },
    { key: `${site}:${half}00::/56`, times: 4 },
    { key: `${site}::/48`, times: 16 },
  ];
}

/** The lanes that a client waits in, the widest first: beside other clients a whole site is one lane. */
export const lanesOf = (networks: readonly ClientNetwork[]): readonly string[] =>
  networks.map(({ key }) => key).toReversed();

function expanded(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
}
