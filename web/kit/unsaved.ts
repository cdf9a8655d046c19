import { useLayoutEffect } from "preact/hooks";
import * as words from "../words/kit";
import { leaving } from "./address";
import { sure } from "./sure";

let forms = 0;

/** A text that somebody writes, such as a note, is asked about like a form. */
const isWriting = () =>
  [...document.getElementsByTagName("textarea")].some(({ value, defaultValue }) => value !== defaultValue);

leaving.isKept = () => forms > 0 || isWriting();
leaving.ask = () => sure(words.leaveUnsaved, words.leave);

/** Asks before an address is left while something is unsaved; and before the tab is closed, which the browser does itself. */
export function useUnsaved(isUnsaved: boolean): void {
  // At once: a press follows what is typed sooner than an effect does.
  useLayoutEffect(() => {
    if (!isUnsaved) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", onUnload);
    forms++;
    return () => {
      removeEventListener("beforeunload", onUnload);
      forms--;
    };
  }, [isUnsaved]);
}
