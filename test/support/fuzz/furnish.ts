import { createAccount } from "../../../src/accounts/accounts";
import type { Receipt } from "../../../src/orders/checkout-schema";
import { findPayment, flagPayment } from "../../../src/payments/queries";
import { startRun } from "../../../src/recommend/train/runs";
import { TrainingSettings } from "../../../src/recommend/schema";
import { type Answer, clientOf, PASSWORD } from "../client";
import type { Document } from "../operations";
import type { Floor } from "./floor";
import { learn, type Memory, type Name, names, type Person } from "./memory";

/** How far the orders of each customer have come. */
const ways = [
  { payment_method: "cod", steps: [] },
  { payment_method: "mock", steps: [] },
  { payment_method: "mock", steps: ["payment"] },
  { payment_method: "mock", steps: ["payment", "packing"] },
  { payment_method: "mock", steps: ["payment", "refund"] },
  { payment_method: "mock", steps: ["payment", "shipment"] },
  { payment_method: "cod", steps: ["packing"] },
  { payment_method: "cod", steps: ["shipment"] },
  { payment_method: "cod", steps: ["shipment", "delivery"] },
  { payment_method: "mock", steps: ["payment", "shipment", "delivery"] },
];

/** Everything but the accounts comes about as it does in a shop: by its API. Returns what is known of it then. */
export async function furnish(floor: Floor, document: Document): Promise<Memory> {
  const people = {
    asha: await enter(floor, "asha"),
    ravi: await enter(floor, "ravi"),
    admin: await enter(floor, "admin"),
  };
  const memory: Memory = { people, known: new Map(), owners: new Map() };
  await stockShelves(floor, memory);
  for (const name of names) await settleIn(floor, memory, name);
  // One is under way already: a training is a process of its own, and hundreds of them would tell us nothing.
  await startRun(floor, "the fuzzer", TrainingSettings.parse({}));
  for (const name of names) await lookAround(floor, document, memory, name);
  // Whoever walks here signs in first: their lines for curl are to work without us.
  for (const name of names) delete people[name].access_token;
  return memory;
}

async function enter(floor: Floor, name: Name): Promise<Person> {
  const email = `canary-${name}@example.com`;
  const account = { full_name: "Asha Rao", email, phone: "+91 98450 00000", password: PASSWORD };
  const { id } = await createAccount(floor, { ...account, is_admin: name === "admin" });
  const { body: tokens } = await post(floor, undefined, "/auth/login", { email, password: PASSWORD });
  await post(floor, undefined, "/auth/password/forgot", { email });
  // The answer doesn't wait for the letter.
  while (!floor.letters.some(({ to }) => to === email)) await Bun.sleep(1);
  return { id, email, password: PASSWORD, is_admin: name === "admin", access_token: tokens.access_token };
}

async function stockShelves(floor: Floor, memory: Memory): Promise<void> {
  const { admin } = memory.people;
  for (const [number, slug] of ["mug", "teapot", "kettle", "tea", "sugar"].entries()) {
    const product = { slug, name: `A ${slug}`, category: number < 3 ? "Kitchen" : "Food", price: 40.5 * (number + 1) };
    const added = await post(floor, admin, "/products", { ...product, stock: 1_000, attributes: { colour: "red" } });
    learn(memory, { path: "/api/v1/products", access: "admin" }, "admin", added);
  }
  await post(floor, admin, "/coupons", { code: "TENTH", percent: 10 });
  await post(floor, admin, "/coupons", { code: "WHOLE", percent: 100 });
}

/** Two addresses, something in the cart, and for customers an order of each of the ways. */
async function settleIn(floor: Floor, memory: Memory, name: Name): Promise<void> {
  const person = memory.people[name];
  const address = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
  const { body: home } = await post(floor, person, "/users/me/addresses", address);
  await post(floor, person, "/users/me/addresses", { ...address, label: "Office" });
  for (const { payment_method, steps } of person.is_admin ? [] : ways) {
    for (const product_id of memory.known.get("products") ?? []) {
      await post(floor, person, "/cart/add", { product_id, qty: 6 });
    }
    const placed = await post(floor, person, "/orders/checkout", { payment_method, address_id: home.id });
    // Where it is paid is shown this once.
    learn(memory, { path: "/api/v1/orders/checkout", access: "user" }, name, placed);
    for (const step of steps) await take(floor, memory.people.admin, placed.body, step);
    if (payment_method === "mock") await flag(floor, placed.body);
  }
  await post(floor, person, "/cart/add", { product_id: 3 });
  await post(floor, person, "/cart/add", { product_id: 4, qty: 2 });
}

async function take(floor: Floor, admin: Person, { order_id, payment_url }: Receipt, step: string): Promise<void> {
  if (step === "payment") await post(floor, undefined, payment_url?.replace(/^.*\/v1/, "") ?? "", { choice: "pay" });
  else await post(floor, admin, `/orders/${order_id}/${step}`, step === "refund" ? { amount: 10 } : undefined);
}

/** For a person to look at. It changes nothing else, so every other way goes on. */
function flag({ database }: Floor, { order_id }: Receipt): Promise<void> {
  return database.transaction(async (tx) => {
    const payment = await findPayment(tx, order_id);
    if (payment) await flagPayment(tx, payment.id, "The gateway reported another amount.");
  });
}

/** What everybody can see, and whose that is. */
async function lookAround(floor: Floor, { operations }: Document, memory: Memory, name: Name): Promise<void> {
  const client = clientOf(floor, memory.people[name].access_token);
  const lists = operations.filter(
    ({ method, parameters }) => method === "GET" && parameters.every(({ required }) => !required),
  );
  for (const operation of lists) {
    learn(memory, operation, name, await client.get(operation.path.replace("/api/v1", "")));
  }
}

async function post(floor: Floor, person: Person | undefined, path: string, body?: unknown): Promise<Answer> {
  const answer = await clientOf(floor, person?.access_token).post(path, body);
  if (answer.status >= 400) throw new Error(`POST ${path} answers ${answer.text}`);
  return answer;
}
