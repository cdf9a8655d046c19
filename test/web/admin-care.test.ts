import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AdminShop, HOLD_AN_ANSWER, openAdminShop, signIn } from "../support/admin-page";
import { barriers, chromium, PHONE, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

const ZONE = "Asia/Kolkata";

const valueOf = (tab: Tab, selector: string) =>
  tab.view.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).value`);

const focused = (tab: Tab) => tab.view.evaluate<string>("document.activeElement.ariaLabel");

describe.skipIf(!chromium)("how the admin page takes care of what people do, in a real browser", () => {
  let shop: AdminShop;
  let api: AdminShop["api"];
  let first: Tab;

  beforeAll(async () => {
    shop = await openAdminShop({ TIME_ZONE: ZONE, BACKUP_SCHEDULE: "30 2 * * 7", RECOMMEND_SCHEDULE: "5 */6 * * 1-5" });
    api = shop.api;
    // Left open: the browser ends with its last tab, and the sign-in with it.
    first = await shop.open();
    await signIn(first);
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await shop?.server.stop();
  });

  const placeOrder = async (): Promise<{ id: number; total_amount: number }> => {
    const order = { user_id: 2, lines: [{ product_id: 3, qty: 1 }], paid: true };
    return (await api("POST", "/orders", order)).body;
  };
  const statusOf = async (id: number) => (await api("GET", `/orders/${id}`)).body.status;

  test("what nobody can take back is asked for in a dialog whose button says what it does, and the amount", async () => {
    const { id, total_amount } = await placeOrder();
    using tab = await shop.open(`/orders/${id}`);
    await tab.choose("Cancel order", "main");
    await tab.says("dialog.window[open] button.danger", `Cancel and pay back ₹${total_amount}`);
    await tab.press("Escape");
    await tab.hasNot("dialog.window");
    expect(await statusOf(id)).toBe("placed");
    await tab.choose("Cancel order", "main");
    await tab.choose("Cancel and pay back", "dialog.window");
    await tab.says("main .state", "cancelled");
    expect(await statusOf(id)).toBe("cancelled");
    expect(tab.wrong).toEqual([]);
  });

  test("what was typed into a form is discarded where that is asked for, and nothing is asked afterwards", async () => {
    using tab = await shop.open("/products/8");
    await tab.has("input[name=name]");
    const name = await valueOf(tab, "input[name=name]");
    await tab.fill("input[name=name]", "Not meant");
    await tab.choose("Discard", ".save");
    await tab.hasNot(".save");
    expect(await valueOf(tab, "input[name=name]")).toBe(name);
    await tab.choose("Orders", "nav");
    await tab.has("table.list tbody tr");
    expect((await api("GET", "/products/8")).body.name).toBe(name);
  });

  test("on a phone the bar of what is unsaved covers no field that somebody writes in", async () => {
    using phone = await shop.open("/products/8", PHONE);
    await phone.fill("input[name=name]", "Half a na");
    await phone.has(".save");
    const covered = await phone.view.evaluate<string[]>(`[...document.querySelectorAll(".card input")]
      .filter((field) => {
        if (!field.form?.querySelector(".save")) return false;
        field.focus();
        return field.getBoundingClientRect().bottom > document.querySelector(".save").getBoundingClientRect().top;
      })
      .map(({ name }) => name)`);
    expect(covered).toEqual([]);
    expect(await phone.overflow()).toBe(0);
  });

  test("neither Escape nor a click beside it closes a dialog in which something was typed", async () => {
    const { id } = await placeOrder();
    using tab = await shop.open(`/orders/${id}`);
    await tab.choose("Refund", "main");
    await tab.fill("dialog.window input[name=reason]", "It leaked");
    for (let times = 0; times < 3; times++) await tab.press("Escape");
    await tab.view.click(4, 4);
    await tab.has("dialog.window[open]");
    expect(await valueOf(tab, "dialog.window input[name=reason]")).toBe("It leaked");
  });

  test("the arrows go up and down a column of cells, and Tab to the next of the row", async () => {
    const { items } = (await api("GET", "/products?sort=name&size=2")).body;
    using tab = await shop.open("/products?sort=name");
    await tab.click(`input[aria-label="Price of ${items[0].name}"]`);
    await tab.press("ArrowDown");
    expect(await focused(tab)).toBe(`Price of ${items[1].name}`);
    await tab.press("ArrowUp");
    expect(await focused(tab)).toBe(`Price of ${items[0].name}`);
    await tab.press("Tab");
    expect(await focused(tab)).toBe(`Stock of ${items[0].name}`);
  });

  test("an amount that could mean two is refused in words, and the price stays", async () => {
    const { name, price } = (await api("GET", "/products/9")).body;
    using tab = await shop.open(`/products?q=${encodeURIComponent(name)}`);
    const cell = `input[aria-label="Price of ${name}"]`;
    await tab.fill(cell, "1,234");
    await tab.press("Enter");
    await tab.says(".toast.bad", "1,234");
    expect(await valueOf(tab, cell)).toBe(String(price));
    expect((await api("GET", "/products/9")).body.price).toBe(price);
  });

  test("amounts are grouped as in the shop's country", async () => {
    using tab = await shop.open("/products");
    const { net } = (await api("GET", "/admin/sales?range=last_12_months")).body.now;
    expect(net).toBeGreaterThan(100_000);
    await tab.goTo(`${shop.server.url}/admin?range=last_12_months`);
    await tab.says(".cards dd", new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" }).format(net));
  });

  test("of many that are packed, those that fail stay chosen and say why, and the bar says how far it is", async () => {
    const ids = [(await placeOrder()).id, (await placeOrder()).id];
    using tab = await shop.open("/orders?status=placed");
    for (const id of ids) await tab.click(`input[aria-label="Choose ${id}"]`);
    await api("POST", `/orders/${ids[0]}/cancellation`);
    await tab.view.evaluate(HOLD_AN_ANSWER("/packing"));
    await tab.choose("Pack 2 orders", ".bulk");
    await tab.says(".bulk", "1 of 2…");
    await tab.view.evaluate("window.letGo()");
    await tab.says(".toasts", `Order ${ids[0]}:`);
    await tab.says(".toasts", "1 of 2 orders is packed.");
    await tab.says(".bulk", "1 chosen");
    expect(await statusOf(ids[1] ?? 0)).toBe("packed");
  });

  test("a row that fits its filter no longer changes its word, and leaves at the next look", async () => {
    const { id } = await placeOrder();
    using tab = await shop.open("/orders?status=placed");
    const row = `table.list tr:has(a[href$="/admin/orders/${id}"])`;
    await tab.choose("Pack", row);
    await tab.says(".toasts", `Order ${id} is packed.`);
    await tab.says(`${row} .state`, "packed");
    await tab.view.evaluate("location.reload()");
    await tab.has("table.list tbody tr");
    await tab.hasNot(row);
  });

  test("while the next page of a list is on its way, its rows stay, dimmed", async () => {
    using tab = await shop.open("/orders");
    await tab.has("table.list tbody tr");
    await tab.view.evaluate(HOLD_AN_ANSWER("/orders/all"));
    await tab.choose("Next", ".pages");
    await tab.has("table.list[aria-busy=true] tbody tr:nth-child(20)");
    expect(
      await tab.view.evaluate<string>(`getComputedStyle(document.querySelector("table.list tbody")).opacity`),
    ).not.toBe("1");
    await tab.view.evaluate("window.letGo()");
    await tab.has("table.list[aria-busy=false]");
  });

  test("what goes wrong is told with the number of its request, and can be tried again", async () => {
    using tab = await shop.open("/stock/999999");
    await tab.says(".trouble", "Request ");
    await tab.choose("Try again", ".trouble");
    await tab.has(".trouble");
  });

  test("slips are printed one on a page, without the page around them, and packed afterwards", async () => {
    const ids = [(await placeOrder()).id, (await placeOrder()).id];
    using tab = await shop.open(`/slips?ids=${ids.join()}`);
    await tab.has(".slip:nth-of-type(2)");
    await tab.view.cdp("Emulation.setEmulatedMedia", { media: "print" });
    const seen = (selector: string, property: string) =>
      tab.view.evaluate<string>(
        `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(property)}]`,
      );
    expect(await seen(".slip + .slip", "breakBefore")).toBe("page");
    for (const part of [".shell > nav", ".shell > header", ".no-print"])
      expect(await seen(part, "display")).toBe("none");
    await tab.view.cdp("Emulation.setEmulatedMedia", { media: "" });
    await tab.choose("Mark 2 as packed", "main");
    await tab.says(".toasts", "packed");
    for (const id of ids) expect(await statusOf(id)).toBe("packed");
  });

  test("moments are told in the shop's own zone, whole where somebody points at them", async () => {
    const { id } = await placeOrder();
    const { placed_at } = (await api("GET", `/orders/${id}`)).body;
    const moment = new Intl.DateTimeFormat("en-IN", { dateStyle: "medium", timeStyle: "short", timeZone: ZONE });
    const told = `${moment.format(new Date(placed_at))} IST`;
    using tab = await shop.open(`/orders?q=${id}`);
    await tab.has("table.list time");
    await tab.says("main [role=status]", "1 order");
    expect(await tab.text("main [role=status]")).toBe("1 order");
    expect(await tab.view.evaluate<string>(`document.querySelector("table.list time").title`)).toBe(told);
    await tab.goTo(`${shop.server.url}/admin/orders/${id}`);
    await tab.says("main time", told);
    await tab.goTo(`${shop.server.url}/admin`);
    await tab.says(".chart", ZONE);
  });

  test("when a job comes is said in words where few can say it, and as it is set to who points at it", async () => {
    using tab = await shop.open("/system");
    for (const [set, said] of [
      ["40 3 * * * UTC", "every day at 03:40 UTC"],
      ["30 2 * * 7 UTC", "every Sunday at 02:30 UTC"],
      ["5 */6 * * 1-5 UTC", "5 */6 * * 1-5 UTC"],
      ["every 600 s", "every 10 minutes"],
      ["every 3600 s", "every hour"],
    ]) {
      await tab.has(`td [title="${set}"]`);
      expect(await tab.text(`td [title="${set}"]`)).toBe(said);
    }
  });

  test("a phone's finger hits what it means: 44 pixels high", async () => {
    using phone = await shop.open("/orders", PHONE);
    await phone.view.cdp("Emulation.setTouchEmulationEnabled", { enabled: true });
    await phone.view.cdp("Emulation.setEmitTouchEventsForMouse", { enabled: true, configuration: "mobile" });
    for (const path of ["/orders", `/orders/${(await placeOrder()).id}`, "/products", "/products/3"]) {
      await phone.goTo(`${shop.server.url}/admin${path}`);
      await phone.has("main :is(table, form.card)");
      expect(await phone.view.evaluate<boolean>(`matchMedia("(pointer: coarse)").matches`)).toBe(true);
      const small = await phone.view.evaluate<string[]>(
        `[...document.querySelectorAll("button, .button, select, nav a, input:not([type=checkbox])")]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
          .map((one) => one.outerHTML.slice(0, 120))`,
      );
      expect(small).toEqual([]);
      expect(await phone.overflow()).toBe(0);
    }
  });

  test("on a phone the bar of what is chosen can be scrolled from over the last row, and the name of a row is hit by a finger", async () => {
    using phone = await shop.open("/orders", PHONE);
    await phone.view.cdp("Emulation.setTouchEmulationEnabled", { enabled: true });
    await phone.view.cdp("Emulation.setEmitTouchEventsForMouse", { enabled: true, configuration: "mobile" });
    await phone.has("table.list tbody tr:nth-child(20)");
    await phone.view.evaluate(`document.querySelector("table.list tbody input").click()`);
    await phone.has(".bulk");
    await phone.view.evaluate(`document.getElementById("main").scrollTo(0, 1e6)`);
    await phone.until(
      `document.querySelector(".bulk").getBoundingClientRect().top >= document.querySelector("main .pages").getBoundingClientRect().bottom`,
    );
    const low = await phone.view.evaluate<string[]>(
      `[...document.querySelectorAll("table.list tbody th a")].filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.textContent)`,
    );
    expect(low).toEqual([]);
    expect(await barriers(phone)).toEqual([]);
  });

  test("on a phone another page begins at its top", async () => {
    using phone = await shop.open("/orders", PHONE);
    await phone.has("table.list tbody tr:nth-child(20)");
    await phone.view.evaluate(`document.getElementById("main").scrollTo(0, 900)`);
    await phone.view.evaluate(`document.querySelector("table.list tbody tr:nth-child(15) th a").click()`);
    await phone.says("h1", "Order ");
    await phone.until(`document.getElementById("main").scrollTop === 0`);
  });
});
