import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AdminShop, openAdminShop, signIn } from "../support/admin-page";
import { barriers, chromium, PHONE, poorContrasts, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

describe.skipIf(!chromium)("the admin page in a real browser, with the network cut", () => {
  let shop: AdminShop;
  let api: AdminShop["api"];
  /** On which all pages are looked at, one after the other. */
  let phone: Tab | undefined;

  beforeAll(async () => {
    shop = await openAdminShop();
    api = shop.api;
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await shop?.server.stop();
  });

  test("an admin signs in, and the page has no barrier: wide, on a phone, light and dark", async () => {
    // Left open: the browser ends with its last tab, and the sign-in with it.
    const tab = await shop.open("/orders");
    await tab.has("dialog.sign-in");
    expect(await barriers(tab)).toEqual([]);
    for (let times = 0; times < 3; times++) await tab.press("Escape");
    await tab.has("dialog.sign-in[open]");
    await signIn(tab, "a wrong one");
    await tab.says(".sign-in [role=alert]", "wrong");
    // The one error that is meant: the shop refused.
    tab.wrong.splice(0);
    await signIn(tab);
    await tab.has("table.list tbody tr");
    expect(await barriers(tab)).toEqual([]);
    await tab.inTheDark("dark");
    expect(await poorContrasts(tab)).toEqual([]);
    using phone = await shop.open("/orders", PHONE);
    await phone.has("table.list tbody tr");
    expect(await barriers(phone)).toEqual([]);
    expect(await phone.overflow()).toBe(0);
    expect([...tab.wrong, ...phone.wrong]).toEqual([]);
  });

  test.each([
    "",
    "/products",
    "/products/3",
    "/products/import",
    "/customers",
    "/coupons",
    "/delivery",
    "/recommendations",
    "/deliveries",
    "/returns",
    "/stock",
    "/stock/low",
    "/stock/3",
    "/stock/count",
    "/categories",
    "/search?q=milk",
    "/webhooks",
    "/system",
    "/system?part=backups",
    "/system?part=settings",
    "/system?part=keys",
    "/customers/3",
    "/invoices",
    "/audit",
  ])("/admin%s has no barrier and asks nothing of outside, on a phone, in the light and in the dark", async (path) => {
    const tab = (phone ??= await shop.open("", PHONE));
    tab.wrong.splice(0);
    await tab.inTheDark("light");
    await tab.goTo(`${shop.server.url}/admin${path}`);
    await tab.has("main");
    await tab.until("document.querySelector('main').textContent.length > 20");
    expect(await barriers(tab)).toEqual([]);
    expect(await tab.overflow()).toBe(0);
    await tab.inTheDark("dark");
    expect(await poorContrasts(tab)).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  test("an order is found, packed and noted; what the list shows stands in the address", async () => {
    const { body } = await api("GET", "/orders/all?status=placed&size=1");
    const [{ id }] = body as unknown as [{ id: number }];
    using tab = await shop.open("/orders");
    await tab.fill("input[type=search]", String(id));
    await tab.until(`location.search === "?q=${id}"`);
    await tab.until(`document.querySelectorAll("table.list tbody tr").length < 20`);
    await tab.click(`a[href$="/admin/orders/${id}"]`);
    await tab.says("h1", String(id));
    await tab.click("main button.primary");
    await tab.says(".state", "packed");
    await tab.fill("textarea[name=note]", "Leave it with the neighbour");
    await tab.view.evaluate(`document.querySelector("textarea[name=note]").form.requestSubmit()`);
    await tab.says("main", "Leave it with the neighbour");
    await tab.view.evaluate("history.back()");
    await tab.until(`location.search === "?q=${id}"`);
    expect((await api("GET", `/orders/${id}`)).body).toMatchObject({
      status: "packed",
      notes: [expect.objectContaining({ note: "Leave it with the neighbour" })],
    });
    expect(tab.wrong).toEqual([]);
  });

  test("two admins on one product: nothing typed is lost, and what the other wrote is shown", async () => {
    using tab = await shop.open("/products/5");
    await tab.has("input[name=name]");
    await tab.fill("input[name=name]", "Renamed here");
    await api("PATCH", "/products/5", { name: "Renamed there", description: "Written by another admin" });
    await tab.view.evaluate(`document.querySelector("input[name=name]").form.requestSubmit()`);
    await tab.says(".trouble", "Written by another admin");
    expect(await tab.view.evaluate<string>(`document.querySelector("input[name=name]").value`)).toBe("Renamed here");
    // The refusal is the one error that is meant.
    tab.wrong.splice(0);
    await tab.view.evaluate(
      `[...document.querySelectorAll("button")].find((one) => one.textContent === "Save mine all the same").click()`,
    );
    await tab.says(".toasts", "is saved");
    expect((await api("GET", "/products/5")).body).toMatchObject({
      name: "Renamed here",
      description: "Written by another admin",
    });
    expect(tab.wrong).toEqual([]);
  });

  test("a price and a stock are changed where they stand, stock by difference", async () => {
    const before = (await api("GET", "/products/7")).body as { stock: number; name: string };
    using tab = await shop.open(`/products?q=${encodeURIComponent(before.name)}`);
    const stock = `input[aria-label="Stock of ${before.name}"]`;
    await tab.has(stock);
    // Two units sell meanwhile: the difference that is typed counts, not the number.
    await api("POST", "/admin/stock/7/adjustment", { delta: -2, reason: "sold" });
    await tab.fill(stock, String(before.stock + 5));
    await tab.press("Enter");
    await tab.says(".toasts", "+5");
    expect((await api("GET", "/products/7")).body["stock"]).toBe(before.stock + 3);
    const price = `input[aria-label="Price of ${before.name}"]`;
    await tab.fill(price, "1.234,50");
    await tab.press("Enter");
    await tab.says(".toasts", "1234.5");
    expect((await api("GET", "/products/7")).body["price"]).toBe(1234.5);
    expect(tab.wrong).toEqual([]);
  });

  test("without a network the list stays and says so, and comes back", async () => {
    using tab = await shop.open("/orders");
    await tab.has("table.list tbody tr");
    await tab.offline(true);
    await tab.click(".choice button:nth-child(3)");
    await tab.says(".trouble", "can't be reached");
    expect(await tab.count("table.list tbody tr")).toBeGreaterThan(0);
    await tab.offline(false);
    await tab.click(".trouble button");
    await tab.hasNot(".trouble");
  });

  test("signing out in one tab signs all of them out", async () => {
    using first = await shop.open("/orders");
    using second = await shop.open("/products");
    await first.has("table.list tbody tr");
    await second.has("table.list tbody tr");
    await first.view.evaluate(
      `[...document.querySelectorAll("header button")].find((one) => one.textContent.includes("Sign out")).click()`,
    );
    await first.has("dialog.sign-in");
    await second.has("dialog.sign-in");
    await signIn(second);
    await first.hasNot("dialog.sign-in");
  });
});
