import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import * as words from "../words/kit";
import { type Failure, failureOf } from "./api";
import { mayLeave } from "./address";

export interface Sending {
  /** Runs the work; what it throws is kept as the failure. True when it went well. */
  send: (work: () => Promise<unknown>) => Promise<boolean>;
  failure: Failure | undefined;
  isSending: boolean;
}

/** Something that is sent to the shop: whether it is on its way, and what the shop said against it. */
export function useSending(): Sending {
  const [state, setState] = useState<{ failure?: Failure; isSending: boolean }>({ isSending: false });
  const send = async (work: () => Promise<unknown>): Promise<boolean> => {
    setState({ isSending: true });
    try {
      await work();
      setState({ isSending: false });
      return true;
    } catch (error) {
      setState({ isSending: false, failure: failureOf(error) });
      return false;
    }
  };
  return { send, failure: state.failure, isSending: state.isSending };
}

/** What a form holds, as text by name. Empty fields are left out. */
export function valuesOf(form: HTMLFormElement): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") values[name] = value.trim();
  }
  return values;
}

interface FieldProps {
  name: string;
  label: string;
  /** What the shop said of this field, if anything. */
  failure?: Failure | undefined;
  hint?: string;
  value?: string | number | null;
  type?: "text" | "password" | "date" | "tel" | "datetime-local";
  inputmode?: "decimal" | "numeric" | "email";
  required?: boolean;
  maxlength?: number;
  rows?: number;
  autocomplete?: string;
  onInput?: (value: string) => void;
}

/** A field with its name, what it wants, and what the shop said against it: beside it, not in a list above. */
export function Field({ name, label, failure, hint, value, rows, onInput, type = "text", ...more }: FieldProps) {
  const wrong = failure?.fields[name];
  const shared = {
    name,
    defaultValue: value === null || value === undefined ? "" : String(value),
    "aria-invalid": wrong ? ("true" as const) : undefined,
    "aria-describedby": wrong || hint ? `${name}-about` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput?.(event.currentTarget.value),
  };
  return (
    <label>
      {label}
      {rows ? (
        <textarea {...shared} rows={rows} maxlength={more.maxlength} required={more.required} />
      ) : (
        // Which roles an input may have depends on its type; these fields have none but their own.
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the compiler does not take it without
        <input {...shared} type={type as "text"} {...more} />
      )}
      {(wrong ?? hint) && (
        <small id={`${name}-about`} class={wrong ? "wrong" : ""}>
          {wrong ?? hint}
        </small>
      )}
    </label>
  );
}

/** What the shop said against the whole of a form. What it said of a field stands beside that. */
export function FormFailure({ failure }: { failure: Failure | undefined }) {
  if (!failure) return null;
  return (
    <p class="wrong" role="alert">
      {failure.detail}
    </p>
  );
}

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
  const isTouched = useRef(false);
  // At once: a key that follows what opened it sooner than an effect does would go past it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const leave = () => {
    if (canLeave || !isTouched.current) onClose();
    else if (!dialog.current?.open) dialog.current?.showModal();
  };
  return (
    <dialog
      ref={dialog}
      class="window"
      aria-label={title}
      onInput={() => {
        isTouched.current = true;
      }}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      // A browser lets a second Escape in a row through: what was typed is in sight again at once.
      onClose={leave}
    >
      <header class="row">
        <h2>{title}</h2>
        <button type="button" class="bare" aria-label={words.close} onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** A text that somebody writes, such as a note, is asked about like a form. */
const isWriting = () =>
  [...document.getElementsByTagName("textarea")].some(({ value, defaultValue }) => value !== defaultValue);

const ask = () => confirm(words.leaveUnsaved);
mayLeave.ask = () => !isWriting() || ask();

/** Asks before an address is left while something is unsaved; and before the tab is closed. */
export function useUnsaved(isUnsaved: boolean): void {
  // At once: a press follows what is typed sooner than an effect does.
  useLayoutEffect(() => {
    if (!isUnsaved) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const askOtherwise = mayLeave.ask;
    addEventListener("beforeunload", onUnload);
    mayLeave.ask = ask;
    return () => {
      removeEventListener("beforeunload", onUnload);
      mayLeave.ask = askOtherwise;
    };
  }, [isUnsaved]);
}
