import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type AdminShop, openAdminShop, signIn } from "../support/admin-page";
import { newFolder } from "../support/program";
import { barriers, chromium, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

const valueOf = (tab: Tab, selector: string) =>
  tab.view.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).value`);

/** Of those that stand above each other. */
const anyDialogSays = (tab: Tab, text: string) =>
  tab.until(
    `[...document.querySelectorAll("dialog[open]")].some((one) => one.textContent.includes(${JSON.stringify(text)}))`,
  );

describe.skipIf(!chromium)("what is written into the admin page, in a real browser", () => {
  let shop: AdminShop;
  let api: AdminShop["api"];
  let first: Tab;

  beforeAll(async () => {
    shop = await openAdminShop();
    api = shop.api;
    // Left open: the browser ends with its last tab, and the sign-in with it.
    first = await shop.open();
    await signIn(first);
  });

  afterAll(async () => {
    Bun.WebView.closeAll();
    await shop?.server.stop();
  });

  /** What stands in the shop's own file, as no call of the API could make it. */
  const write = (sql: string) => {
    using database = new Database(new URL(shop.env.DATABASE_URL).pathname);
    database.run("PRAGMA busy_timeout = 10000");
    database.run(sql);
  };
  const known = async () => JSON.stringify((await api("GET", "/admin/search/synonyms")).body);
  const placeOrder = async (qty = 1): Promise<number> =>
    (await api("POST", "/orders", { user_id: 2, lines: [{ product_id: 3, qty }], paid: true })).body.id;

  test.each([
    ["/coupons", "input[name=code]"],
    ["/delivery", "main section:first-of-type input[name=name]"],
    ["/delivery", "input[name=percent]"],
    ["/delivery", "input[name=product]"],
    ["/webhooks", "input[name=url]"],
    ["/search", "input[name=phrases]"],
    ["/categories", "input[name=name]"],
    ["/stock/3", "input[name=reason]"],
    ["/stock/count", "textarea[name=lines]"],
    ["/products/new", "input[name=name]"],
    ["/system?part=keys", "input[name=name]"],
  ])("who leaves %s with something typed into %s is asked, and who stays has it", async (path, field) => {
    using tab = await shop.open(path);
    // The form is below the tree, which pushes it down when it comes.
    if (path === "/categories") await tab.has(".tree li");
    await tab.fill(field, "Half a word");
    await tab.choose("Customers", "nav");
    await tab.says("dialog.window[open]", "not saved");
    await tab.press("Escape");
    await tab.hasNot("dialog.window");
    expect(await valueOf(tab, field)).toBe("Half a word");
    await tab.choose("Customers", "nav");
    await tab.choose("Leave without saving", "dialog.window");
    await tab.says("h1", "Customers");
    expect(tab.wrong).toEqual([]);
  });

  test("what was typed and taken out again is nothing, and neither is a search", async () => {
    using tab = await shop.open("/coupons");
    await tab.fill("input[name=code]", "X");
    await tab.press("Backspace");
    await tab.choose("Customers", "nav");
    await tab.fill("input[type=search]", "asha");
    await tab.until(`location.search === "?q=asha"`);
    await tab.choose("Coupons", "nav");
    await tab.says("h1", "Coupons");
  });

  test("a part of a page, a dialog, a chosen file and the sign-out are left only after a question", async () => {
    const id = await placeOrder();
    using tab = await shop.open("/system?part=keys");
    await tab.fill("input[name=name]", "Half a word");
    await tab.choose("Jobs", ".choice");
    await tab.says("dialog.window[open]", "not saved");
    await tab.press("Escape");
    await tab.choose("Sign out", "header");
    await tab.says("dialog.window[open]", "not saved");
    await tab.press("Escape");
    expect(await valueOf(tab, "input[name=name]")).toBe("Half a word");
    await tab.choose("Jobs", ".choice");
    await tab.choose("Leave without saving", "dialog.window");
    await tab.has("main table");

    await tab.goTo(`${shop.server.url}/admin/orders/${id}`);
    await tab.choose("Refund", "main");
    await tab.fill("dialog.window input[name=reason]", "It leaked");
    await tab.click("dialog.window header button");
    await anyDialogSays(tab, "not saved");
    await tab.press("Escape");
    expect(await valueOf(tab, "dialog.window input[name=reason]")).toBe("It leaked");
    await tab.click("dialog.window header button");
    await tab.choose("Leave without saving", "dialog.window");
    await tab.hasNot("dialog.window");

    await tab.goTo(`${shop.server.url}/admin/products/import`);
    const file = join(newFolder(), "products.csv");
    await Bun.write(file, "slug,name,category,price,stock\nkept-cup,Kept cup,Kitchen,120,4\nbad,Bad,Kitchen,much,4\n");
    await tab.putFile("input[type=file]", file);
    await tab.choose("Preview", "main form");
    await tab.says("section[aria-label=Preview]", "Line 3, price:");
    await tab.choose("Orders", "nav");
    await tab.says("dialog.window[open]", "not saved");
    await tab.press("Escape");
    await tab.choose("Import 1 product", "main");
    await tab.says(".toasts", "1 is new");
    // What was wrong can be kept, each with its line and its column.
    await tab.view.evaluate(`URL.createObjectURL = (blob) => { window.saved = blob; return "data:,"; }`);
    await tab.choose("Download", "section[aria-label=Preview]");
    expect(await tab.view.evaluate<string>("window.saved.text()")).toMatch(
      /^line,column,problem\n3,"price","price: .*"$/s,
    );
    await tab.choose("Orders", "nav");
    await tab.says("h1", "Orders");
  });

  test("the shop's currency stands beside each price, which is shown as it was understood or refused in words", async () => {
    using tab = await shop.open("/products/new");
    await tab.has("input[name=price]");
    const beside = `[...document.querySelectorAll("main [data-kind=money]")].filter((one) => !one.parentElement.textContent.includes("₹")).map(({ name }) => name)`;
    expect(await tab.view.evaluate<string[]>(beside)).toEqual([]);
    await tab.fill("input[name=price]", "1.234,50");
    await tab.press("Tab");
    expect(await valueOf(tab, "input[name=price]")).toBe("1234.5");
    await tab.fill("input[name=name]", "Two amounts");
    await tab.fill("input[name=category]", "Kitchen");
    await tab.fill("input[name=price]", "1,234");
    await tab.send("input[name=price]");
    await tab.says("#price-about", "could be two amounts");
    expect(await barriers(tab)).toEqual([]);
    using list = await shop.open("/products");
    await list.says("table.list thead", "Price ₹");
    for (const path of ["/coupons", "/delivery"]) {
      using other = await shop.open(path);
      await other.has("main [data-kind=money]");
      expect((await other.view.evaluate<string[]>(beside)).filter((name) => name !== "percent")).toEqual([]);
    }
  });

  test("prices of many are changed by an amount and to a price, rounded, after a preview", async () => {
    const { items } = (await api("GET", "/products?sort=name&size=20")).body;
    const [{ id, price }] = items;
    using tab = await shop.open("/products?sort=name");
    const change = async (how: string, amount: string, round: string) => {
      await tab.click("thead input[type=checkbox]");
      await tab.choose("Change 20 products", ".bulk");
      await tab.pick("dialog.window select", how);
      await tab.fill("dialog.window input[name=price]", amount);
      if (round !== "") await tab.fill("input[name=round_to]", round);
      await tab.choose("Preview", "dialog.window");
      await tab.says("dialog.window [role=status]", "would change");
      await tab.choose(" now", "dialog.window");
      await tab.hasNot("dialog.window");
      return (await api("GET", `/products/${id}`)).body.price;
    };
    expect(await change("price_by", "2.40", "1")).toBe(Math.floor(price + 2.4 + 0.5));
    expect(await change("price", "99,90", "")).toBe(99.9);
    expect(tab.wrong).toEqual([]);
  });

  test("words that were made to mean the same, or no more, are as before after an undo", async () => {
    const before = await known();
    using tab = await shop.open("/search");
    await tab.fill("input[name=phrases]", "brinjal");
    await tab.fill("input[name=finds]", "eggplant, aubergine");
    await tab.send("input[name=phrases]");
    await tab.says("main", "brinjal → ");
    const added = await known();
    await tab.click('button[aria-label="Remove: brinjal"]');
    await tab.says(".toasts", "Removed");
    await tab.until(`!document.querySelector("main").textContent.includes("brinjal →")`);
    await tab.choose("Undo", ".toast:last-of-type");
    await tab.says("main", "brinjal → ");
    expect(await known()).toBe(added);
    await tab.choose("Undo", ".toast:last-of-type");
    await tab.until(`!document.querySelector("main").textContent.includes("brinjal →")`);
    expect(await known()).toBe(before);
  });

  test("a coupon that was switched off, a change of stock and of a category are taken back by their undo", async () => {
    await api("POST", "/coupons", { code: "UNDONE", percent: 5 });
    using tab = await shop.open("/coupons");
    await tab.choose("Disable", "main table");
    await tab.says(".toasts", "UNDONE can not be used");
    await tab.choose("Undo", ".toasts");
    await tab.says(".toasts", "UNDONE can be used");
    expect((await api("GET", "/coupons/UNDONE")).body.is_active).toBe(true);

    const stock = async () => (await api("GET", "/admin/stock/4")).body.stock;
    const before = await stock();
    await tab.goTo(`${shop.server.url}/admin/stock/4`);
    await tab.fill("input[name=delta]", "-2");
    await tab.fill("input[name=reason]", "Broken");
    await tab.send("input[name=delta]");
    await tab.says(".toasts", `${before - 2} to sell now`);
    await tab.choose("Undo", ".toasts");
    await tab.says(".toasts", `${before} to sell now`);
    expect(await stock()).toBe(before);
    await tab.goTo(`${shop.server.url}/admin/stock/count`);
    await tab.fill("textarea[name=lines]", "4 12");
    await tab.choose("Preview", "main");
    await tab.choose("Write down 1 product", "main");
    await tab.says(".toasts", "has a new count");
    expect(await stock()).toBe(before + 12);
    await tab.choose("Undo", ".toasts");
    while ((await stock()) !== before) await Bun.sleep(20);

    await api("PUT", "/categories/Odds", {});
    await tab.goTo(`${shop.server.url}/admin/categories`);
    await tab.click('button[aria-label="Change: Odds"]');
    await tab.fill("dialog.window input[name=name]", "Ends");
    await tab.choose("Save", "dialog.window");
    await tab.says(".tree", "Ends");
    await tab.choose("Undo", ".toasts");
    await tab.says(".tree", "Odds");
  });

  test("a product that was taken out of the catalog is back by an undo", async () => {
    const { id, name } = (await api("GET", "/products?size=1&sort=name")).body.items[0];
    const status = async () => (await api("GET", `/products/${id}`)).status;
    using tab = await shop.open(`/products/${id}`);
    await tab.choose("Take out of the catalog", "main");
    await tab.says(".toasts", `${name} is out of the catalog`);
    await tab.says("h1", "Products");
    expect(await status()).toBe(404);
    await tab.choose("Undo", ".toasts");
    await tab.says("h1", name);
    expect(await status()).toBe(200);
    expect(tab.wrong).toEqual([]);
  });

  test("each number of the dashboard leads to a list of as many", async () => {
    const [flagged] = [await placeOrder(), await placeOrder()];
    await api("GET", "/search?q=qwertzuiop");
    while ((await api("GET", "/admin/search/misses")).body.length === 0) await Bun.sleep(50);
    write(`UPDATE payments SET flag = 'Look at it.' WHERE order_id = ${flagged}`);
    write(
      `INSERT INTO refunds (order_id, payment_id, reference, amount_minor, state, source, is_shipping, created_at)
       SELECT order_id, id, 'tile', 1, 'sent', 'shop', 0, created_at FROM payments WHERE order_id = ${flagged}`,
    );
    const sold = (await api("GET", "/products?size=1")).body.items[0];
    await api("POST", `/admin/stock/${sold.id}/adjustment`, { delta: -sold.stock, reason: "gone" });
    const back = await placeOrder();
    for (const step of ["shipment", "delivery"]) await api("POST", `/orders/${back}/${step}`);
    await api("POST", `/orders/${back}/returns`, { reason: "Too small" });
    using tab = await shop.open("");
    await tab.has(".to-do a");
    const tiles = await tab.view.evaluate<[string, string][]>(
      `[...document.querySelectorAll(".to-do a")].map((one) => [one.textContent.trim(), one.href])`,
    );
    const said = tiles.map(([text]) => text.replace(/^[\d,]+ /, "").replace(/s$/, "")).join("; ");
    for (const what of ["to pack", "look at", "refund", "return", "found nothing", "sold out"])
      expect(said).toContain(what);
    for (const [text, href] of tiles) {
      const [count = ""] = /^[\d,]+/.exec(text) ?? [];
      await tab.goTo(href);
      const isSearch = href.endsWith("/search");
      if (isSearch)
        await tab.until(
          `document.querySelectorAll("main section:last-of-type tbody tr, main tbody tr").length === ${count}`,
        );
      else await tab.until(`document.querySelector("main [role=status]")?.textContent.split(" ")[0] === "${count}"`);
    }
    // The flagged ones are exactly those.
    await tab.goTo(`${shop.server.url}/admin/orders?waits_for=look`);
    await tab.says("main [role=status]", "1 order");
    await tab.says("table.list tbody", String(flagged));
  });

  test("a variant is shown by the picture that is chosen for it, and by its product's after an undo", async () => {
    const base = { name: "Cap", category: "Hats", price: 90 };
    const { id } = (await api("POST", "/products", { ...base, slug: "cap-of-two", option_names: ["Colour"] })).body;
    const options = { Colour: "Red" };
    const red = (await api("POST", "/products", { ...base, slug: "cap-red", parent_id: id, options })).body.id;
    using tab = await shop.open(`/products/${id}`);
    const picture = join(newFolder(), "dot.png");
    const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await Bun.write(picture, Buffer.from(DOT, "base64"));
    await tab.putFile("input[type=file]", picture);
    await tab.has(".pictures img");
    const choice = 'select[aria-label="Picture: Red"]';
    const shownBy = async () => (await api("GET", `/products/${id}`)).body.variants[0].image_url;
    await tab.until(`document.querySelector('${choice}').options.length === 2`);
    expect(await shownBy()).toBeNull();
    const image = await tab.view.evaluate<string>(`document.querySelector('${choice}').options[1].value`);
    await tab.pick(choice, image);
    await tab.has(`td:has(${choice}) img.picture`);
    expect(await barriers(tab)).toEqual([]);
    const { images } = (await api("GET", `/products/${id}`)).body;
    expect(images[0].sizes.map(({ url }: { url: string }) => url)).toContain(await shownBy());
    expect((await api("GET", `/products/${red}`)).body.image_url).toBe(await shownBy());
    await tab.choose("Undo", ".toast:last-of-type");
    await tab.hasNot(`td:has(${choice}) img.picture`);
    expect(await shownBy()).toBeNull();
    expect(tab.wrong).toEqual([]);
  });
});
