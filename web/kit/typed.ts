import { page } from "./place";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What somebody has written into and not sent, in whatever form it is. */
const touched = new Set<Field>();

/** What is searched, or only asked for, is no work of anybody's; and who buys is not held back for a code that they tried. */
const isWork = (field: EventTarget | null): field is Field =>
  (page === "admin" || field instanceof HTMLTextAreaElement) &&
  field instanceof HTMLElement &&
  "form" in field &&
  field.form !== null &&
  !field.closest("[role=search], [data-passing]");

addEventListener("input", ({ target }) => {
  if (isWork(target)) touched.add(target);
});
addEventListener("reset", ({ target }) => {
  for (const field of touched) if (field.form === target) touched.delete(field);
});
addEventListener("beforeunload", (event) => {
  if (isTyped()) event.preventDefault();
});

/** Whether there is something that was typed and not sent: in all of the page, or in a part of it. */
export const isTyped = (within: Element = document.body): boolean =>
  [...touched].some(
    (field) =>
      within.contains(field) &&
      // Put back to what was there it is as if it had not been touched.
      (field instanceof HTMLSelectElement || CHOSEN.test(field.type) || field.value !== field.defaultValue),
  );

const CHOSEN = /^(checkbox|radio|file)$/;

/** What was typed into a form, or in all, is not unsaved any more. Says how it is again, where sending it came to nothing. */
export function settle(form?: HTMLFormElement): () => void {
  const those = [...touched].filter((field) => !form || field.form === form);
  for (const field of those) touched.delete(field);
  return () => {
    for (const field of those) touched.add(field);
  };
}
