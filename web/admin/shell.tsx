import { Fragment, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { address, mayLeave, placeOf, to } from "../kit/address";
import { Icon } from "../kit/icon";
import * as icons from "../kit/icons";
import { signOut } from "../kit/session";
import { theme, type Theme } from "../kit/theme";
import { CallBehind } from "../kit/call-behind";
import { about } from "../kit/format";
import { headingHere } from "../kit/heading";
import { Walk } from "../kit/walk";
import * as words from "../words/admin";
import { Audit } from "./audit";
import { Categories } from "./categories";
import { Coupons } from "./coupons";
import { CustomerPage, Customers } from "./customers";
import { Dashboard } from "./dashboard";
import { Deliveries } from "./deliveries";
import { Delivery } from "./delivery";
import { ProductImport } from "./import";
import { Invoices } from "./invoices";
import { Keys, useGoKeys } from "./keys";
import { OrderPage } from "./order";
import { Orders } from "./orders";
import { Palette, usePaletteKey } from "./palette";
import { ProductPage } from "./product";
import { Products } from "./products";
import { Recommendations } from "./recommend";
import { ReturnPage, Returns } from "./returns";
import { Search } from "./search";
import { Slips } from "./slips";
import { ShelfPage, Stock } from "./stock";
import { StockCount } from "./stock-count";
import { System } from "./system";
import { WebhookPage, Webhooks } from "./webhooks";

export interface Page {
  place: string;
  name: string;
  icon: string;
  /** `g` and this letter lead there. */
  key: string;
  list: () => JSX.Element;
  /** What stands at an address below it, such as `orders/12`, and what that is called. */
  one?: ({ id }: { id: number }) => JSX.Element;
  title?: (id: string) => string;
  /** What stands at other addresses below it, such as `products/new`. */
  others?: Record<string, () => JSX.Element>;
}

const PAGES: readonly Page[] = [
  { place: "", name: words.dashboard, icon: icons.home, key: "d", list: Dashboard },
  {
    place: "orders",
    name: words.orders,
    icon: icons.orders,
    key: "o",
    list: Orders,
    one: OrderPage,
    title: words.orderTitle,
  },
  {
    place: "returns",
    name: words.returns,
    icon: icons.returns,
    key: "b",
    list: Returns,
    one: ReturnPage,
    title: words.returnTitle,
  },
  {
    place: "products",
    name: words.products,
    icon: icons.products,
    key: "p",
    list: Products,
    one: ProductPage,
    title: words.productTitle,
    others: { new: () => <ProductPage id={undefined} />, import: ProductImport },
  },
  { place: "categories", name: words.categories, icon: icons.tree, key: "g", list: Categories },
  {
    place: "stock",
    name: words.stock,
    icon: icons.stock,
    key: "s",
    list: () => <Stock />,
    one: ShelfPage,
    title: words.stockTitle,
    others: { low: () => <Stock low />, count: StockCount },
  },
  {
    place: "customers",
    name: words.customers,
    icon: icons.customers,
    key: "c",
    list: Customers,
    one: CustomerPage,
    title: words.customerTitle,
  },
  { place: "coupons", name: words.coupons, icon: icons.coupons, key: "u", list: Coupons },
  { place: "delivery", name: words.deliveryAndTax, icon: icons.delivery, key: "t", list: Delivery },
  { place: "invoices", name: words.invoices, icon: icons.invoice, key: "i", list: Invoices },
  { place: "search", name: words.search, icon: icons.search, key: "f", list: Search },
  { place: "recommendations", name: words.recommendations, icon: icons.recommend, key: "r", list: Recommendations },
  { place: "deliveries", name: words.mails, icon: icons.mail, key: "m", list: Deliveries },
  {
    place: "webhooks",
    name: words.webhooks,
    icon: icons.webhooks,
    key: "w",
    list: Webhooks,
    one: WebhookPage,
    title: words.webhookTitle,
  },
  { place: "audit", name: words.audit, icon: icons.audit, key: "a", list: Audit },
  { place: "system", name: words.system, icon: icons.settings, key: "y", list: System },
];

/** On a phone these stand in the bar below, and the others behind a button. */
const FOUR = new Set(["", "orders", "products", "stock"]);

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

function headingOf(page: Page | undefined, place: string, below: string | undefined): string {
  if (place === "slips") return words.packingSlips;
  if (!page) return words.noSuchPage;
  if (below === undefined || !page.title) return page.name;
  return /^\d+$/.test(below) ? page.title(below) : (words.titles[`${place}/${below}`] ?? page.name);
}

type Opened = "keys" | "calls" | "palette" | undefined;

/** The page that stands at this address, between the list of all pages and what holds for all of them. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const [opened, open] = useState<Opened>();
  const [isMenuOpen, openMenu] = useState(false);
  const [place = "", below] = placeOf(address.value).split("/");
  const page = PAGES.find((one) => one.place === place);
  const heading = headingHere() || headingOf(page, place, below);
  useEffect(() => {
    document.title = `${heading} · ${about.value.name ?? "Sanset"}`;
    openMenu(false);
  }, [heading]);
  useGoKeys(PAGES, () => open("keys"));
  usePaletteKey(() => open("palette"));
  const close = () => open(undefined);
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {words.skip}
      </a>
      <nav aria-label={words.pages} class={isMenuOpen ? "open" : ""}>
        <b class="brand">{about.value.name ?? "Sanset"}</b>
        {PAGES.map((one) => (
          <a
            key={one.place}
            href={to(one.place)}
            class={FOUR.has(one.place) ? "" : "extra"}
            aria-current={one.place === place ? "page" : undefined}
          >
            <Icon of={one.icon} /> {one.name}
          </a>
        ))}
        <button type="button" class="bare more" aria-expanded={isMenuOpen} onClick={() => openMenu(!isMenuOpen)}>
          <Icon of={icons.more} /> {words.more}
        </button>
      </nav>
      <header>
        <h1>{heading}</h1>
        <button type="button" class="bare" title={words.ctrlK} onClick={() => open("palette")}>
          <Icon of={icons.search} /> <span>{words.palette}</span>
        </button>
        <button type="button" class="bare" title={words.callsTitle} onClick={() => open("calls")}>
          <Icon of={icons.code} /> <span>{words.callBehind}</span>
        </button>
        <button type="button" class="bare" onClick={() => (theme.value = NEXT_THEME[theme.value])}>
          <Icon of={icons.sun} /> <span>{words.colours[theme.value]}</span>
        </button>
        <button type="button" class="bare" onClick={() => void (async () => (await mayLeave()) && signOut())()}>
          <Icon of={icons.leave} /> <span>{words.signOut}</span>
        </button>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <View page={page} place={place} below={below} />
      </main>
      {opened === "keys" && <Keys pages={PAGES} onClose={close} />}
      {opened === "calls" && <CallBehind onClose={close} />}
      {opened === "palette" && <Palette pages={PAGES} onClose={close} />}
    </div>
  );
}

function View({ page, place, below }: { page: Page | undefined; place: string; below: string | undefined }) {
  if (place === "slips") return <Slips />;
  const One = below !== undefined && /^\d+$/.test(below) ? page?.one : undefined;
  if (One)
    return (
      // Another record is another page: nothing of one shows, or is answered, in the place of the next.
      <Fragment key={`${place}/${below}`}>
        <Walk />
        <One id={Number(below)} />
      </Fragment>
    );
  const View = below === undefined ? page?.list : page?.others?.[below];
  if (View) return <View />;
  return (
    <p class="empty">
      {words.noSuchPage} <a href={to("")}>{words.toDashboard}</a>
    </p>
  );
}
