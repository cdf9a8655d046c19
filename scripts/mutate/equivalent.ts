import type { Mutation } from "./mutations";

/** A fault that can't matter, and why: the same text in the same file, wherever it stands by now. */
interface Equivalent {
  file: string;
  was: string;
  replacement: string;
  why: string;
}

const LIST = "scripts/mutate/equivalent.json";

/** Why this fault changes nothing that a user could see, or undefined where it does. */
export async function reasonFor(mutation: Mutation): Promise<string | undefined> {
  const known: Equivalent[] = await Bun.file(LIST).json();
  return known.find(
    ({ file, was, replacement }) =>
      file === mutation.file && was === mutation.was && replacement === mutation.replacement,
  )?.why;
}
