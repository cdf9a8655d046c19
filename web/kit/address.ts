import { signal } from "@preact/signals";
import { home } from "./place";

/** Where we are. What a list shows stands in here, so that Back, Reload, a bookmark and a link to a colleague all work. */
export const address = signal(new URL(location.href));

/** What stands below the page's own beginning: `orders`, `products/12`, or nothing. */
export const placeOf = (url: URL): string => url.pathname.slice(home.length).replace(/^\/|\/$/g, "");

/** The address of a place of this page. */
export const to = (place: string): string => (place === "" ? home : `${home}/${place}`);

/** What keeps us where we are: whether something here is unsaved, and the question to who leaves all the same. */
export const leaving = { isKept: () => false, ask: () => Promise.resolve(true) };

/** Whether whoever is here may go: where something is unsaved they are asked. */
export const mayLeave = async (): Promise<boolean> => !leaving.isKept() || leaving.ask();

/** A page at one address stays, but for its parts, of which each takes the place of another. */
const isOfPage = (url: URL) => `${url.pathname} ${url.searchParams.get("part") ?? ""}`;
const isKeptFrom = (next: URL): boolean => isOfPage(next) !== isOfPage(address.value) && leaving.isKept();

/** Goes to an address of this page. Where something is unsaved it asks first. */
export function go(href: string, { replace = false } = {}): void {
  const next = new URL(href, location.href);
  const show = () => {
    const before = address.value.pathname;
    history[replace ? "replaceState" : "pushState"](null, "", href);
    address.value = next;
    if (next.pathname !== before) {
      scrollTo(0, 0);
      // On a phone it is the page between the bars that scrolls.
      document.getElementById("main")?.scrollTo(0, 0);
    }
  };
  if (!isKeptFrom(next)) show();
  else void leaving.ask().then((mayLeave) => mayLeave && show());
}

/** What stands in the query under this name, or nothing. */
export const asked = (name: string): string => address.value.searchParams.get(name) ?? "";

/** A whole number of the query, or undefined. */
export function askedNumber(name: string): number | undefined {
  const text = asked(name);
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** Which page of a list is asked for. */
export const pageAsked = (): number => askedNumber("page") ?? 1;

/** This address with some of its query changed. Another question starts on its first page. */
export function withQuery(changes: Record<string, string | number | null | undefined>): string {
  const url = new URL(address.value);
  if (!("page" in changes)) url.searchParams.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, String(value));
  }
  return url.pathname + url.search;
}

/** Whether who was asked goes back now all the same. */
let isGoingBack = false;

addEventListener("popstate", () => {
  const next = new URL(location.href);
  if (isGoingBack || !isKeptFrom(next)) {
    isGoingBack = false;
    address.value = next;
    return;
  }
  // The browser has gone back already: who is asked has their address again meanwhile.
  history.pushState(null, "", address.value.href);
  void leaving.ask().then((mayLeave) => {
    isGoingBack = mayLeave;
    return mayLeave && history.back();
  });
});

// Links are links: they open in a new tab where that is asked for, and only a plain click stays in this one.
addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isOurs = link?.origin === location.origin && (link.pathname === home || link.pathname.startsWith(`${home}/`));
  if (!link || !isOurs || link.target || link.hasAttribute("download")) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
