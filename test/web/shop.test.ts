import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newFolder, run, startServer } from "../support/program";
import { barriers, chromium, openTab, PHONE } from "../support/tab";

setDefaultTimeout(120_000);

describe.skipIf(!chromium)("the shop's page in a real browser, with the network cut", () => {
  let server: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    const env = {
      DATABASE_URL: `sqlite:///${newFolder()}/shop.db`,
      RATE_LIMIT_PER_MINUTE: "100000",
      RATE_LIMIT_MS_PER_MINUTE: "60000000",
    };
    const seeded = await run(["seed", "--products", "80", "--orders", "400", "--customers", "40"], { env });
    expect(seeded.exitCode).toBe(0);
    server = await startServer({ env });
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await server?.stop();
  });

  const shop = (path = "") => `${server.url}/shop${path}`;

  test("a visitor finds something as they type, buys it as a guest, pays, and follows the order", async () => {
    const tab = await openTab(shop());
    await tab.has(".shelf li");
    expect(await barriers(tab)).toEqual([]);
    await tab.fill("[role=combobox]", "tea");
    await tab.has("[role=option]");
    expect(await barriers(tab)).toEqual([]);
    await tab.press("Enter");
    await tab.says("h1", "tea");
    await tab.has(".shelf li");
    await tab.view.evaluate(`document.querySelector('.shelf button[aria-label^="Add "]').click()`);
    await tab.says(".count", "1");
    await tab.view.navigate(shop("/cart"));
    await tab.has("tbody tr");
    expect(await barriers(tab)).toEqual([]);
    await tab.click("main a.primary");
    await tab.fill("input[name=full_name]", "Asha Rao");
    await tab.fill("input[name=address_line]", "12 Lake Road");
    await tab.fill("input[name=pincode]", "411001");
    await tab.fill("input[name=city]", "Pune");
    await tab.view.evaluate(`document.querySelector("input[name=city]").form.requestSubmit()`);
    await tab.has("input[name=email]");
    expect(await barriers(tab)).toEqual([]);
    await tab.fill("input[name=email]", "asha@example.com");
    await tab.click("input[value=mock]");
    await tab.says("button.primary", "Order for");
    await tab.view.evaluate(`document.querySelector("input[name=email]").form.requestSubmit()`);
    // The mock gateway's own page.
    await tab.until(`location.pathname.includes("/payments/mock/")`);
    await tab.view.evaluate(`document.querySelector("button[value=pay], input[value=pay]").click()`);
    await tab.until(`document.body.textContent.includes("It is paid.")`);
    await tab.click("a");
    await tab.says("[role=status]", "paid");
    expect(await barriers(tab)).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  test.each(["", "/search?q=rice", "/products/2", "/account"])(
    "/shop%s has no barrier on a phone, in the dark, and is no wider than it",
    async (path) => {
      using tab = await openTab(shop(path), PHONE);
      await tab.inTheDark("dark");
      await tab.until("document.querySelector('main').textContent.length > 10");
      expect(await barriers(tab)).toEqual([]);
      expect(await tab.overflow()).toBe(0);
      expect(tab.wrong).toEqual([]);
    },
  );
});
