import { InvalidArgumentError } from "commander";

/** For options that count something. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,16}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `Give a whole number from ${least}.`
        : `Give a whole number from ${least} to ${most}.`,
    );
  };
}

/** A day or a moment, as ISO 8601 in UTC. A day means its end. */
export function moment(text: string): string {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text;
  const date = new Date(full);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError("Give a day such as 2026-01-31, or a moment.");
  return date.toISOString();
}
