import { createAccount } from "../../src/accounts/accounts";
import { expectDeclared } from "./declared-answers";
import { numberOf } from "./every-test";
import type { TestShop } from "./shop";

export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  // Tests say what they expect of it by matching, not by type.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: Body extends unknown ? any : Body;
  text: string;
}

/** Somebody who calls the API. */
export interface Client {
  id: number;
  token: string | undefined;
  refreshToken: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
}

const HOST = "http://localhost";

/** One call, as it is. Throws where the answer's status is none that the document says. */
export async function call(
  shop: Pick<TestShop, "app">,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const answer = await callUnjudged(shop, method, path, init);
  expectDeclared(shop.app, method, path, answer.status);
  return answer;
}

/** The same for whoever judges answers, or sends what no route ever sees, such as a Host that is none. */
export async function callUnjudged(
  shop: Pick<TestShop, "app">,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await shop.app.handle(new Request(HOST + path, { method, ...init }));
  const text = await response.text();
  // Between two requests a server turns to other things. A test that never waits for anything would never let it.
  await new Promise((resolve) => setImmediate(resolve));
  // Lines of JSON are none.
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : undefined,
  };
}

/** A client of `/api/v1`, signed in where a token is given. */
export function clientOf(shop: Pick<TestShop, "app">, token?: string, id = 0, refreshToken = ""): Client {
  const send =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      call(shop, method, `/api/v1${path}`, {
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && {
            "content-type": "application/json",
            // As every client says over a network.
            "content-length": String(Buffer.byteLength(JSON.stringify(body))),
          }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
  const bare = (method: string) => (path: string, headers?: Record<string, string>) =>
    send(method)(path, undefined, headers);
  return {
    id,
    token,
    refreshToken,
    get: bare("GET"),
    delete: bare("DELETE"),
    post: send("POST"),
    put: send("PUT"),
    patch: send("PATCH"),
  };
}

/** Where the other pages of a list are, by `first`, `prev`, `next` and `last`. */
export function linksOf({ headers }: Answer): Record<string, string> {
  const links = (headers.get("link") ?? "").split(", ").map((link) => /^<(.+)>; rel="(\w+)"$/.exec(link) ?? []);
  return Object.fromEntries(links.map(([, url = "", relation = ""]) => [relation, url]));
}

/** How many answers there are of each status: `{ 201: 1, 409: 9 }`. */
export function statusCounts(answers: readonly Answer[]): Record<number, number> {
  const byStatus = Map.groupBy(answers, ({ status }) => status);
  return Object.fromEntries([...byStatus].map(([status, { length }]) => [status, length]));
}

export const PASSWORD = "correct horse battery";

/** Somebody new, signed in through the API. */
export async function newClient(
  shop: TestShop,
  { admin = false, email = `person-${numberOf("people")}@example.com` } = {},
): Promise<Client> {
  const user = await createAccount(shop, {
    full_name: "Asha Rao",
    email,
    phone: "+91 98450 00000",
    password: PASSWORD,
    is_admin: admin,
  });
  const body = await signedIn(clientOf(shop), email);
  return clientOf(shop, body.access_token, user.id, body.refresh_token);
}

/** Where many sign in at once from one place some are asked to come back. Throws where it fails otherwise. */
async function signedIn(client: Client, email: string): Promise<Answer["body"]> {
  for (;;) {
    const { status, body } = await client.post("/auth/login", { email, password: PASSWORD });
    if (status === 200) return body;
    if (body.code !== "too_busy") throw new Error(`Signing in answers ${status}: ${JSON.stringify(body)}`);
    await Bun.sleep(20);
  }
}

/** A customer with an address. */
export async function newBuyer(
  shop: TestShop,
  options: { email?: string } = {},
): Promise<Client & { address_id: number }> {
  const client = await newClient(shop, options);
  const { body } = await client.post("/orders/addresses", {
    label: "Home",
    address_line: "12 Lake Road",
    city: "Pune",
    pincode: "411001",
  });
  return { ...client, address_id: body.id };
}
