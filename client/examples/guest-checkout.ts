/**
 * From nothing to an order, as a storefront does it for a guest: `SHOP_URL=http://127.0.0.1:5000 bun guest-checkout.ts milk`.
 */
import { createClient, Problem } from "@sanset/client";

const url = process.env["SHOP_URL"] ?? "http://127.0.0.1:5000";
const visitor = createClient({ url });

const { access_token } = await visitor("POST /auth/guest");
const guest = createClient({ url, token: (refused) => (refused ? undefined : access_token) });

const words = process.argv[2] ?? "milk";
const { items } = await guest("GET /search/products", { query: { q: words, in_stock: true, size: 5 } });
const found = items.find(({ option_names }) => option_names.length === 0);
if (!found) throw new Error(`Nothing here is called ${words}.`);
await guest("POST /cart/items", { body: { product_id: found.id, qty: 1 } });

const { id: address_id } = await guest("POST /users/me/addresses", {
  body: { label: "Home", full_name: "Asha Rao", address_line: "12 Lake Road", city: "Pune", pincode: "411001" },
});
const quote = await guest("POST /cart/quote", { body: { address_id } });

try {
  const receipt = await guest("POST /orders/checkout", {
    body: {
      payment_method: "cod",
      address_id,
      email: "asha@example.com",
      // What the guest was shown: where it no longer holds, nothing is ordered.
      expected_total: quote.total,
      ...(quote.shipping_method_id !== null && { shipping_method_id: quote.shipping_method_id }),
    },
    // Made once for this order, and the same for each try of it.
    idempotencyKey: crypto.randomUUID(),
  });
  console.log(JSON.stringify({ product: found.name, total: quote.total, order_id: receipt.order_id }));
} catch (error) {
  if (error instanceof Problem) console.error(`${error.code}: ${error.problem.detail}`);
  throw error;
}
