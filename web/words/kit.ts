/** What both pages say. Another language is another file of the same names. */

export const unreachable = "The shop can't be reached. Is there a network?";
export const callsBehind = "The calls behind this page";
export const callsAbout =
  "Everything here is done by the public API: these are the calls that this page made, the latest first.";
export const asCurl = "With curl";
export const withClient = "With @sanset/client";
export const copy = "Copy";
export const copied = "Copied.";
export const copyOf = (what: string) => `Copy: ${what}`;
