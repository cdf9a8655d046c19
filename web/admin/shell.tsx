import { useEffect, useRef } from "preact/hooks";
import { address, placeOf, to } from "../kit/address";
import { Icon, type IconName } from "../kit/icon";
import { signOut } from "../kit/session";
import { theme, type Theme } from "../kit/theme";
import { about } from "../kit/words";
import { Orders } from "./orders";

interface Page {
  place: string;
  name: string;
  icon: IconName;
  view: () => preact.JSX.Element;
}

const PAGES: Page[] = [{ place: "orders", name: "Orders", icon: "orders", view: Orders }];

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

/** The page that stands at this address, between the list of all pages and what holds for all of them. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const place = placeOf(address.value).split("/")[0] ?? "";
  const page = PAGES.find((one) => one.place === place) ?? PAGES[0];
  useEffect(() => {
    document.title = `${page?.name ?? "Admin"} · ${about.value.name ?? "Sanset"}`;
  }, [page]);
  if (!page) return null;
  const View = page.view;
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={() => main.current?.focus()}>
        Skip to the content
      </a>
      <nav aria-label="Pages">
        <b class="brand">{about.value.name ?? "Sanset"}</b>
        {PAGES.map(({ place, name, icon }) => (
          <a key={place} href={to(place)} aria-current={place === page.place ? "page" : undefined}>
            <Icon name={icon} /> {name}
          </a>
        ))}
      </nav>
      <header>
        <h1>{page.name}</h1>
        <button type="button" class="bare" onClick={() => (theme.value = NEXT_THEME[theme.value])}>
          <Icon name="sun" /> <span>Colours: {theme.value}</span>
        </button>
        <button type="button" class="bare" onClick={() => void signOut()}>
          <Icon name="leave" /> <span>Sign out</span>
        </button>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <View />
      </main>
    </div>
  );
}
