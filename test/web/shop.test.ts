import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AdminShop, openAdminShop } from "../support/admin-page";
import { barriers, chromium, openTab, PHONE, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

const CUSTOMER = {
  full_name: "Chetan Khan",
  email: "chetan@example.com",
  phone: "+919800000001",
  password: "a long enough one",
};
const ADDRESS = { full_name: "Asha Rao", address_line: "12 Lake Road", pincode: "411001", city: "Pune" };

/** Loses the answer to the first call like this: the shop has done it, and the page hears nothing. */
const LOSE_AN_ANSWER = (path: string) => `(() => {
  const ask = window.fetch;
  let isLost = false;
  window.fetch = async (url, given) => {
    const answer = await ask(url, given);
    if (isLost || !String(url).includes(${JSON.stringify(path)})) return answer;
    isLost = true;
    throw new TypeError("The network is gone.");
  };
})()`;

const value = (tab: Tab, name: string) =>
  tab.view.evaluate<string>(`document.querySelector("input[name=${name}]").value`);

describe.skipIf(!chromium)("the shop's page in a real browser, with the network cut", () => {
  let shopkeeper: AdminShop;
  let api: AdminShop["api"];

  beforeAll(async () => {
    shopkeeper = await openAdminShop();
    api = shopkeeper.api;
    await api("POST", "/coupons", { code: "TEN", percent: 10 });
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await shopkeeper?.server.stop();
  });

  const orders = async () => (await api("GET", "/orders/all?q=asha@example.com&size=100")).body.length;
  const shop = (path = "") => `${shopkeeper.server.url}/shop${path}`;
  /** A tab of somebody who was never here. It looks at no page of the shop yet: that might just be signing in. */
  const openAsNobody = async () => {
    const tab = await openTab(`${shopkeeper.server.url}/healthz`);
    await tab.view.cdp("Network.clearBrowserCookies");
    await tab.view.evaluate("localStorage.clear()");
    return tab;
  };

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
    await tab.goTo(shop("/cart"));
    await tab.has("tbody tr");
    expect(await barriers(tab)).toEqual([]);
    await tab.fill("input[name=code]", "TEN");
    await tab.send("input[name=code]");
    await tab.says("main", "Discount");
    await tab.click("main a.primary");
    await tab.says("main", "Discount");
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
    // What the shop does shows without a reload.
    const id = await orderIn(tab);
    for (const [step, status] of [
      ["shipment", "shipped"],
      ["delivery", "delivered"],
    ]) {
      expect((await api("POST", `/orders/${id}/${step}`)).status).toBe(200);
      await tab.says("main [role=status]", status ?? "");
    }
    await tab.choose("Give something back", "main");
    await tab.says("main", "you need no reason");
    expect(await barriers(tab)).toEqual([]);
    await tab.pick("main form select", "1");
    await tab.choose("Give back 1 unit", "main");
    await tab.says("main .plain li", "withdrawal");
    expect((await api("GET", `/returns?order_id=${id}`)).body).toMatchObject([{ kind: "withdrawal" }]);
    expect(tab.wrong).toEqual([]);
  });

  test("a visitor's first things are all in one cart, a coupon that does not hold stops nothing, and it goes to the country that is chosen", async () => {
    const visitor = await openAdminShop();
    using tab = await openTab(`${visitor.server.url}/shop`);
    await tab.has(".shelf li");
    // Before there is a guest to own the cart.
    const added = await tab.view.evaluate<number>(`(() => {
      const buttons = [...document.querySelectorAll('.shelf button[aria-label^="Add "]')].slice(0, 3);
      for (const button of buttons) button.click();
      return buttons.length;
    })()`);
    expect(added).toBe(3);
    await tab.says(".count", "3");
    await tab.goTo(`${visitor.server.url}/shop/cart`);
    await tab.fill("input[name=code]", "NOPE");
    await tab.send("input[name=code]");
    await tab.says("main form [role=alert]", "NOPE: There is no such coupon.");
    await tab.says("main", "Total");
    await tab.hasNot(".trouble");
    expect(await value(tab, "code")).toBe("NOPE");
    await tab.click("main a.primary");
    await tab.has("select[name=country]");
    expect(await tab.view.evaluate<string>(`document.querySelector("select[name=country]").value`)).toBe("IN");
    for (const [name, text] of Object.entries({ ...ADDRESS, city: "Berlin", pincode: "10115" }))
      await tab.fill(`input[name=${name}]`, text);
    await tab.pick("select[name=country]", "DE");
    expect(await barriers(tab)).toEqual([]);
    await tab.send("input[name=city]");
    await tab.says("main", "10115 Berlin, Germany");
    await tab.fill("input[name=email]", "zoe@example");
    await tab.says("button.primary", "Order for");
    await tab.send("input[name=email]");
    await tab.says("main form [role=alert]:not(.row *)", "Give an e-mail address");
    await tab.fill("input[name=email]", "zoe@example.com");
    await tab.click("input[value=cod]");
    await tab.says("button.primary", "Order for");
    await tab.send("input[name=email]");
    await tab.until(`/orders\\/\\d+/.test(location.pathname)`);
    const [order] = (await visitor.api("GET", "/orders/all?q=zoe@example.com")).body;
    expect(order).toMatchObject({ address: { country: "DE", city: "Berlin" }, coupon_code: null });
    expect(order.items).toHaveLength(3);
    // The order says where it goes, what left with which parcel, and what went back of its money.
    await tab.says("main address", "10115 Berlin");
    const parcel = { lines: [{ line: 1, qty: 1 }], tracking_number: "T-77", carrier: "Post" };
    expect((await visitor.api("POST", `/orders/${order.id}/shipment`, parcel)).status).toBe(200);
    await tab.says("main", "Post, T-77");
    await tab.says("main", `1 × ${order.items[0].name}`);
    await tab.says("main", "To be paid");
    // The rest is cancelled by its lines, which the shop does.
    expect(await tab.view.evaluate<string>(`document.querySelector("main").innerText`)).not.toContain("Cancel order");
    const rest = order.items.slice(1).map(({ line, qty }: { line: number; qty: number }) => ({ line, qty }));
    expect((await visitor.api("POST", `/orders/${order.id}/cancellation`, { lines: rest })).status).toBe(200);
    await tab.says("main", "1 of it cancelled");
    expect((await visitor.api("POST", `/orders/${order.id}/delivery`)).status).toBe(200);
    expect((await visitor.api("POST", `/orders/${order.id}/refund`, { amount: 1 })).status).toBe(200);
    await tab.says("main", "Paid back on");
    expect(await barriers(tab)).toEqual([]);
    // The coupon and the e-mail were refused, and nothing else.
    expect(tab.wrong.filter((line) => !/\/cart\/quote|\/orders\/checkout/.test(line))).toEqual([]);
    await visitor.server.stop();
  });

  test("an order whose answer is lost is placed once, and what was typed stays", async () => {
    using tab = await openTab(shop("/search?q=tea"));
    await tab.has(".shelf li");
    await tab.view.evaluate(`document.querySelector('.shelf button[aria-label^="Add "]').click()`);
    await tab.says(".count", "1");
    await tab.goTo(shop("/checkout"));
    // Who has ordered before has an address.
    await tab.has("input[name=email], input[name=full_name]");
    if ((await tab.count("input[name=full_name]")) > 0) {
      for (const [name, text] of Object.entries(ADDRESS)) await tab.fill(`input[name=${name}]`, text);
      await tab.send("input[name=city]");
    }
    await tab.fill("input[name=email]", "asha@example.com");
    await tab.click("input[value=cod]");
    await tab.says("button.primary", "Order for");
    const before = await orders();
    await tab.view.evaluate(LOSE_AN_ANSWER("/orders/checkout"));
    await tab.send("input[name=email]");
    await tab.says("main [role=alert]", "can't be reached");
    expect(await tab.view.evaluate<string>(`document.querySelector("input[name=email]").value`)).toBe(
      "asha@example.com",
    );
    await tab.send("input[name=email]");
    await tab.until(`location.pathname.includes("/orders/")`);
    expect(await orders()).toBe(before + 1);
  });

  test("a guest opens an account, and their orders go along", async () => {
    using tab = await openTab(shop("/account"));
    await tab.has("main table a");
    await tab.choose("Open an account", "main");
    await tab.fill("input[name=full_name]", "Asha Rao");
    await tab.fill("input[name=email]", "asha.rao@example.com");
    await tab.fill("input[name=phone]", "+919800000000");
    await tab.fill("input[name=password]", "a long enough one");
    await tab.send("input[name=password]");
    await tab.says("h1", "Asha Rao");
    await tab.has("main table a");
    expect(await barriers(tab)).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  /** Ends the visit of the newest guest, or of a customer, on the server: the page's token is refused, and so is its renewal. */
  const endSession = async (email?: string) => {
    const found = await api("GET", email ? `/users?q=${email}` : "/users?guests=true&size=100");
    const ids = found.body.map(({ id }: { id: number }) => id);
    expect((await api("DELETE", `/users/${Math.max(...ids)}/sessions`)).status).toBe(204);
  };
  test("a guest's visit that ends in the checkout begins anew, with cart, address and all that was typed", async () => {
    using tab = await openAsNobody();
    await tab.goTo(shop("/search?q=tea"));
    await tab.choose("Add", ".shelf");
    await tab.says(".count", "1");
    await tab.goTo(shop("/checkout"));
    for (const [name, text] of Object.entries(ADDRESS)) await tab.fill(`input[name=${name}]`, text);
    await endSession();
    await tab.send("input[name=city]");
    await tab.says("main [role=alert]", "begun anew");
    for (const [name, text] of Object.entries(ADDRESS)) expect(await value(tab, name)).toBe(text);
    await tab.send("input[name=city]");
    await tab.fill("input[name=email]", "beena@example.com");
    await tab.fill("input[name=note]", "Ring twice");
    await tab.click("input[value=cod]");
    await endSession();
    await tab.send("input[name=email]");
    await tab.says("main [role=alert]", "begun anew");
    expect([await value(tab, "email"), await value(tab, "note")]).toEqual(["beena@example.com", "Ring twice"]);
    expect(await tab.view.evaluate<boolean>(`document.querySelector("input[value=cod]").checked`)).toBe(true);
    await tab.says("main", ADDRESS.address_line);
    await tab.says(".count", "1");
    await tab.until(`!document.querySelector("[aria-busy=true]")`);
    await tab.send("input[name=email]");
    await tab.until(`location.pathname.includes("/orders/")`);
    const { body } = await api("GET", `/orders/${await orderAt(tab)}`);
    expect(body).toMatchObject({ email: "beena@example.com", customer_note: "Ring twice", payment_method: "cod" });
    expect(body.address).toMatchObject(ADDRESS);
    expect(body.items).toHaveLength(1);
  });

  test("a customer whose session ends in the checkout signs in above it, and goes on where they were", async () => {
    expect((await api("POST", "/auth/register", CUSTOMER)).status).toBe(201);
    using tab = await openAsNobody();
    await tab.goTo(shop("/account"));
    await tab.choose("Sign in", "main");
    const signIn = async () => {
      await tab.fill(".sign-in input[name=email]", CUSTOMER.email);
      await tab.fill(".sign-in input[name=password]", CUSTOMER.password);
      await tab.send(".sign-in input[name=password]");
      await tab.hasNot("dialog.sign-in");
    };
    await signIn();
    await tab.goTo(shop("/search?q=tea"));
    await tab.choose("Add", ".shelf");
    await tab.says(".count", "1");
    await tab.goTo(shop("/checkout"));
    for (const [name, text] of Object.entries(ADDRESS)) await tab.fill(`input[name=${name}]`, text);
    await endSession(CUSTOMER.email);
    await tab.send("input[name=city]");
    await tab.has("dialog.sign-in");
    expect(await barriers(tab)).toEqual([]);
    await signIn();
    for (const [name, text] of Object.entries(ADDRESS)) expect(await value(tab, name)).toBe(text);
    await tab.send("input[name=city]");
    await tab.fill("input[name=note]", "Ring twice");
    await tab.click("input[value=cod]");
    await tab.send("input[name=note]");
    await tab.until(`location.pathname.includes("/orders/")`);
    expect((await api("GET", `/orders/${await orderAt(tab)}`)).body.customer_note).toBe("Ring twice");
  });

  test("there is nothing to check out of an empty cart", async () => {
    using tab = await openAsNobody();
    await tab.goTo(shop("/checkout"));
    await tab.says("main .empty", "cart is empty");
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

const orderAt = (tab: Tab) => tab.view.evaluate<string>(`location.pathname.split("/").at(-1)`);

async function orderIn(tab: Tab): Promise<number> {
  return Number(/\d+/.exec((await tab.text("h1")) ?? "")?.[0]);
}
