/**
 * A cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it: a customer's name must not run on the
 * accountant's machine. Imports take it away again: `withoutGuard` undoes exactly this, whatever the text was.
 */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  // A blank within quotes is still one; spaces at an end would be lost to a program that trims.
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const withoutGuard = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
