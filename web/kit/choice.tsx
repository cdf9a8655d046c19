import { stateWord } from "../words/kit";
import { asked, go, withQuery } from "./address";

type Options<Value> = readonly (readonly [value: Value, text: string])[];

/** What a list can be narrowed to by a state, and first that it is not. */
export const anyOf = (text: string, states: readonly string[]): Options<string> => [
  ["", text],
  ...states.map((state) => [state, stateWord(state)] as const),
];

interface ChoiceProps<Value> {
  label: string;
  of: Options<Value>;
  chosen: Value;
  choose: (value: Value) => void;
}

/** Buttons of which one is pressed. */
export const Choice = <Value,>({ label, of, chosen, choose }: ChoiceProps<Value>) => (
  <div class="choice" role="group" aria-label={label}>
    {of.map(([value, text]) => (
      <button key={text} type="button" aria-pressed={value === chosen} onClick={() => choose(value)}>
        {text}
      </button>
    ))}
  </div>
);

/** Which of these options the address asks for; nothing where it is none of them, or the first, which has no value. */
export const optionAsked = <Value extends string>(name: string, of: Options<Value>): Exclude<Value, ""> | undefined => {
  const [value] = of.find(([one]) => one !== "" && one === asked(name)) ?? [];
  return value as Exclude<Value, ""> | undefined;
};

/** Options of which the chosen one stands in the address, under this name. */
export const Filter = ({ name, label, of }: { name: string; label: string; of: Options<string> }) => (
  <select
    aria-label={label}
    value={asked(name)}
    onChange={({ currentTarget }) => go(withQuery({ [name]: currentTarget.value }))}
  >
    {of.map(([value, text]) => (
      <option key={value} value={value}>
        {text}
      </option>
    ))}
  </select>
);
