import { signal } from "@preact/signals";
import { Dialog } from "./dialog";

const asked = signal<{ question: string; verb: string; answer: (isSure: boolean) => void } | undefined>(undefined);

/** Asks before what nobody can take back, in a dialog whose button says what it does. */
export const sure = (question: string, verb: string): Promise<boolean> =>
  new Promise((answer) => {
    // Nobody can answer a question any more that another takes the place of.
    asked.value?.answer(false);
    asked.value = { question, verb, answer };
  });

/** Where the question stands. Closed without an answer, it is a no. */
export function Sure() {
  if (!asked.value) return null;
  const { question, verb, answer } = asked.value;
  const say = (isSure: boolean) => {
    asked.value = undefined;
    answer(isSure);
  };
  return (
    <Dialog title={question} onClose={() => say(false)}>
      <button type="button" class="danger" onClick={() => say(true)}>
        {verb}
      </button>
    </Dialog>
  );
}
