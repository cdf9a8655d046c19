import type { SoldOrder } from "./sold";

/** What the orders of a file tell of products and customers. */

export interface SoldProduct {
  /** By what lines name it: a code, or a name where there is no code. */
  key: string;
  code: string | undefined;
  name: string;
  /** In its last order. */
  price: number;
  firstSoldAt: string;
}

export interface SoldCustomer {
  id: string;
  name: string | undefined;
  phone: string | undefined;
  country: string;
  firstOrderAt: string;
}

export const keyOfLine = ({ code, name }: { code: string | undefined; name: string }) =>
  code === undefined ? `name ${name}` : `code ${code}`;

export function productsOf(orders: ReadonlyMap<string, SoldOrder>): Map<string, SoldProduct> {
  const products = new Map<string, SoldProduct>();
  const names = new Map<string, Map<string, number>>();
  for (const { placedAt, lines } of orders.values()) {
    for (const { code, name, price } of lines) {
      const key = keyOfLine({ code, name });
      const { firstSoldAt } = products.get(key) ?? { firstSoldAt: placedAt };
      products.set(key, {
        key,
        code,
        name: code ?? name,
        price,
        firstSoldAt: placedAt < firstSoldAt ? placedAt : firstSoldAt,
      });
      if (name === "") continue;
      const counts = names.get(key) ?? new Map<string, number>();
      names.set(key, counts.set(name, (counts.get(name) ?? 0) + 1));
    }
  }
  for (const product of products.values()) product.name = mostFrequent(names.get(product.key)) ?? product.name;
  return products;
}

export function customersOf(orders: ReadonlyMap<string, SoldOrder>): Map<string, SoldCustomer> {
  const customers = new Map<string, SoldCustomer>();
  for (const { customer, about, placedAt } of orders.values()) {
    const known = customers.get(customer);
    if (known && placedAt >= known.firstOrderAt) continue;
    customers.set(customer, {
      id: customer,
      name: about.customer_name ?? joined(about.first_name, about.last_name) ?? about.recipient,
      phone: about.phone,
      country: about.country ?? "",
      firstOrderAt: placedAt,
    });
  }
  return customers;
}

export function joined(...parts: (string | undefined)[]): string | undefined {
  const text = parts.filter((part) => part !== undefined && part !== "").join(" ");
  return text === "" ? undefined : text;
}

function mostFrequent(counts: Map<string, number> = new Map()): string | undefined {
  return [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}

/** Small enough that other writers get their turn. */
export const ROWS_PER_TRANSACTION = 1_000;

/** The shop's own ids of products or customers, by what the file calls them, and how many of them are new. */
export interface Ids {
  ids: Map<string, number>;
  added: number;
}
