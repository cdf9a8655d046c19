/**
 * Takes the pictures of the pages anew: the three of the README into docs/pictures, and with a folder every page as it looks wide, in
 * the dark and on a phone: `bun scripts/pictures.ts [folder]`. It needs chromium, and makes a demo shop of its own.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { newFolder, start, urlFrom } from "../test/support/program";
import { chromium, openTab, PHONE, type Tab } from "../test/support/tab";

const [folder] = process.argv.slice(2);
/** Of a window, of which the browser takes a part for itself. */
const WIDE = { width: 1280, height: 800 };
const README = join(import.meta.dir, "../docs/pictures");
const ADMIN = { email: "admin@sanset.com", password: "admin123456" };

const ADMIN_PAGES = [
  "",
  "orders",
  "orders?status=placed",
  "returns",
  "products",
  "products/new",
  "products/3",
  "products/import",
  "categories",
  "stock",
  "stock/3",
  "stock/count",
  "customers",
  "customers/3",
  "coupons",
  "delivery",
  "invoices",
  "search?q=milk",
  "recommendations",
  "deliveries",
  "webhooks",
  "audit",
  "system",
  "system?part=settings",
];
const SHOP_PAGES = ["", "search?q=tea", "products/3", "cart"];

if (chromium === undefined) throw new Error("Pictures are taken with chromium, which is not here.");
const env = { DATABASE_URL: `sqlite:///${newFolder()}/shop.db`, RATE_LIMIT: "off" };
const child = start(["demo", "--port", "0", "--json"], { env });
try {
  const url = await urlFrom(child.stdout);
  using admin = await openTab(`${url}/admin`, WIDE);
  await admin.fill("input[name=email]", ADMIN.email);
  await admin.fill("input[name=password]", ADMIN.password);
  await admin.press("Enter");
  await admin.hasNot("dialog.sign-in");
  using shop = await openTab(`${url}/shop`, WIDE);

  await rest(admin);
  await keep(admin, "admin");
  await admin.goTo(`${url}/admin/orders?status=placed`);
  await admin.inTheDark("dark");
  for (const row of [2, 3, 5]) await admin.click(`table.list tbody tr:nth-child(${row}) input`);
  await admin.view.evaluate("scrollTo(0, 0)");
  await rest(admin);
  await keep(admin, "admin-orders-dark");
  await rest(shop);
  await keep(shop, "shop");

  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    using phone = await openTab(`${url}/admin`, PHONE);
    for (const [tab, place, pages] of [
      [admin, "admin", ADMIN_PAGES],
      [phone, "admin", ADMIN_PAGES],
      [shop, "shop", SHOP_PAGES],
      [phone, "shop", SHOP_PAGES],
    ] as const)
      for (const page of pages) await lookAt(tab, url, place, page, folder);
  }
} finally {
  Bun.WebView.closeAll();
  child.kill("SIGTERM");
  await child.exited;
}

async function lookAt(tab: Tab, url: string, place: string, page: string, to: string): Promise<void> {
  const width = await tab.view.evaluate<number>("innerWidth");
  await tab.goTo(`${url}/${place}/${page}`);
  for (const scheme of ["light", "dark"] as const) {
    await tab.inTheDark(scheme);
    await rest(tab);
    const name = `${place}-${page.replaceAll(/\W+/g, "-") || "home"}-${scheme}${width < 500 ? "-phone" : ""}.png`;
    await Bun.write(join(to, name), await tab.view.screenshot());
  }
}

/** Until what was asked for is there and drawn. */
async function rest(tab: Tab): Promise<void> {
  await tab.has("main");
  await tab.until(
    `document.querySelector("main").textContent.length > 20 && !document.querySelector("[aria-busy=true]")`,
  );
  await tab.until(`[...document.images].every((one) => one.complete || one.loading === "lazy")`);
  await Bun.sleep(500);
}

async function keep(tab: Tab, name: string): Promise<void> {
  const picture = new Bun.Image(new Uint8Array(await (await tab.view.screenshot()).arrayBuffer()));
  await Bun.write(join(README, `${name}.webp`), await picture.webp({ quality: 82 }).bytes());
}
