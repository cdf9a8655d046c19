import { FormFailure, useSending } from "./form";
import { sure } from "./sure";

interface Props {
  verb: string;
  work: () => Promise<unknown>;
  /** Where nobody can take it back: the question, and what its button says. */
  ask?: readonly [question: string, verb: string];
  class?: string;
  /** What it does, where its verb is a sign. */
  label?: string;
  disabled?: boolean;
}

/** A button that does something: not twice at once. What the shop said against it stands above. */
export function Act({ verb, work, ask, label, disabled = false, ...more }: Props) {
  const { send, failure, isSending } = useSending();
  const act = async () => {
    if (!ask || (await sure(...ask))) await send(work);
  };
  return (
    <>
      <FormFailure failure={failure} />
      <button type="button" {...more} aria-label={label} disabled={disabled || isSending} onClick={() => void act()}>
        {verb}
      </button>
    </>
  );
}
