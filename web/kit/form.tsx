import { type ButtonHTMLAttributes, createContext, type FormHTMLAttributes } from "preact";
import { useContext, useState } from "preact/hooks";
import * as words from "../words/kit";
import { type Failure, failureOf, Misread } from "./api";
import { amountIn, currencySign, percentIn } from "./format";
import { settle } from "./typed";

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

/** What fields of a kind hold; undefined where that can't be told, or could be two things. */
const READ = {
  money: amountIn,
  percent: percentIn,
  number: (text: string) => (/^[-−]?\d+$/.test(text) ? Number(text.replace("−", "-")) : text),
  list: (text: string) =>
    text
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean),
};

/** What a form holds, by name: as text, but for fields of a kind. Empty fields are left out. */
function valuesOf(form: HTMLFormElement): object {
  const values: Record<string, unknown> = {};
  for (const [name, given] of new FormData(form)) {
    if (typeof given !== "string" || given.trim() === "") continue;
    const text = given.trim();
    const field = form.elements.namedItem(name);
    const kind = field instanceof HTMLInputElement ? field.dataset["kind"] : undefined;
    values[name] = kind ? READ[kind as keyof typeof READ](text) : text;
    if (values[name] === undefined) throw new Misread(name, words.couldBeTwoAmounts(text));
  }
  return values;
}

/** How the form stands that something is part of. */
const Here = createContext<Pick<Sending, "failure" | "isSending">>({ failure: undefined, isSending: false });

interface FormProps<Values> extends Omit<FormHTMLAttributes, "onSubmit"> {
  /** Sends what the form holds, as its fields say it. `false` where what was typed is to be kept until something else is done. */
  send: (values: Values, form: HTMLFormElement) => unknown;
}

/** A form that is sent to the shop. What the shop says against a field stands beside that, and the rest above the button. */
export function Form<Values = Record<string, string>>({ send, ...more }: FormProps<Values>) {
  const { send: attempt, failure, isSending } = useSending();
  return (
    <Here.Provider value={{ failure, isSending }}>
      <form
        {...more}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          // While it is sent it is not unsaved: what is sent may lead elsewhere. False is for what is not done by that.
          const take = settle(form);
          void attempt(async () => (await send(valuesOf(form) as Values, form)) === false && take()).then(
            (isSent) => isSent || take(),
          );
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
  inputmode?: "text" | "email";
  /** What it holds, where that is no text: an amount with the shop's currency beside it, a number, parts with commas between. */
  kind?: keyof typeof READ;
  /** What stands beside it. */
  unit?: string;
  required?: boolean;
  maxlength?: number;
  rows?: number;
  autocomplete?: string;
  autofocus?: boolean;
  onInput?: (value: string) => void;
}

/** A field with its name, what it wants, and what the shop said against it: beside it, not in a list above. */
export function Field({ name, label, hint, value, rows, onInput, kind, type = "text", ...more }: FieldProps) {
  const { unit = kind === "money" ? currencySign() : kind === "percent" && "%", ...own } = more;
  const wrong = useContext(Here).failure?.fields[name];
  const shared = {
    name,
    defaultValue: String(value ?? ""),
    "aria-invalid": wrong ? ("true" as const) : undefined,
    "aria-describedby": wrong || hint ? `${name}-about` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput?.(event.currentTarget.value),
  };
  // Which roles an input may have depends on its type; these fields have none but their own.
  const field = (
    <input
      inputmode={kind === "money" || kind === "percent" ? "decimal" : kind === "number" ? "numeric" : undefined}
      data-kind={kind}
      // An amount is shown as it was understood.
      onBlur={({ currentTarget }) => {
        const amount = kind === "money" && amountIn(currentTarget.value);
        if (amount && amountIn(String(amount)) === amount) currentTarget.value = String(amount);
      }}
      {...shared}
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the compiler does not take it without
      type={type as "text"}
      {...own}
    />
  );
  return (
    <label>
      {label}
      {rows ? (
        <textarea {...shared} rows={rows} maxlength={own.maxlength} required={own.required} />
      ) : unit ? (
        <span class="unit">
          {field} {unit}
        </span>
      ) : (
        field
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
