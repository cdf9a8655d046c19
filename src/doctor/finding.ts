import type { Reader } from "../storage/database";

/** Something that is not as it must be, in words. */
export interface Finding {
  check: string;
  problem: string;
  /** Whether `sanset doctor --repair` can mend it: a counter that its ledger knows better, or the index of the search. */
  repairable: boolean;
}

export type Check = (reader: Reader, now: Date) => Promise<Finding[]>;

/** The check's name is added where all of them are run, unless it says one. */
export function finding(problem: string, repairable = false): Finding {
  return { check: "", problem, repairable };
}

/** What was found, put into words row by row. */
export async function told<Row>(
  found: Promise<Row[]>,
  say: (row: Row) => string,
  repairable = false,
): Promise<Finding[]> {
  return (await found).map((row) => finding(say(row), repairable));
}

/** What one of several checks says that are told by the same statement; nothing where it holds. */
export const ofCheck = (check: string, isWrong: number, problem: string): Finding[] =>
  isWrong === 1 ? [{ ...finding(problem), check }] : [];
