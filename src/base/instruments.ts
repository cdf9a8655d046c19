import { ShopError } from "./errors";

/**
 * What the program counts of itself, in memory, for a monitor that asks now and then. Counting costs well under a
 * microsecond: it happens at every request. Written out as OpenMetrics 1.0 text.
 */
export class Counter {
  private readonly series = new Map<string, { value: number }>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly labels: readonly string[] = [],
  ) {}

  /** Counts one more, or `by` more, under these values of the labels, in their order. */
  add(values: readonly string[] = [], by = 1): void {
    this.seriesOf(values).value += by;
  }

  /** What is counted under these values, for a caller who keeps it. */
  seriesOf(values: readonly string[]): { value: number } {
    const key = labelText(this.labels, values);
    const known = this.series.get(key) ?? { value: 0 };
    this.series.set(key, known);
    return known;
  }

  lines(): string[] {
    const samples = [...this.series].map(([labels, { value }]) => `${this.name}_total${braced(labels)} ${value}`);
    return [...heading(this.name, "counter", this.help), ...samples];
  }
}

/** Does the work and counts how it ended: as it says itself, by the code of its refusal, or as `failed`. */
export async function countOutcome<Result>(
  counter: Counter,
  work: () => Promise<Result>,
  outcomeOf: (result: Result) => string,
): Promise<Result> {
  try {
    const result = await work();
    counter.add([outcomeOf(result)]);
    return result;
  } catch (error) {
    counter.add([error instanceof ShopError ? error.code : "failed"]);
    throw error;
  }
}

export interface Buckets {
  counts: Float64Array;
  sum: number;
  count: number;
}

/** How often something took how long (or was how large), in buckets that are cumulative when they are written out. */
export class Histogram {
  private readonly series = new Map<string, Buckets>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
    private readonly labels: readonly string[] = [],
  ) {}

  observe(value: number, values: readonly string[] = []): void {
    this.observeIn(this.seriesOf(values), value);
  }

  /** What is observed under these values of the labels, for a caller who keeps it: spelling them out costs more than all else. */
  seriesOf(values: readonly string[]): Buckets {
    const key = labelText(this.labels, values);
    const known = this.series.get(key);
    if (known) return known;
    const buckets = { counts: new Float64Array(this.bounds.length + 1), sum: 0, count: 0 };
    this.series.set(key, buckets);
    return buckets;
  }

  observeIn(buckets: Buckets, value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] ?? Infinity)) at++;
    buckets.counts[at] = (buckets.counts[at] ?? 0) + 1;
    buckets.sum += value;
    buckets.count++;
  }

  lines(): string[] {
    const lines = heading(this.name, "histogram", this.help);
    for (const [labels, { counts, sum, count }] of this.series) {
      let below = 0;
      for (const [at, bound] of [...this.bounds, Infinity].entries()) {
        below += counts[at] ?? 0;
        const le = `le="${bound === Infinity ? "+Inf" : bound}"`;
        lines.push(`${this.name}_bucket${braced(labels ? `${labels},${le}` : le)} ${below}`);
      }
      lines.push(`${this.name}_count${braced(labels)} ${count}`, `${this.name}_sum${braced(labels)} ${sum}`);
    }
    return lines;
  }
}

/** Something that is looked up when the monitor asks: a value for each set of labels. */
export interface Gauge {
  name: string;
  help: string;
  values: readonly { labels?: Record<string, string>; value: number }[];
}

export function gaugeLines({ name, help, values }: Gauge): string[] {
  const samples = values.map(({ labels = {}, value }) => {
    const names = Object.keys(labels);
    return `${name}${braced(labelText(names, Object.values(labels)))} ${value}`;
  });
  return [...heading(name, "gauge", help), ...samples];
}

function heading(name: string, type: string, help: string): string[] {
  return [`# TYPE ${name} ${type}`, `# HELP ${name} ${help}`];
}

const braced = (labels: string): string => (labels === "" ? "" : `{${labels}}`);

function labelText(names: readonly string[], values: readonly string[]): string {
  let text = "";
  for (let at = 0; at < names.length; at++) {
    text += `${at > 0 ? "," : ""}${names[at]}="${escaped(values[at] ?? "")}"`;
  }
  return text;
}

function escaped(value: string): string {
  return /["\\\n]/.test(value) ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n") : value;
}
