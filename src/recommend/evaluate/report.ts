import { type Evaluation, rowLabels } from "./evaluate";

/** What a page needs to be looked at. */
export interface ReportContent {
  evaluation: Evaluation;
  /** What the factorization lowers, after the first half-step and each epoch; nothing where no contender has factors. */
  learning: readonly number[];
  runs: readonly { id: number; started_at: string; asked_by: string; state: string; note: string | null }[];
}

/** One HTML file, with nothing beside it: the comparison, the choice, coverage, the learning curve, and the trainings so far. */
export function reportPage({ evaluation, learning, runs }: ReportContent): string {
  const { days, rows, choice, challenger_beats: beats, challenger_ndcg_20: own } = evaluation;
  const named = rows.map((row) => ({ ...row, label: rowLabels[row.name] ?? row.name }));
  const chosen = choice ? `, which was chosen as ${rowLabels[choice.chosen] ?? choice.chosen}` : "";
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sanset: how good are the recommendations?</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
  svg { width: 100%; height: auto; } text { font: 13px system-ui, sans-serif; fill: #222; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #ddd; }
</style>
<h1>How good are the recommendations?</h1>
<p>The last ${days.toFixed(1)} days were hidden from the training, and ${askedText(evaluation)} asked about: what would each of
them buy that was new to them? They bought ${evaluation.held_out} such products. ${learnedText(evaluation)}</p>
<h2>Who foretells it best (NDCG@20)</h2>
${bars(named.map(({ label, ndcg_20 }) => ({ label, value: ndcg_20, text: ndcg_20.toFixed(4) })))}
<p>The last bar is the challenger${chosen}${own ? `: ${own.mean.toFixed(4)}, with 95 % of certainty from ${own.low.toFixed(4)} to ${own.high.toFixed(4)}` : ""}.</p>
<h2>By how much the challenger leads, with 95 % intervals</h2>
${intervals(Object.entries(beats).map(([name, lead]) => ({ label: rowLabels[name] ?? name, ...lead })))}
<h2>How much of the catalog is shown at all (coverage)</h2>
${bars(named.map(({ label, coverage }) => ({ label, value: coverage, text: `${(100 * coverage).toFixed(0)} %` })))}
<h2>How little known what is shown is (novelty), and how many lists begin alike</h2>
${bars(named.map(({ label, novelty, same_first }) => ({ label, value: novelty, text: `${novelty.toFixed(1)} bits, ${(100 * same_first).toFixed(0)} %` })))}
<h2>How the training of the factors went (loss at first and after each epoch)</h2>
${learning.length > 0 ? curve(learning) : "<p>No contender has factors.</p>"}
<h2>Trainings</h2>
<table><tr><th>Run</th><th>Begun</th><th>Asked by</th><th>Came to</th><th>Note</th></tr>
${runs.map((run) => `<tr>${[run.id, run.started_at, run.asked_by, run.state, run.note ?? ""].map((cell) => `<td>${escaped(String(cell))}</td>`).join("")}</tr>`).join("\n")}
</table>
</html>
`;
}

/** A sentence where only some were learned from. */
export function learnedText({ learned_from: sample }: Evaluation): string {
  const [own, all] = [sample?.purchases, sample?.of].map((count) => count?.toLocaleString("en"));
  return sample ? `Learned from ${own} of ${all} purchases: those of customers drawn by lot.` : "";
}

/** How many customers were asked, and of how many they were drawn. */
export function askedText({ customers, customers_of: all }: Evaluation): string {
  return customers < all ? `${customers} of ${all} customers, drawn by lot,` : `${customers} customers`;
}

const BAR = 24;
const LABELS = 260;
const WIDTH = 720;

function bars(rows: readonly { label: string; value: number; text: string }[]): string {
  const largest = Math.max(...rows.map(({ value }) => value), Number.EPSILON);
  const lines = rows.map(({ label, value, text }, at) => {
    const y = at * (BAR + 8);
    const length = Math.max(1, (value / largest) * (WIDTH - LABELS - 60));
    return `<text x="0" y="${y + 17}">${escaped(label)}</text>
<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" fill="${at === rows.length - 1 ? "#1b7f5c" : "#9db8ad"}"/>
<text x="${(LABELS + length + 6).toFixed(1)}" y="${y + 17}">${escaped(text)}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${rows.length * (BAR + 8)}" role="img">${lines.join("\n")}</svg>`;
}

/** A line from the low to the high end of each interval, with its middle, about a common zero. */
function intervals(rows: readonly { label: string; mean: number; low: number; high: number }[]): string {
  const widest = Math.max(...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]), Number.EPSILON);
  const middle = LABELS + (WIDTH - LABELS - 60) / 2;
  const place = (value: number) => (middle + (value / widest) * ((WIDTH - LABELS - 60) / 2)).toFixed(1);
  const lines = rows.map(({ label, mean, low, high }, at) => {
    const y = at * BAR + BAR / 2;
    return `<text x="0" y="${y + 5}">${escaped(label)}</text>
<line x1="${place(low)}" x2="${place(high)}" y1="${y}" y2="${y}" stroke="#1b7f5c" stroke-width="3"/>
<circle cx="${place(mean)}" cy="${y}" r="4" fill="#1b7f5c"/><text x="${WIDTH - 56}" y="${y + 5}">${mean.toFixed(4)}</text>`;
  });
  const height = rows.length * BAR;
  const zero = `<line x1="${place(0)}" x2="${place(0)}" y1="0" y2="${height}" stroke="#999" stroke-dasharray="3 3"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${Math.max(height, BAR)}" role="img">${zero}${lines.join("\n")}</svg>`;
}

const HEIGHT = 220;
const MARGIN = 40;

function curve(values: readonly number[]): string {
  const highest = Math.max(...values);
  const lowest = Math.min(...values);
  const place = (value: number, at: number) => {
    const x = MARGIN + (at / Math.max(1, values.length - 1)) * (WIDTH - 2 * MARGIN);
    const y = MARGIN + ((highest - value) / Math.max(highest - lowest, Number.EPSILON)) * (HEIGHT - 2 * MARGIN);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
<polyline points="${values.map(place).join(" ")}" fill="none" stroke="#1b7f5c" stroke-width="2"/>
<text x="0" y="20">${highest.toPrecision(5)}</text><text x="0" y="${HEIGHT - 8}">${lowest.toPrecision(5)}</text>
<text x="${WIDTH - 120}" y="${HEIGHT - 8}">${values.length - 1} epochs</text></svg>`;
}

function escaped(text: string): string {
  return Bun.escapeHTML(text);
}
