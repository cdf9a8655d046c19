import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { address } from "./address";

const named = signal({ path: "", name: "" });

/** What the page at this address is of, once that is known. */
export const headingHere = (): string => (named.value.path === address.value.pathname ? named.value.name : "");

/** Says what the page is of, such as a product's name. */
export function useHeading(name: string | undefined): void {
  const path = address.value.pathname;
  useEffect(() => {
    if (name) named.value = { path, name };
  }, [path, name]);
}
