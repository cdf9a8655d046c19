import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEY = "sanset-theme";
const known = localStorage.getItem(KEY);

/** Light or dark: as the system has it, unless the visitor chose. */
export const theme = signal<Theme>(known === "light" || known === "dark" ? known : "system");

theme.subscribe((now) => {
  if (now === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = now;
  localStorage.setItem(KEY, now);
});
