import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import * as words from "../words/kit";
import { leaving } from "./address";
import { isTyped } from "./typed";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Nothing that is typed here is worth keeping: Escape always closes it. */
  canLeave?: boolean;
  children: ComponentChildren;
}

/** A dialog above the page. Escape closes it only while nothing was typed into it. */
export function Dialog({ title, onClose, canLeave = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: a key that follows what opened it sooner than an effect does would go past it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const isKept = () => !canLeave && dialog.current !== null && isTyped(dialog.current);
  const leave = () => {
    if (!isKept()) onClose();
    else if (!dialog.current?.open) dialog.current?.showModal();
  };
  return (
    <dialog
      ref={dialog}
      class="window"
      aria-label={title}
      data-passing={canLeave || undefined}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      // A browser lets a second Escape in a row through: what was typed is in sight again at once.
      onClose={leave}
    >
      <header class="row">
        <h2>{title}</h2>
        <button
          type="button"
          class="bare"
          aria-label={words.close}
          onClick={() => void (async () => (!isKept() || (await leaving.ask())) && onClose())()}
        >
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}
