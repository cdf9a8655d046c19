import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { Glob } from "bun";
import { type AdminShop, HOLD_AN_ANSWER, openAdminShop, signIn } from "../support/admin-page";
import { barriers, chromium, PHONE, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

/** Loses the answer to the first call like this: the shop has done it, and the page hears nothing. */
const LOSE_AN_ANSWER = (path: string) => `(() => {
  const ask = window.fetch;
  let isLost = false;
  window.fetch = async (url, given) => {
    const answer = await ask(url, given);
    if (isLost || given?.method !== "POST" || !String(url).includes(${JSON.stringify(path)})) return answer;
    isLost = true;
    throw new TypeError("The network is gone.");
  };
})()`;

/** Sends the next call like this with a token that has ended. */
const SPOIL_A_TOKEN = (path: string) => `(() => {
  const ask = window.fetch;
  let isSpoilt = false;
  window.fetch = (url, given) => {
    if (!isSpoilt && String(url).includes(${JSON.stringify(path)})) {
      isSpoilt = true;
      given.headers.set("authorization", "Bearer ended");
    }
    return ask(url, given);
  };
})()`;

const valueOf = (tab: Tab, selector: string) =>
  tab.view.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).value`);

describe.skipIf(!chromium)("how the admin page behaves, in a real browser", () => {
  let shop: AdminShop;
  let api: AdminShop["api"];
  let first: Tab;

  beforeAll(async () => {
    shop = await openAdminShop();
    api = shop.api;
    first = await shop.open();
    await signIn(first);
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await shop?.server.stop();
  });

  const placeOrder = async (): Promise<number> => {
    const order = { user_id: 2, lines: [{ product_id: 3, qty: 1 }], paid: true };
    return (await api("POST", "/orders", order)).body.id;
  };

  test("what a list shows stands in the address: a reload and a link show the same, another filter begins anew", async () => {
    using tab = await shop.open("/orders?page=2");
    await tab.has("table.list tbody tr");
    await tab.choose("delivered", ".choice");
    await tab.until(`location.search === "?status=delivered"`);
    await tab.choose("Next", ".pages");
    await tab.until(`location.search === "?status=delivered&page=2"`);
    await tab.says(".pages", "Page 2");
    const rows = () => tab.view.evaluate<string>(`document.querySelector("table.list tbody").textContent`);
    await tab.until(
      `!document.querySelector("table.list").ariaBusy || document.querySelector("table.list").ariaBusy === "false"`,
    );
    const before = await rows();
    await tab.view.evaluate("location.reload()");
    await tab.has("table.list tbody tr");
    await tab.says(".pages", "Page 2");
    expect(await rows()).toBe(before);
  });

  test("rows are links that open elsewhere where that is asked for, and the number that is searched comes first", async () => {
    const id = await placeOrder();
    using tab = await shop.open(`/orders?q=${id}`);
    await tab.says("table.list tbody tr:first-child th", String(id));
    const stays = await tab.view.evaluate<boolean>(`(() => {
      const link = document.querySelector("table.list tbody th a");
      let isLeft = false;
      addEventListener("click", (event) => { isLeft = !event.defaultPrevented; event.preventDefault(); }, { once: true });
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true }));
      return isLeft;
    })()`);
    expect(stays).toBe(true);
  });

  test("the box in the head chooses this page; all that match are a second step, and a filter lets go of them", async () => {
    using tab = await shop.open("/orders?status=delivered");
    await tab.click("thead input[type=checkbox]");
    await tab.says(".bulk", "20 chosen");
    await tab.choose("that match", ".bulk");
    await tab.until(`!document.querySelector(".bulk").textContent.includes("20 chosen")`);
    await tab.choose("placed", ".choice");
    await tab.hasNot(".bulk");
  });

  test("what is typed is kept: Ctrl S saves, leaving asks, Escape discards nothing", async () => {
    using tab = await shop.open("/products/8");
    await tab.fill("input[name=name]", "Kept by Ctrl S");
    await tab.says(".save", "Unsaved");
    await tab.press("Escape");
    await tab.choose("Orders", "nav");
    await tab.says("dialog.window[open]", "not saved");
    expect(await tab.view.evaluate<string>("location.pathname")).toEndWith("/products/8");
    expect(await barriers(tab)).toEqual([]);
    await tab.press("Escape");
    await tab.hasNot("dialog.window");
    expect(await valueOf(tab, "input[name=name]")).toBe("Kept by Ctrl S");
    await tab.click("input[name=name]");
    await tab.hold("s", ["Control"]);
    await tab.says(".toasts", "Kept by Ctrl S is saved");
    expect((await api("GET", "/products/8")).body.name).toBe("Kept by Ctrl S");
  });

  test("who leaves a form without saving is asked in the page's own dialog, and goes where they meant to", async () => {
    using tab = await shop.open("/products/16");
    await tab.has("input[name=name]");
    const name = await valueOf(tab, "input[name=name]");
    await tab.fill("input[name=name]", "Not meant");
    await tab.choose("Orders", "nav");
    await tab.choose("Leave without saving", "dialog.window");
    await tab.until(`location.pathname.endsWith("/orders")`);
    await tab.has("table.list tbody tr");
    expect((await api("GET", "/products/16")).body.name).toBe(name);
    // What was left is asked about no more.
    await tab.choose("Customers", "nav");
    await tab.says("h1", "Customers");
    expect(tab.wrong).toEqual([]);
  });

  test("a price that was changed in the list is taken back by its undo", async () => {
    const { name, price } = (await api("GET", "/products/10")).body;
    using tab = await shop.open(`/products?q=${encodeURIComponent(name)}`);
    await tab.fill(`input[aria-label="Price of ${name}"]`, "999");
    await tab.press("Enter");
    await tab.says(".toasts", "costs 999 now");
    await tab.choose("Undo", ".toasts");
    await tab.until(
      `document.querySelector('input[aria-label="Price of ${name}"]').value === ${JSON.stringify(String(price))}`,
    );
    expect((await api("GET", "/products/10")).body.price).toBe(price);
  });

  test("a column that is pasted goes into the cells below, each saved", async () => {
    const { items } = (await api("GET", "/products?sort=name&size=3")).body;
    using tab = await shop.open("/products?sort=name");
    await tab.has(".cell[data-column=price]");
    await tab.view.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", "11\\n12.5\\n13");
      const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
      document.querySelector(".cell[data-column=price]").dispatchEvent(paste);
    })()`);
    await tab.says(".toasts", "costs 13 now");
    const prices = await Promise.all(
      items.map(async ({ id }: { id: number }) => (await api("GET", `/products/${id}`)).body.price),
    );
    expect(prices).toEqual([11, 12.5, 13]);
  });

  test("a view is an address with a name: kept, followed and forgotten", async () => {
    using tab = await shop.open("/orders?status=delivered");
    await tab.has("table.list tbody tr");
    await tab.choose("Keep this view", "main");
    await tab.fill("dialog.window input[name=name]", "Done ones");
    expect(await barriers(tab)).toEqual([]);
    await tab.choose("Keep this view", "dialog.window");
    await tab.choose("All", ".choice");
    await tab.until(`location.search === ""`);
    await tab.choose("Done ones", "main");
    await tab.until(`location.search === "?status=delivered"`);
    await tab.choose("Forget this view", "main");
    await tab.hasNot("a.chip");
  });

  test("a step that the shop refuses is taken back in its own words", async () => {
    const id = await placeOrder();
    using tab = await shop.open(`/orders?q=${id}`);
    await tab.has("table.list tbody button");
    await api("POST", `/orders/${id}/cancellation`);
    await tab.choose("Pack", "table.list");
    await tab.says(".toasts", `Order ${id}:`);
    await tab.says("table.list .state", "cancelled");
  });

  test("packing is taken back right after it was done, in the list and on the order's page, and can be done again", async () => {
    const id = await placeOrder();
    const statusNow = async () => (await api("GET", `/orders/${id}`)).body.status;
    using tab = await shop.open(`/orders?q=${id}`);
    await tab.choose("Pack", "table.list");
    await tab.says(".toasts", `Order ${id} is packed.`);
    await tab.choose("Undo", ".toasts");
    await tab.says("table.list .state", "placed");
    expect(await statusNow()).toBe("placed");
    await tab.choose("Pack", "table.list");
    await tab.says(".toasts", `Order ${id} is packed.`);
    expect(await statusNow()).toBe("packed");
    await tab.choose("Undo", ".toasts");
    await tab.says("table.list .state", "placed");
    await tab.click(`a[href$="/admin/orders/${id}"]`);
    await tab.choose("Pack", "main");
    await tab.says("main .state", "packed");
    await tab.choose("Undo", ".toasts");
    await tab.says("main .state", "placed");
    expect(await statusNow()).toBe("placed");
    expect(tab.wrong).toEqual([]);
  });

  test("many that were packed in one step are taken back in one", async () => {
    const ids = [await placeOrder(), await placeOrder()];
    using tab = await shop.open("/orders?status=placed");
    for (const id of ids) await tab.click(`input[aria-label="Choose ${id}"]`);
    await tab.choose("Pack 2 orders", ".bulk");
    await tab.says(".toasts", "2 of 2 orders are packed.");
    await tab.hasNot(`a[href$="/admin/orders/${ids[0]}"]`);
    await tab.choose("Undo", ".toasts");
    for (const id of ids) await tab.has(`a[href$="/admin/orders/${id}"]`);
    for (const id of ids) expect((await api("GET", `/orders/${id}`)).body.status).toBe("placed");
  });

  test("two steps whose answers come the other way round both show", async () => {
    const ids = [await placeOrder(), await placeOrder()];
    using tab = await shop.open("/orders?status=placed");
    const [slow, fast] = ids.map((id) => `table.list tr:has(a[href$="/admin/orders/${id}"])`);
    await tab.has(`${fast} button`);
    await tab.view.evaluate(HOLD_AN_ANSWER(`/orders/${ids[0]}/packing`));
    await tab.choose("Pack", slow);
    await tab.says(`${slow} .state`, "packed");
    await tab.choose("Pack", fast);
    await tab.says(".toasts", `Order ${ids[1]} is packed.`);
    await tab.view.evaluate("window.letGo()");
    await tab.says(".toasts", `Order ${ids[0]} is packed.`);
    for (const row of [slow, fast]) await tab.says(`${row} .state`, "packed");
  });

  test("a record leads to the next one of its list, by j and k, and by Ctrl Enter once it is saved", async () => {
    using tab = await shop.open("/products?sort=name");
    await tab.has("table.list tbody tr:nth-child(3)");
    const hrefs = await tab.view.evaluate<string[]>(
      `[...document.querySelectorAll("table.list tbody th a")].map((link) => link.pathname)`,
    );
    const isAt = (place: number) => tab.until(`location.pathname === ${JSON.stringify(hrefs[place])}`);
    await tab.click("table.list tbody tr:nth-child(2) th a");
    await tab.has("main a[rel=next]");
    expect(await barriers(tab)).toEqual([]);
    const walk = async (key: string, place: number) => {
      await tab.has("input[name=name]");
      await tab.press(key);
      await isAt(place);
    };
    await walk("j", 2);
    await walk("k", 1);
    await tab.has("input[name=name]");
    const name = `${await valueOf(tab, "input[name=name]")}, washed`;
    await tab.fill("input[name=name]", name);
    await tab.hold("Enter", ["Control"]);
    await isAt(2);
    expect((await api("GET", `/products/${hrefs[1]?.split("/").at(-1)}`)).body.name).toBe(name);
    await tab.has("input[name=name]");
    await tab.choose("Before", "main");
    await isAt(1);
    expect(tab.wrong).toEqual([]);
  });

  test("letters walk, choose and lead on, never while somebody writes, and can be switched off", async () => {
    using tab = await shop.open("/orders");
    await tab.has("table.list tbody tr");
    // The page listens a moment after it is drawn.
    const isInList = () => tab.view.evaluate<boolean>(`document.activeElement.closest("tbody") !== null`);
    while (!(await isInList())) await tab.press("j");
    for (const key of ["j", "k", "x"]) await tab.press(key);
    await tab.says(".bulk", "1 chosen");
    await tab.press("/");
    await tab.view.type("jx");
    expect(await valueOf(tab, "input[type=search]")).toBe("jx");
    await tab.view.evaluate("document.activeElement.blur()");
    await tab.press("g");
    await tab.press("p");
    await tab.until(`location.pathname.endsWith("/products")`);
    await tab.press("?");
    await tab.click("dialog.window input[type=checkbox]");
    await tab.press("Escape");
    await tab.hasNot("dialog.window");
    await tab.press("g");
    await tab.press("o");
    expect(await tab.view.evaluate<string>("location.pathname")).toEndWith("/products");
    await tab.view.evaluate(`localStorage.removeItem("sanset-letters")`);
  });

  test("moments are told in the shop's own zone, and the running day is dashed", async () => {
    using tab = await shop.open("");
    await tab.has(".chart .running");
    await tab.says(".chart figcaption, .chart [role=img]", "UTC");
    // No field takes numbers by the wheel.
    const files = [...new Glob("web/**/*.tsx").scanSync()];
    for (const file of files) expect(await Bun.file(file).text()).not.toContain('type="number"');
  });

  test("nothing found says so and offers the way on", async () => {
    using tab = await shop.open("/orders?q=nobodyofthatname");
    await tab.has(".empty a");
    await tab.click(".empty a");
    await tab.has("table.list tbody tr");
  });

  test("a phone has a bar of five, and the others behind the last of them", async () => {
    using phone = await shop.open("/orders", PHONE);
    await phone.has("nav .more");
    const shown = `[...document.querySelectorAll("nav[aria-label=Pages] :is(a, button)")].filter((one) => one.offsetParent !== null).length`;
    await phone.until(`${shown} === 5`);
    await phone.choose("More", "nav");
    await phone.choose("System", "nav");
    await phone.says("h1", "System");
    await phone.until(`${shown} === 5`);
  });

  test("colours follow the system and can be chosen", async () => {
    using tab = await shop.open("/orders");
    const paper = () => tab.view.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    await tab.has("table.list");
    const light = await paper();
    await tab.choose("Colours", "header");
    await tab.choose("Colours", "header");
    expect(await paper()).not.toBe(light);
    await tab.choose("Colours", "header");
    expect(await paper()).toBe(light);
  });

  test("three tabs renew at once, again and again, and all stay signed in", async () => {
    using second = await shop.open("/products");
    using third = await shop.open("/stock");
    const tabs = [first, second, third];
    for (let round = 0; round < 3; round++) {
      await Promise.all(tabs.map((tab) => tab.view.evaluate("location.reload()")));
      for (const tab of tabs) await tab.has("main");
    }
    for (const tab of tabs) expect(await tab.count("dialog.sign-in")).toBe(0);
  });

  test("a lost answer is asked for again: the order is packed once", async () => {
    const id = await placeOrder();
    using tab = await shop.open(`/orders/${id}`);
    await tab.has("main button.primary");
    await tab.view.evaluate(LOSE_AN_ANSWER("/packing"));
    await tab.choose("Pack", "main");
    await tab.says("main [role=alert]", "can't be reached");
    expect((await api("GET", `/orders/${id}`)).body.status).toBe("packed");
    await tab.until(`document.querySelector("main .state").textContent === "packed"`);
    const { history } = (await api("GET", `/orders/${id}`)).body;
    expect(history.filter(({ cause }: { cause: string }) => cause === "packed")).toHaveLength(1);
  });

  test("an order that changes while it is looked at is shown as it is, and what is typed stays", async () => {
    const id = await placeOrder();
    using tab = await shop.open(`/orders/${id}`);
    await tab.fill("textarea[name=note]", "Half a sentence");
    await api("POST", `/orders/${id}/packing`);
    await tab.says("main .state", "packed");
    await tab.says(".toasts", `Order ${id} is packed.`);
    expect(await valueOf(tab, "textarea[name=note]")).toBe("Half a sentence");
  });

  test("a token that ends in the middle of a form is renewed unseen, and the form is sent", async () => {
    using tab = await shop.open("/products/11");
    await tab.fill("input[name=name]", "Renewed unseen");
    await tab.view.evaluate(SPOIL_A_TOKEN("/products/11"));
    await tab.send("input[name=name]");
    await tab.says(".toasts", "Renewed unseen is saved");
    expect(await tab.count("dialog.sign-in")).toBe(0);
  });

  test("without a network a form keeps what was typed and says so, and is sent once the network is back", async () => {
    using tab = await shop.open("/products/13");
    await tab.fill("input[name=name]", "Typed in a tunnel");
    await tab.offline(true);
    await tab.send("input[name=name]");
    await tab.says("main [role=alert]", "can't be reached");
    expect(await valueOf(tab, "input[name=name]")).toBe("Typed in a tunnel");
    await tab.offline(false);
    await tab.send("input[name=name]");
    await tab.says(".toasts", "Typed in a tunnel is saved");
    expect((await api("GET", "/products/13")).body.name).toBe("Typed in a tunnel");
  });

  test("going back asks before a form or a note is left, and who stays has what they typed", async () => {
    const id = await placeOrder();
    using tab = await shop.open("/orders");
    for (const [path, field] of [
      ["/products/14", "input[name=name]"],
      [`/orders/${id}`, "textarea[name=note]"],
    ] as const) {
      await tab.goTo(`${shop.server.url}/admin/orders`);
      await tab.has("table.list tbody tr");
      await tab.choose("Products", "nav");
      await tab.until(`location.pathname.endsWith("/products")`);
      await tab.view.evaluate(`(() => {
        const link = document.createElement("a");
        link.href = ${JSON.stringify(`/admin${path}`)};
        document.body.append(link);
        link.click();
      })()`);
      await tab.fill(field, "Half a sentence");
      // Also who is impatient: a second question takes the place of the first.
      for (let times = 0; times < 2; times++) {
        await tab.view.evaluate("history.back()");
        await tab.says("dialog.window[open]", "not saved");
        await tab.until(`location.pathname.endsWith(${JSON.stringify(path)})`);
      }
      await tab.press("Escape");
      await tab.hasNot("dialog.window");
      expect(await valueOf(tab, field)).toBe("Half a sentence");
      await tab.view.evaluate("history.back()");
      await tab.choose("Leave without saving", "dialog.window");
      await tab.hasNot(field);
      await tab.until(`location.pathname.endsWith("/products")`);
    }
  });

  test("two admins on one field: both values are shown, and theirs can be taken", async () => {
    using tab = await shop.open("/products/15");
    await tab.fill("input[name=name]", "Mine");
    await api("PATCH", "/products/15", { name: "Theirs" });
    await tab.send("input[name=name]");
    await tab.says("main [role=alert]", "Theirs");
    expect(await valueOf(tab, "input[name=name]")).toBe("Mine");
    await tab.choose("theirs", "main form");
    await tab.until(`document.querySelector("input[name=name]").value === "Theirs"`);
    expect((await api("GET", "/products/15")).body.name).toBe("Theirs");
  });

  test("two admins on two fields of one product: both are saved, and nobody is asked", async () => {
    using tab = await shop.open("/products/17");
    await tab.fill("input[name=name]", "Mine alone");
    await api("PATCH", "/products/17", { description: "Theirs alone" });
    await tab.send("input[name=name]");
    await tab.says(".toasts", "Mine alone is saved");
    expect((await api("GET", "/products/17")).body).toMatchObject({ name: "Mine alone", description: "Theirs alone" });
    await tab.until(`document.querySelector("textarea[name=description]").value === "Theirs alone"`);
  });

  test("who saves to go on to the next record stays where another admin has saved meanwhile", async () => {
    using tab = await shop.open("/products?sort=name");
    await tab.click("table.list tbody tr:nth-child(2) th a");
    await tab.fill("input[name=name]", "Mine again");
    const path = await tab.view.evaluate<string>("location.pathname");
    await api("PATCH", `/products/${path.split("/").at(-1)}`, { name: "Theirs again" });
    await tab.hold("Enter", ["Control"]);
    await tab.says("main [role=alert]", "Theirs again");
    expect(await tab.view.evaluate<string>("location.pathname")).toBe(path);
    expect(await valueOf(tab, "input[name=name]")).toBe("Mine again");
  });

  test("a session that ends in the middle of a form asks who is there, and nothing typed is lost", async () => {
    using tab = await shop.open("/products/12");
    await tab.fill("input[name=name]", "Still here");
    const { body } = await api("GET", "/users?q=keeper@example.com");
    await endSessionsOfPages(shop, body[0].id);
    await tab.send("input[name=name]");
    await tab.has("dialog.sign-in");
    expect(await valueOf(tab, "main input[name=name]")).toBe("Still here");
    await signIn(tab);
    await tab.send("main input[name=name]");
    await tab.says(".toasts", "Still here is saved");
  });
});

/** Ends what the browser is signed in with, and leaves the session of the test's own calls. */
async function endSessionsOfPages({ api }: AdminShop, userId: number): Promise<void> {
  const { body } = await api("GET", `/users/${userId}/sessions`);
  const own = (await api("GET", "/auth/sessions")).body.find(({ current }: { current: boolean }) => current);
  for (const { id } of body) if (id !== own.id) await api("DELETE", `/auth/sessions/${id}`);
}
