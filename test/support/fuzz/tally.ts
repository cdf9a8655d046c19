import type { Document } from "../operations";

/** Counts what was answered, by operation and status. */
export function createTally({ operations }: Document) {
  const counts = new Map(operations.map(({ name }) => [name, new Map<number, number>()]));

  const total = (wanted: (status: number) => boolean = () => true) =>
    [...counts.values()]
      .flatMap((statuses) => [...statuses])
      .reduce((sum, [status, count]) => sum + (wanted(status) ? count : 0), 0);

  return {
    count(operation: string, status: number): void {
      const statuses = counts.get(operation);
      statuses?.set(status, (statuses.get(status) ?? 0) + 1);
    },
    good: () => total(isGood),
    /** Operations that nobody ever got a good answer from. */
    neverGood: () => [...counts].filter(([, statuses]) => ![...statuses.keys()].some(isGood)).map(([name]) => name),
    summary(): string {
      const statuses = new Set([...counts.values()].flatMap((one) => [...one.keys()]));
      return `${total()} requests; ${told([...statuses].map((status) => [status, total((other) => other === status)]))}`;
    },
    table: () => [...counts].map(([name, statuses]) => `  ${name.padEnd(50)} ${told([...statuses])}`).join("\n"),
  };
}

const isGood = (status: number) => status < 300;

const told = (counts: [status: number, count: number][]): string =>
  counts
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`)
    .join(", ");
