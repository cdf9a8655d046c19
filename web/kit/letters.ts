import { signal } from "@preact/signals";

const KEY = "sanset-letters";

/** Whether single letters act: who dictates, or has an unsteady hand, can switch them off. */
export const areLettersOn = signal(localStorage.getItem(KEY) !== "off");

areLettersOn.subscribe((areOn) => localStorage.setItem(KEY, areOn ? "on" : "off"));

/** Whether this key is a letter that is to act: nobody writes, no other key is held and no dialog is open. */
export function isLetter(event: KeyboardEvent): boolean {
  const { target, metaKey, ctrlKey, altKey } = event;
  const isWriting = target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");
  return areLettersOn.value && !isWriting && !metaKey && !ctrlKey && !altKey && !document.querySelector("dialog[open]");
}
