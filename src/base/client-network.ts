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
