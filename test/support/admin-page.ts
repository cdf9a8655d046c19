import { newFolder, run, startServer } from "./program";
import { openTab, type Size, type Tab } from "./tab";

const EMAIL = "keeper@example.com";
const PASSWORD = "a long enough one";

/** A shop with its admin page, an admin, and its API to see what the page did. */
export type AdminShop = Awaited<ReturnType<typeof openAdminShop>>;

/** Seeds a shop of 60 products and 300 orders, and serves it. */
export async function openAdminShop(settings: Record<string, string> = {}) {
  const env = {
    DATABASE_URL: `sqlite:///${newFolder()}/shop.db`,
    RATE_LIMIT_PER_MINUTE: "100000",
    RATE_LIMIT_MS_PER_MINUTE: "60000000",
    ...settings,
  };
  const seeded = await run(["seed", "--products", "60", "--orders", "300", "--customers", "40"], { env });
  const words = ["user", "create", EMAIL, "--admin", "--name", "Keeper", "--password-stdin"];
  const made = await run(words, { env, stdin: `${PASSWORD}\n` });
  if (seeded.exitCode + made.exitCode > 0) throw new Error(`${seeded.err}\n${made.err}`);
  const server = await startServer({ env });
  const token = await signedIn(server.url);
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(60_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // Tests say what they expect of it by matching, not by type.
    // oxlint-disable-next-line typescript/no-explicit-any
    const told: any = text === "" ? undefined : JSON.parse(text);
    return { status: answer.status, body: told };
  };
  return {
    server,
    api,
    env,
    open: (path = "", size?: Size) => openTab(`${server.url}/admin${path}`, size),
  };
}

async function signedIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Signs the tab in, and with it all tabs of this browser. */
export async function signIn(tab: Tab, password = PASSWORD): Promise<void> {
  await tab.fill("input[name=email]", EMAIL);
  await tab.fill("input[name=password]", password);
  await tab.press("Enter");
  if (password === PASSWORD) await tab.hasNot("dialog.sign-in");
}

/** What a page runs: holds the answer to calls like this back until `letGo`. */
export const HOLD_AN_ANSWER = (path: string) => `(() => {
  const ask = window.fetch;
  const free = new Promise((resolve) => { window.letGo = () => resolve(); });
  window.fetch = async (url, given) => {
    const answer = await ask(url, given);
    if (String(url).includes(${JSON.stringify(path)})) await free;
    return answer;
  };
})()`;
