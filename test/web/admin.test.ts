import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newFolder, run, startServer } from "../support/program";
import { barriers, chromium, openTab, PHONE, type Tab } from "../support/tab";

const EMAIL = "keeper@example.com";
const PASSWORD = "a long enough one";

describe.skipIf(!chromium)("the admin page in a real browser, with the network cut", () => {
  let server: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    const env = { DATABASE_URL: `sqlite:///${newFolder()}/shop.db`, RATE_LIMIT_PER_MINUTE: "100000" };
    const seeded = await run(["seed", "--products", "60", "--orders", "300", "--customers", "40"], { env });
    expect(seeded.exitCode).toBe(0);
    const made = await run(["user", "create", EMAIL, "--admin", "--name", "Keeper", "--password-stdin"], {
      env,
      stdin: `${PASSWORD}\n`,
    });
    expect([made.exitCode, made.err]).toEqual([0, ""]);
    server = await startServer({ env });
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await server?.stop();
  });

  const admin = (path = "") => `${server.url}/admin${path}`;

  test("an admin signs in, and the page has no barrier: wide, on a phone, light and dark", async () => {
    using tab = await openTab(admin("/orders"));
    await tab.has("dialog.sign-in");
    expect(await barriers(tab)).toEqual([]);
    await tab.fill("input[name=email]", EMAIL);
    await tab.fill("input[name=password]", "a wrong one");
    await tab.press("Enter");
    await tab.says(".sign-in [role=alert]", "wrong");
    // The one error that is meant: the shop refused.
    tab.wrong.splice(0);
    await signIn(tab);
    await tab.has("table.list tbody tr");
    expect(await barriers(tab)).toEqual([]);
    await tab.inTheDark("dark");
    expect(await barriers(tab)).toEqual([]);
    using phone = await openTab(admin("/orders"), PHONE);
    await phone.has("table.list tbody tr");
    expect(await barriers(phone)).toEqual([]);
    expect(await phone.overflow()).toBe(0);
    expect([...tab.wrong, ...phone.wrong]).toEqual([]);
  });
});

async function signIn(tab: Tab): Promise<void> {
  await tab.fill("input[name=email]", EMAIL);
  await tab.fill("input[name=password]", PASSWORD);
  await tab.press("Enter");
  await tab.hasNot("dialog.sign-in");
}
