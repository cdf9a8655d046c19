import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { address, placeOf, to } from "../kit/address";
import { Icon, type IconName } from "../kit/icon";
import { signOut } from "../kit/session";
import { theme, type Theme } from "../kit/theme";
import { about } from "../kit/words";
import { Audit } from "./audit";
import { Coupons } from "./coupons";
import { CustomerPage, Customers } from "./customers";
import { Dashboard } from "./dashboard";
import { Deliveries } from "./deliveries";
import { Delivery } from "./delivery";
import { Invoices } from "./invoices";
import { Keys, useGoKeys } from "./keys";
import { OrderPage } from "./order";
import { Orders } from "./orders";
import { ProductPage } from "./product";
import { Products } from "./products";
import { Recommendations } from "./recommend";
import { Slips } from "./slips";

export interface Page {
  place: string;
  name: string;
  icon: IconName;
  /** `g` and this letter lead there. */
  key: string;
  list: () => JSX.Element;
  /** What stands at an address below it, such as `orders/12`. */
  one?: (id: number | undefined) => JSX.Element;
}

const PAGES: readonly Page[] = [
  { place: "", name: "Dashboard", icon: "home", key: "d", list: Dashboard },
  {
    place: "orders",
    name: "Orders",
    icon: "orders",
    key: "o",
    list: Orders,
    one: (id) => <OrderPage id={id ?? 0} />,
  },
  {
    place: "products",
    name: "Products",
    icon: "products",
    key: "p",
    list: Products,
    one: (id) => <ProductPage id={id} />,
  },
  {
    place: "customers",
    name: "Customers",
    icon: "customers",
    key: "c",
    list: Customers,
    one: (id) => <CustomerPage id={id ?? 0} />,
  },
  { place: "coupons", name: "Coupons", icon: "coupons", key: "u", list: Coupons },
  { place: "delivery", name: "Delivery and tax", icon: "delivery", key: "t", list: Delivery },
  { place: "invoices", name: "Invoices", icon: "returns", key: "i", list: Invoices },
  { place: "recommendations", name: "Recommendations", icon: "recommend", key: "r", list: Recommendations },
  { place: "deliveries", name: "Mails and webhooks", icon: "webhooks", key: "w", list: Deliveries },
  { place: "audit", name: "Audit", icon: "settings", key: "a", list: Audit },
];

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

/** The page that stands at this address, between the list of all pages and what holds for all of them. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const [areKeysShown, showKeys] = useState(false);
  const [place = "", below] = placeOf(address.value).split("/");
  const page = PAGES.find((one) => one.place === place);
  const name = place === "slips" ? "Packing slips" : (page?.name ?? "There is no such page");
  const heading = below && page ? `${page.name.replace(/s$/, "")} ${below}` : name;
  useEffect(() => {
    document.title = `${heading} · ${about.value.name ?? "Sanset"}`;
  }, [heading]);
  useGoKeys(PAGES, () => showKeys(true));
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
        Skip to the content
      </a>
      <nav aria-label="Pages">
        <b class="brand">{about.value.name ?? "Sanset"}</b>
        {PAGES.map((one) => (
          <a key={one.place} href={to(one.place)} aria-current={one.place === place ? "page" : undefined}>
            <Icon name={one.icon} /> {one.name}
          </a>
        ))}
      </nav>
      <header>
        <h1>{heading}</h1>
        <button type="button" class="bare" onClick={() => (theme.value = NEXT_THEME[theme.value])}>
          <Icon name="sun" /> <span>Colours: {theme.value}</span>
        </button>
        <button type="button" class="bare" onClick={() => void signOut()}>
          <Icon name="leave" /> <span>Sign out</span>
        </button>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <View page={page} place={place} below={below} />
      </main>
      {areKeysShown && <Keys pages={PAGES} onClose={() => showKeys(false)} />}
    </div>
  );
}

function View({ page, place, below }: { page: Page | undefined; place: string; below: string | undefined }) {
  if (place === "slips") return <Slips />;
  if (!page) {
    return (
      <p class="empty">
        There is no such page. <a href={to("")}>Go to the dashboard</a>
      </p>
    );
  }
  if (below !== undefined && page.one) return page.one(/^\d+$/.test(below) ? Number(below) : undefined);
  const List = page.list;
  return <List />;
}
