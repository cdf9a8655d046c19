import { demoAccounts } from "../../../src/demo/accounts";
import type { Besieged } from "./besieged";

/** What an honest client asked for, how it was answered, and after how long. */
export interface Call {
  kind: "sign-in" | "read" | "write";
  path: string;
  status: number;
  ms: number;
}

/**
 * Signs in, looks around and buys until told to stop, as one customer at one address would. Tells of every call at the end, and when
 * the first round is over.
 */
export function shopHonestly(shop: Besieged, stopped: AbortSignal, customer: number) {
  const first = Promise.withResolvers<void>();
  const calls = shopInRounds(shop, stopped, `203.0.113.${customer}`, first.resolve);
  return { calls, round: Promise.race([first.promise, calls]) };
}

async function shopInRounds(
  { url }: Besieged,
  stopped: AbortSignal,
  address: string,
  roundIsOver: () => void,
): Promise<Call[]> {
  const calls: Call[] = [];
  const told = new Promise((resolve) => stopped.addEventListener("abort", resolve, { once: true }));
  let token = "";
  const ask = async (kind: Call["kind"], method: string, path: string, body?: unknown) => {
    const startedAt = performance.now();
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        "x-forwarded-for": address,
        "content-type": "application/json",
        ...(token !== "" && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    calls.push({ kind, path, status: response.status, ms: performance.now() - startedAt });
    // Each answer is what the document says; nothing is read of it that is not there.
    return (response.status < 300 && text !== "" ? JSON.parse(text) : {}) as Record<string, never>;
  };
  do {
    const { access_token } = await ask("sign-in", "POST", "/auth/login", demoAccounts.customer);
    token = access_token ?? "";
    const { items = [] } = (await ask("read", "GET", "/products?in_stock=true&size=20")) as {
      items?: { id: number }[];
    };
    const product = items[calls.length % Math.max(1, items.length)]?.id ?? 1;
    await ask("read", "GET", `/products/${product}`);
    await ask("read", "GET", "/search?q=rice");
    await ask("read", "GET", "/categories");
    const addresses = (await ask("read", "GET", "/users/me/addresses")) as { id: number }[] | Record<string, never>;
    const address = Array.isArray(addresses) ? addresses[0] : undefined;
    await ask("write", "DELETE", "/cart");
    await ask("write", "POST", "/cart/add", { product_id: product, qty: 1 });
    const checkout = { payment_method: "cod", address_id: address?.id ?? 0 };
    const { order_id } = await ask("write", "POST", "/orders/checkout", checkout);
    await ask("read", "GET", `/orders/${String(order_id)}`);
    await ask("write", "POST", `/orders/${String(order_id)}/cancellation`);
    roundIsOver();
    // No faster than a person with a plan: the limits are for it too, and each round counts as twenty calls.
    if (!stopped.aborted) await Promise.race([Bun.sleep(2_500), told]);
  } while (!stopped.aborted);
  return calls;
}

/** The time within which so many of a hundred calls of a kind were answered. */
export function percentile(calls: readonly Call[], kind: Call["kind"], percent: number): number {
  const times = calls.filter((call) => call.kind === kind).map(({ ms }) => ms);
  const sorted = times.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0);
}
