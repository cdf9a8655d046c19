import list from "./common-passwords.txt" with { type: "text" };

/**
 * Whether everybody who guesses passwords tries this one early. The list holds the 3,000 most common ones of eight
 * characters or more, as counted by zxcvbn 4.4.2 (MIT licence, Dropbox Inc.), and that of the demo's admin.
 */
export function isCommon(password: string): boolean {
  return commonPasswords.has(password.toLowerCase());
}

const commonPasswords = new Set(list.split("\n").filter(Boolean));
