import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type AdminShop, openAdminShop, signIn } from "../support/admin-page";
import { newFolder, run } from "../support/program";
import { barriers, chromium, PHONE, type Tab } from "../support/tab";

setDefaultTimeout(120_000);

const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe.skipIf(!chromium)("what an admin does all day, in a real browser with the network cut", () => {
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

  const roles = async () =>
    (await api("GET", "/recommend/models")).body.models.map(({ role }: { role: string }) => role).join();
  const placed = async () => (await api("GET", "/orders/all?status=placed&size=100")).body.length;

  test("ten orders are chosen, packed in one step and have a slip each", async () => {
    for (let made = await placed(); made < 12; made++) {
      const order = { user_id: 2, lines: [{ product_id: 3, qty: 1 }], paid: true };
      expect((await api("POST", "/orders", order)).status).toBe(201);
    }
    const before = await placed();
    using tab = await shop.open("/orders?status=placed");
    await tab.has("table.list tbody tr:nth-child(10)");
    for (let row = 1; row <= 10; row++) await tab.click(`table.list tbody tr:nth-child(${row}) input[type=checkbox]`);
    await tab.says(".bulk", "10 chosen");
    const slips = await tab.view.evaluate<string>(`document.querySelector(".bulk a").href`);
    await tab.choose("Pack 10 orders", ".bulk");
    await tab.says(".toasts", "10 of 10 orders are packed.");
    expect(await placed()).toBe(before - 10);
    await tab.goTo(slips);
    await tab.has(".slip:nth-of-type(10)");
    expect(await tab.count(".slip")).toBe(10);
    expect(await tab.view.evaluate<string>(`getComputedStyle(document.querySelector(".slip")).color`)).toBe(
      "rgb(0, 0, 0)",
    );
    expect(await barriers(tab)).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  test("one line is paid back: the button says what it comes to, and that is what is paid", async () => {
    const order = {
      user_id: 2,
      lines: [
        { product_id: 4, qty: 3 },
        { product_id: 6, qty: 1 },
      ],
      paid: true,
    };
    const { id } = (await api("POST", "/orders", order)).body;
    const { body: quoted } = await api("GET", `/orders/${id}/refund-quote?lines=1:2`);
    using tab = await shop.open(`/orders/${id}`);
    await tab.choose("Refund", "main");
    await tab.has("dialog.window select");
    expect(await barriers(tab)).toEqual([]);
    await tab.pick("dialog.window select", "2");
    await tab.says("dialog.window button.primary", `Pay back ₹${quoted.amount}`);
    await tab.choose("Pay back", "dialog.window");
    await tab.hasNot("dialog.window");
    expect((await api("GET", `/orders/${id}`)).body.refunds).toMatchObject([{ amount: quoted.amount }]);
    // It is on its way at first, and what came of it shows without a reload.
    await tab.says("main", `Refund of ₹${quoted.amount}`);
    await tab.says("main", ": done");
    expect(tab.wrong).toEqual([]);
  });

  test("a product gets three variants and a picture", async () => {
    using tab = await shop.open("/products/new");
    await tab.fill("input[name=name]", "Steel Bottle");
    await tab.fill("input[name=category]", "Kitchen");
    await tab.fill("input[name=options]", "Size");
    await tab.send("input[name=name]");
    await tab.has('input[name="option Size"]');
    await tab.fill('input[name="option Size"]', "S, M, L");
    await tab.fill("section form input[name=price]", "250");
    await tab.fill("section form input[name=stock]", "7");
    await tab.choose("Add 3 variants", "main");
    await tab.says(".toasts", "3 variants");
    const picture = join(newFolder(), "dot.png");
    await Bun.write(picture, Buffer.from(DOT, "base64"));
    await tab.putFile("input[type=file]", picture);
    await tab.has(".pictures img");
    expect(await barriers(tab)).toEqual([]);
    const id = Number((await tab.view.evaluate<string>("location.pathname")).split("/").at(-1));
    const { body: product } = await api("GET", `/products/${id}`);
    expect(product).toMatchObject({ slug: "steel-bottle", stock: 21, price: 250 });
    expect(product.variants).toHaveLength(3);
    expect(product.images).toHaveLength(1);
    expect(tab.wrong).toEqual([]);
  });

  test("a search that failed is found, tried, and mended by a synonym", async () => {
    for (let times = 0; times < 3; times++) await api("GET", "/search?q=zubrowka");
    // Misses are written down within a second or so.
    for (let tries = 0; tries < 200 && (await api("GET", "/admin/search/misses")).body.length === 0; tries++)
      await Bun.sleep(50);
    using tab = await shop.open("/search");
    await tab.choose("zubrowka", "main");
    await tab.says("main", "0 products have all that was asked for.");
    await tab.until(`document.querySelector("input[type=search]").value === "zubrowka"`);
    // What was searched in vain stands there already.
    await tab.until(`document.querySelector("input[name=phrases]").value === "zubrowka"`);
    await tab.fill("input[name=finds]", "milk");
    await tab.send("input[name=finds]");
    await tab.says(".toasts", "they find each other");
    expect(await barriers(tab)).toEqual([]);
    expect((await api("GET", "/search?q=zubrowka")).body.length).toBeGreaterThan(0);
    expect(tab.wrong).toEqual([]);
  });

  test("a search says why it finds a product where it does", async () => {
    using tab = await shop.open("/search?q=mlik");
    await tab.choose("Why", "ol");
    await tab.says("main table", "milk");
    expect(await barriers(tab)).toEqual([]);
    const id = await tab.view.evaluate<string>(`new URLSearchParams(location.search).get("why")`);
    const { body: reason } = await api("GET", `/admin/search/why?q=mlik&product_id=${id}`);
    await tab.says("main", reason.because);
    expect(tab.wrong).toEqual([]);
  });

  test("a file of products is looked at, its faults are named by line, and the valid rows are taken in", async () => {
    using tab = await shop.open("/products/import");
    const file = join(newFolder(), "products.csv");
    await Bun.write(
      file,
      "slug,name,category,price,stock\nnew-cup,New cup,Kitchen,120,4\nbad-cup,Bad cup,Kitchen,much,4\n",
    );
    await tab.putFile("input[type=file]", file);
    await tab.choose("Preview", "main form");
    await tab.says("section[aria-label=Preview]", "New cup");
    await tab.says("section[aria-label=Preview]", "Line 3");
    expect(await barriers(tab)).toEqual([]);
    expect((await api("GET", "/products/slug/new-cup")).status).toBe(404);
    await tab.choose("Import 1 product", "main");
    await tab.says(".toasts", "1 is new");
    expect((await api("GET", "/products/slug/new-cup")).body).toMatchObject({ price: 120, stock: 4 });
    expect(tab.wrong).toEqual([]);
  });

  test("delivery and tax are tried at a place", async () => {
    using tab = await shop.open("/delivery");
    await tab.fill("input[name=product]", "3");
    await tab.fill("main section:last-of-type input[name=pincode]", "411001");
    await tab.send("input[name=product]");
    await tab.says("main section:last-of-type tfoot", "Total");
    expect(await barriers(tab)).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  test("a delivery is pasted, looked at and written down; the ledger says why", async () => {
    const before = (await api("GET", "/admin/stock/9")).body.on_hand;
    using tab = await shop.open("/stock/count");
    await tab.fill("textarea[name=lines]", "9 12");
    await tab.fill("input[name=reason]", "Invoice 77");
    await tab.choose("Preview", "main");
    await tab.says("section[aria-label=Preview]", String(before + 12));
    expect(await barriers(tab)).toEqual([]);
    await tab.choose("Write down 1 product", "main");
    await tab.until(`location.pathname.endsWith("/stock")`);
    expect((await api("GET", "/admin/stock/9")).body.on_hand).toBe(before + 12);
    await tab.goTo(`${shop.server.url}/admin/stock/9`);
    await tab.says("main", "Invoice 77");
    expect(tab.wrong).toEqual([]);
  });

  test("a return is allowed and taken in, in parts", async () => {
    const order = { user_id: 2, lines: [{ product_id: 5, qty: 3 }], paid: true };
    const { id: orderId } = (await api("POST", "/orders", order)).body;
    await api("POST", `/orders/${orderId}/shipment`);
    await api("POST", `/orders/${orderId}/delivery`);
    const { id } = (await api("POST", `/orders/${orderId}/returns`, { reason: "Too small" })).body;
    using tab = await shop.open("/returns");
    await tab.choose(String(id), "table.list");
    await tab.says("main", "Too small");
    expect(await barriers(tab)).toEqual([]);
    if ((await api("GET", `/returns/${id}`)).body.kind === "return") await tab.choose("Let it come back", "main");
    await tab.pick("fieldset select", "2");
    await tab.choose("Take in 2 units", "main");
    await tab.says(".toasts", "taken in");
    expect((await api("GET", `/returns/${id}`)).body.lines).toMatchObject([{ qty: 3, received_qty: 2 }]);
    await tab.choose("Take in 1 unit", "main");
    await tab.says("main .state", "received");
    expect(tab.wrong).toEqual([]);
  });

  test("a return of which only a part comes is closed", async () => {
    const order = { user_id: 2, lines: [{ product_id: 5, qty: 3 }], paid: true };
    const { id: orderId } = (await api("POST", "/orders", order)).body;
    for (const step of ["shipment", "delivery"]) await api("POST", `/orders/${orderId}/${step}`);
    const { id } = (await api("POST", `/orders/${orderId}/returns`)).body;
    using tab = await shop.open(`/returns/${id}`);
    await tab.pick("fieldset select", "1");
    await tab.choose("Take in 1 unit", "main");
    await tab.says(".toasts", "taken in");
    await tab.pick("fieldset select", "0");
    await tab.click("form label:has(input[type=checkbox]):last-of-type input");
    await tab.choose("Close the return", "main");
    await tab.says("main .state", "received");
    expect((await api("GET", `/returns/${id}`)).body.lines).toMatchObject([{ qty: 3, received_qty: 1 }]);
    expect(tab.wrong).toEqual([]);
  });

  test("many products are changed after a preview, all of it or nothing", async () => {
    const { items } = (await api("GET", "/products?sort=name&size=20")).body;
    using tab = await shop.open("/products?sort=name");
    await tab.click("thead input[type=checkbox]");
    await tab.choose("Change 20 products", ".bulk");
    await tab.fill("dialog.window input[name=price]", "10");
    await tab.choose("Preview", "dialog.window");
    await tab.says("dialog.window [role=status]", "would change");
    expect(await barriers(tab)).toEqual([]);
    expect((await api("GET", `/products/${items[0].id}`)).body.price).toBe(items[0].price);
    await tab.choose(" now", "dialog.window");
    await tab.says(".toasts", "products are changed");
    const { price } = (await api("GET", `/products/${items[0].id}`)).body;
    expect(price).toBeCloseTo(items[0].price * 1.1, 1);
    expect(tab.wrong).toEqual([]);
  });

  test("a category is put below another, and goes up and down among its neighbours", async () => {
    using tab = await shop.open("/categories");
    // The form is below the tree, which pushes it down when it comes.
    await tab.has(".tree li");
    await tab.fill("input[name=name]", "Herbal tea");
    await tab.pick("main select[name=parent]", "Tea and Coffee", "Beverages");
    await tab.send("input[name=name]");
    await tab.says(".tree .tree", "Herbal tea");
    expect(await barriers(tab)).toEqual([]);
    const tree = (await api("GET", "/categories?tree=true")).body;
    expect(JSON.stringify(tree)).toContain("Herbal tea");
    expect(tree.some(({ category }: { category: string }) => category === "Herbal tea")).toBe(false);
    expect(tab.wrong).toEqual([]);
  });

  test("a webhook is added with its secret, paused, and removed", async () => {
    using tab = await shop.open("/webhooks");
    await tab.fill("input[name=url]", "https://example.com/hook/of/a/program/with/a/rather/long/name");
    await tab.click('input[value="order.paid"]');
    await tab.send("input[name=url]");
    await tab.has("main [role=status] code");
    await tab.choose("https://example.com/hook", "table");
    await tab.choose("Pause", "main");
    await tab.says("main .state", "paused");
    expect(await barriers(tab)).toEqual([]);
    // A long address breaks: the page is no wider than a phone.
    const [{ id }] = (await api("GET", "/webhooks")).body;
    for (const path of ["/webhooks", `/webhooks/${id}`]) {
      using phone = await shop.open(path, PHONE);
      await phone.says("main", "https://example.com/hook");
      expect(await phone.overflow()).toBe(0);
    }
    await tab.choose("Remove", "main");
    await tab.choose("Remove", "dialog.window");
    await tab.until(`location.pathname.endsWith("/webhooks")`);
    expect((await api("GET", "/webhooks")).body).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  test("the doctor is asked, a backup is made, and a setting is found", async () => {
    using tab = await shop.open("/system?part=doctor");
    await tab.choose("Look whether", "main");
    await tab.says("main [role=status]", "Everything adds up");
    await tab.choose("Backups", "main");
    await tab.choose("Back up now", "main");
    await tab.says(".toasts", "A backup has begun");
    await tab.choose("Settings", "main");
    await tab.fill("input[type=search]", "STOCK_LOW");
    await tab.until(`document.querySelectorAll(".settings code").length === 1`);
    expect(await barriers(tab)).toEqual([]);
    expect(tab.wrong).toEqual([]);
  });

  test("a model is put on trial, compared, promoted and gone back from, and a customer's list is explained", async () => {
    const retrain = () => run(["retrain", "--force"], { env: shop.env });
    for (let training = 0; training < 2; training++) expect((await retrain()).exitCode).toBe(0);
    using tab = await shop.open("/recommendations");
    await tab.says("main", "How the last training judged them");
    await tab.says("main", "popularity, last 30 days");
    expect(await barriers(tab)).toEqual([]);
    await tab.choose("Put on trial", "main");
    // Of lists that nobody was shown there is no share, and no interval from none to all.
    await tab.says("main", "Not both have been shown yet");
    expect(await tab.text("main")).not.toContain("(0% to 100%)");
    expect(await roles()).toBe("serving,candidate");
    await tab.choose("End the trial", "main");
    await tab.says("main", "No model is on trial");
    await tab.choose("Go back to it", "main");
    await tab.says(".toasts", "in service");
    expect(await roles()).toBe("retired,serving");
    await tab.choose("Undo", ".toast:last-of-type");
    // The page says so before the shop has answered.
    await tab.until(`document.querySelector("main .state").textContent === "serving"`);
    while ((await roles()) !== "serving,retired") await Bun.sleep(20);
    await tab.fill("input[name=customer]", "2");
    await tab.send("input[name=customer]");
    await tab.says("main [role=status]", "Recommended");
    expect(await barriers(tab)).toEqual([]);
    expect(await tab.overflow()).toBe(0);

    expect(tab.wrong).toEqual([]);
  });

  test("a training shows how far it is, and what came of it, without a look again", async () => {
    using tab = await shop.open("/recommendations");
    await tab.choose("Train now", "main");
    await tab.has("main [role=status] progress");
    expect(await barriers(tab)).toEqual([]);
    await tab.hasNot("main progress");
    await tab.says("main", "Last training");
    expect((await api("GET", "/recommend/models")).body.runs[0].asked_by).toStartWith("admin");
    expect(tab.wrong).toEqual([]);
  });

  test("each page shows the calls behind it, and they work elsewhere", async () => {
    using tab = await shop.open("/stock?q=milk");
    await tab.has("table.list tbody tr");
    await tab.choose("Calls", "header");
    await tab.says("dialog.window", 'await shop("GET /admin/stock"');
    const curl = await tab.view.evaluate<string>(`document.querySelector("dialog.window pre").textContent`);
    expect(await barriers(tab)).toEqual([]);
    const [, address = ""] = /curl '([^']+)'/.exec(curl) ?? [];
    const shown = await tab.count("table.list tbody tr");
    const asked = address.replace(`${shop.server.url}/api/v1`, "");
    expect((await api("GET", asked)).body).toHaveLength(shown);
    expect(tab.wrong).toEqual([]);
  });

  test("Ctrl K leads to an order by its number, a product and a page", async () => {
    using tab = await shop.open("/audit");
    await tab.has("table.list");
    for (const [typed, place] of [
      ["120", "/orders/120"],
      ["webh", "/webhooks"],
    ]) {
      await tab.hold("k", ["Control"]);
      await tab.fill("[role=combobox]", typed ?? "");
      await tab.says("[role=option][aria-selected=true]", typed === "120" ? "Order 120" : "Webhooks");
      expect(await barriers(tab)).toEqual([]);
      await tab.press("Enter");
      await tab.until(`location.pathname.endsWith(${JSON.stringify(place)})`);
    }
    expect(tab.wrong).toEqual([]);
  });
});
