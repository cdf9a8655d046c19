import { stateWord } from "../words/kit";

/** A state as a word on its colour; `like` is the state whose colour it has, where it has none of its own. */
export const State = ({ of, like = of }: { of: string; like?: string }) => (
  <span class={`state ${like}`}>{stateWord(of)}</span>
);
