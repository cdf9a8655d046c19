import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AdminShop, openAdminShop, signIn } from "../support/admin-page";
import { barriers, chromium, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

const valueOf = (tab: Tab, selector: string) =>
  tab.view.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).value`);

/** Of those that stand above each other. */
const anyDialogSays = (tab: Tab, text: string) =>
  tab.until(
    `[...document.querySelectorAll("dialog[open]")].some((one) => one.textContent.includes(${JSON.stringify(text)}))`,
  );

/** The admin who writes at the same time is `Keeper`, by the API. */
describe.skipIf(!chromium)("two admins at once, and one who left the page open, in a real browser", () => {
  let shop: AdminShop;
  let api: AdminShop["api"];
  let first: Tab;

  beforeAll(async () => {
    shop = await openAdminShop({ CONFIRM_REFUNDS_FROM: "500" });
    api = shop.api;
    first = await shop.open();
    await signIn(first);
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await shop?.server.stop();
  });

  /** As if whoever is signed in had been away for a while. */
  const leaveOpen = () => {
    using database = new Database(new URL(shop.env.DATABASE_URL).pathname);
    database.run("PRAGMA busy_timeout = 10000");
    database.run("UPDATE sessions SET confirmed_at = '2020-01-01T00:00:00.000Z' WHERE confirmed_at IS NOT NULL");
  };
  const placeOrder = async (qty = 1): Promise<number> =>
    (await api("POST", "/orders", { user_id: 2, lines: [{ product_id: 3, qty, price: 300 }], paid: true })).body.id;

  test("a product that somebody else saved says who, when and what differs, and what was typed stays", async () => {
    using tab = await shop.open("/products/5");
    await tab.fill("input[name=name]", "Mine");
    await api("PATCH", "/products/5", { name: "Theirs", price: 271.5 });
    await tab.send("input[name=name]");
    // Who, and how long ago: now, or so many seconds.
    await tab.says("main .trouble", "by Keeper, ");
    for (const said of ["Name is now Theirs", "Price is now 271.5"]) await tab.says("main .trouble", said);
    expect(await valueOf(tab, "input[name=name]")).toBe("Mine");
    expect(await barriers(tab)).toEqual([]);
    await tab.choose("Save mine", ".trouble");
    await tab.says(".toasts", "Mine is saved");
    expect((await api("GET", "/products/5")).body).toMatchObject({ name: "Mine", price: 271.5 });
  });

  test("what a command line changed is told of too", async () => {
    using tab = await shop.open("/products/6");
    await tab.fill("input[name=name]", "Mine");
    const { run } = await import("../support/program");
    expect((await run(["product", "edit", "6", "--name", "By hand"], { env: shop.env })).exitCode).toBe(0);
    await tab.send("input[name=name]");
    await tab.says("main .trouble", "Name is now By hand");
  });

  test("a coupon that somebody else saved says who and what, and theirs can be taken", async () => {
    await api("POST", "/coupons", { code: "BOTH", percent: 5 });
    using tab = await shop.open("/coupons");
    await tab.choose("Change", "main table");
    await tab.fill("dialog.window input[name=max_uses]", "5");
    await api("PATCH", "/coupons/BOTH", { max_uses: 7, min_total: 40 });
    await tab.send("dialog.window input[name=max_uses]");
    await tab.says("dialog.window .trouble", "by Keeper");
    await tab.says("dialog.window .trouble", "How often in all is now 7");
    await tab.says("dialog.window .trouble", "For orders from is now 40");
    expect(await valueOf(tab, "dialog.window input[name=max_uses]")).toBe("5");
    expect(await barriers(tab)).toEqual([]);
    await tab.choose("Take theirs", "dialog.window");
    await tab.hasNot("dialog.window");
    expect((await api("GET", "/coupons/BOTH")).body).toMatchObject({ max_uses: 7, min_total: 40 });
    await tab.choose("Change", "main table");
    await tab.has("dialog.window input[name=min_total]");
    expect(await valueOf(tab, "dialog.window input[name=min_total]")).toBe("40");
    await tab.view.evaluate(
      `document.querySelector("dialog.window input[name=ends_at]").value = "2030-12-31", undefined`,
    );
    await tab.send("dialog.window input[name=max_uses]");
    await tab.hasNot("dialog.window");
    expect((await api("GET", "/coupons/BOTH")).body).toMatchObject({ max_uses: 7, min_total: 40 });
    await tab.choose("Change", "main table");
    await tab.has("dialog.window input[name=ends_at]");
    expect(await valueOf(tab, "dialog.window input[name=ends_at]")).toBe("2030-12-31");
  });

  test("an order whose address somebody else put right says so, and a step that was taken says by whom", async () => {
    const address = { label: "Home", full_name: "Asha Rao", address_line: "1 Hill", city: "Pune", pincode: "411001" };
    const { body: order } = await api("POST", "/orders", {
      user_id: 2,
      lines: [{ product_id: 3, qty: 1 }],
      address,
      paid: true,
    });
    using tab = await shop.open(`/orders/${order.id}`);
    await tab.choose("Change", "main");
    await tab.fill("dialog.window input[name=city]", "Goa");
    await api("PATCH", `/orders/${order.id}`, { address: { ...address, city: "Nashik" } });
    await tab.send("dialog.window input[name=city]");
    await tab.says("dialog.window .trouble", "by Keeper");
    await tab.says("dialog.window .trouble", "Nashik");
    expect(await valueOf(tab, "dialog.window input[name=city]")).toBe("Goa");
    await tab.choose("Save mine", "dialog.window");
    await tab.hasNot("dialog.window");
    await tab.says("main address", "Goa");
    expect((await api("GET", `/orders/${order.id}`)).body.address.city).toBe("Goa");

    using list = await shop.open(`/orders?q=${order.id}`);
    await list.has("table.list tbody button");
    await api("POST", `/orders/${order.id}/packing`);
    await list.choose("Pack", "table.list");
    await list.says(".toasts", "It is packed already, by Keeper");
    await list.says("table.list .state", "packed");
  });

  test("who left the page open is asked for the password before a large refund, and not before a small one", async () => {
    const [small, large] = [await placeOrder(1), await placeOrder(2)];
    leaveOpen();
    using tab = await shop.open(`/orders/${small}`);
    const refund = async () => {
      await tab.choose("Refund", "main");
      await tab.choose("Pay back", "dialog.window");
    };
    await refund();
    await tab.says(".toasts", `Paid back for order ${small}`);
    await tab.goTo(`${shop.server.url}/admin/orders/${large}`);
    await refund();
    await anyDialogSays(tab, "Is it still you?");
    expect(await barriers(tab)).toEqual([]);
    // The field has the focus already.
    await tab.until(`document.activeElement.name === "password"`);
    await tab.view.type("a wrong one");
    await tab.press("Enter");
    await anyDialogSays(tab, "not your password");
    expect((await api("GET", `/orders/${large}`)).body.refunds).toEqual([]);
    await tab.fill("dialog.window input[name=password]", "a long enough one");
    await tab.press("Enter");
    await tab.says(".toasts", `Paid back for order ${large}`);
    expect((await api("GET", `/orders/${large}`)).body.refunds).toHaveLength(1);
    // A password is in none of the calls that a page shows.
    await tab.choose("Calls", "header");
    await tab.says("dialog.window", "/refund");
    expect(await tab.text("dialog.window")).not.toContain("password");
  });

  test("who left the page open is asked for the password before somebody becomes an admin, and may think better of it", async () => {
    leaveOpen();
    using tab = await shop.open("/customers/3");
    await tab.choose("Make an admin", "main");
    await tab.choose("Make an admin", "dialog.window");
    await anyDialogSays(tab, "Is it still you?");
    await tab.press("Escape");
    await tab.says("main [role=alert]", "password again");
    expect((await api("GET", "/users/3")).body.is_admin).toBe(false);
    await tab.choose("Make an admin", "main");
    await tab.choose("Make an admin", "dialog.window");
    await tab.fill("dialog.window input[name=password]", "a long enough one");
    await tab.press("Enter");
    await tab.says("main .state", "admin");
    expect((await api("GET", "/users/3")).body.is_admin).toBe(true);
  });
});
