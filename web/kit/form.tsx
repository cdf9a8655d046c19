import { type ButtonHTMLAttributes, createContext, type FormHTMLAttributes } from "preact";
import { useContext, useState } from "preact/hooks";
import { type Failure, failureOf } from "./api";

export interface Sending {
  /** Runs the work; what it throws is kept as the failure. True when it went well. */
  send: (work: () => unknown) => Promise<boolean>;
  failure: Failure | undefined;
  isSending: boolean;
}

/** Something that is sent to the shop: whether it is on its way, and what the shop said against it. */
export function useSending(): Sending {
  const [state, setState] = useState<{ failure?: Failure; isSending: boolean }>({ isSending: false });
  const send = async (work: () => unknown): Promise<boolean> => {
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

/** How the form stands that something is part of. */
const Here = createContext<Pick<Sending, "failure" | "isSending">>({ failure: undefined, isSending: false });

interface FormProps extends Omit<FormHTMLAttributes, "onSubmit"> {
  /** Sends what the form holds. */
  send: (values: Record<string, string>, form: HTMLFormElement) => unknown;
}

/** A form that is sent to the shop. What the shop says against a field stands beside that, and the rest above the button. */
export function Form({ send, ...more }: FormProps) {
  const { send: attempt, failure, isSending } = useSending();
  return (
    <Here.Provider value={{ failure, isSending }}>
      <form
        {...more}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          void attempt(() => send(valuesOf(form), form));
        }}
      />
    </Here.Provider>
  );
}

/** The button that sends the form it is in: not twice at once. */
export function Send({ disabled, ...more }: ButtonHTMLAttributes) {
  const { failure, isSending } = useContext(Here);
  return (
    <>
      <FormFailure failure={failure} />
      <button {...more} disabled={isSending || disabled === true} />
    </>
  );
}

interface FieldProps {
  name: string;
  label: string;
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
export function Field({ name, label, hint, value, rows, onInput, type = "text", ...more }: FieldProps) {
  const wrong = useContext(Here).failure?.fields[name];
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
