import { useLayoutEffect, useRef } from "preact/hooks";
import { go, to } from "../kit/address";
import { Dialog } from "../kit/dialog";
import { areLettersOn, isLetter } from "../kit/letters";
import * as words from "../words/admin";
import type { Page } from "./shell";

const WITHIN_MS = 1_200;

/** `g` and a letter lead to a page, `?` shows all keys. They never act while a field is being written in. */
export function useGoKeys(pages: readonly Page[], onHelp: () => void): void {
  const pressedG = useRef(0);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isLetter(event)) return;
      if (event.key === "?") return onHelp();
      const page = Date.now() - pressedG.current < WITHIN_MS && pages.find(({ key }) => key === event.key);
      pressedG.current = event.key === "g" ? Date.now() : 0;
      if (page) go(to(page.place));
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}

export const Keys = ({ pages, onClose }: { pages: readonly Page[]; onClose: () => void }) => (
  <Dialog title={words.keys} onClose={onClose} canLeave>
    <label class="line">
      <input
        type="checkbox"
        checked={areLettersOn.value}
        onChange={({ currentTarget }) => {
          areLettersOn.value = currentTarget.checked;
        }}
      />{" "}
      {words.lettersAct}
    </label>
    <dl class="keys">
      <dt>/</dt>
      <dd>{words.searchInTheList}</dd>
      <dt>j k</dt>
      <dd>{words.downAndUpThe}</dd>
      <dt>{words.ctrlK}</dt>
      <dd>{words.goAnywhere}</dd>
      <dt>{words.ctrlS}</dt>
      <dd>{words.saveTheForm}</dd>
      <dt>{words.ctrlEnter}</dt>
      <dd>{words.saveAndGoOn}</dd>
      {pages.map(({ place, name, key }) => (
        <>
          <dt key={place}>g {key}</dt>
          <dd>{name}</dd>
        </>
      ))}
    </dl>
  </Dialog>
);
