/** One figure, beside what it is held against. */
export interface Figure {
  name: string;
  measured: number;
  unit: string;
  /** What the figure must reach, or stay under. Absent for a figure that is only stated. */
  limit?: { atLeast: number } | { atMost: number };
  /** The same measured on the rival in the same run; then the limit is on the ratio of the two. */
  rival?: { name: string; measured: number };
}

/** Prints the figures with their limits and ratios, and returns whether all limits hold. */
export function report(title: string, figures: readonly Figure[]): boolean {
  console.log(`\n${title}`);
  const rows = figures.map((figure) => [
    figure.name,
    amount(figure.measured, figure.unit),
    rivalText(figure),
    limitText(figure),
    verdict(figure),
  ]);
  const lines = [["", "measured", "beside", "limit", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd());
  return figures.every(holds);
}

function holds({ measured, rival, limit }: Figure): boolean {
  if (!limit) return true;
  const value = rival ? measured / rival.measured : measured;
  return "atLeast" in limit ? value >= limit.atLeast : value <= limit.atMost;
}

function rivalText({ measured, unit, rival }: Figure): string {
  return rival ? `${rival.name} ${amount(rival.measured, unit)}, ratio ${(measured / rival.measured).toFixed(2)}` : "";
}

function limitText({ unit, rival, limit }: Figure): string {
  if (!limit) return "";
  const value = "atLeast" in limit ? limit.atLeast : limit.atMost;
  return `${"atLeast" in limit ? "≥" : "≤"} ${rival ? value.toFixed(2) : amount(value, unit)}`;
}

function verdict(figure: Figure): string {
  return figure.limit ? (holds(figure) ? "ok" : "MISSED") : "";
}

function amount(value: number, unit: string): string {
  const digits =
    Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 4;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: 0 })} ${unit}`.trim();
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** By nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
