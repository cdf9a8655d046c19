import { signal } from "@preact/signals";
import * as words from "../words/kit";
import { failureOf } from "./api";

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  undo?: () => void;
}

const toasts = signal<readonly Toast[]>([]);
let last = 0;

const SHOWN_MS = 8_000;

/** Says something in passing. Bad news stay until they are closed; what can be undone says how. */
export function say(text: string, { isBad = false, undo }: { isBad?: boolean; undo?: () => void } = {}): void {
  const toast: Toast = { id: ++last, text, isBad, ...(undo && { undo }) };
  toasts.value = [...toasts.value.slice(-3), toast];
  if (!isBad) setTimeout(() => close(toast.id), SHOWN_MS);
}

/** Says what was done and can be taken back: `undo` does so by another write, since this one is done. */
export const sayUndoable = (text: string, undo: () => Promise<unknown>): void =>
  say(text, { undo: () => void attempt(undo) });

/** Does what has no form that could show its failure: the failure is said in passing. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(failureOf(error).detail, { isBad: true });
  }
}

function close(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, isBad, undo }) => (
      <div key={id} class={`toast ${isBad ? "bad" : ""}`}>
        <span>{text}</span>
        {undo && (
          <button
            type="button"
            onClick={() => {
              close(id);
              undo();
            }}
          >
            {words.undo}
          </button>
        )}
        <button type="button" aria-label={words.close} onClick={() => close(id)}>
          ×
        </button>
      </div>
    ))}
  </div>
);
