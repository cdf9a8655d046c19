import type { Shop } from "../../shop/shop";
import { fileSource, type Source } from "../source";
import { noneReadable } from "../unreadable";
import type { Draft } from "./draft";
import type { MappedColumn } from "./fields";
import type { Counts, Outcome } from "./outcome";
import { DRAFTS_AT_ONCE, Placer } from "./place";
import type { ProductsOptions } from "./options";
import { type Reading, survey } from "./survey";

export interface ProductsReport extends Counts {
  dry_run: boolean;
  /** Whose export it is; null where it is none that is known. */
  program: string | null;
  /** What stands between the cells; null where the file is JSON lines. */
  separator: string | null;
  /** How each column is understood. */
  columns: MappedColumn[];
  /** Rows that are not blank. */
  rows: number;
  /** Those that belong to a product of another row, such as further pictures. */
  parts: number;
  /** Products that are not published there. */
  drafts: number;
  /** The first of them, as they will be. */
  first: Outcome[];
  /** Lines that were left out, and why; the first ten thousand. */
  problems: { line: number; problem: string }[];
}

const FIRST_SHOWN = 10;
const PROBLEMS_KEPT = 10_000;

/**
 * Takes in the products of a file: JSON lines in the shape of POST /products, a table of the shop's own form, the export of
 * another program, or any table whose columns the caller names. A bad line is reported and stops nothing. Throws `invalid` when
 * the file is no such file at all, before anything is changed.
 */
export async function importProducts(
  shop: Shop,
  from: string | Source,
  options: ProductsOptions = {},
): Promise<ProductsReport> {
  const source = typeof from === "string" ? await fileSource(from) : from;
  const reading = await survey(shop, source, options);
  const report: ProductsReport = {
    dry_run: options.dryRun ?? false,
    program: reading.mapping.program?.name ?? null,
    separator: reading.separator ?? null,
    columns: reading.mapping.columns,
    rows: reading.rows,
    parts: 0,
    drafts: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    different: 0,
    refused: 0,
    first: [],
    problems: [],
  };
  const placer = new Placer(shop, reading.families, {
    dryRun: report.dry_run,
    update: options.update ?? false,
    category: options.category ?? "Imported",
    report: (outcome) => {
      if (outcome.what === "refused") {
        if (report.problems.length < PROBLEMS_KEPT) report.problems.push({ line: outcome.line, problem: outcome.text });
      } else keepFirst(report.first, outcome);
      options.report?.(outcome);
    },
  });
  const later = await firstPass(placer, reading, report, options);
  if (later.size > 0) await secondPass(placer, reading, later);
  Object.assign(report, placer.counts);
  report.problems.sort((a, b) => a.line - b.line);
  if (!options.tellAll && report.refused > 0 && report.new + report.changed + report.unchanged + report.different === 0)
    throw noneReadable(source.name, report.problems);
  return report;
}

function keepFirst(first: Outcome[], outcome: Outcome): void {
  const at = first.findLastIndex(({ line }) => line <= outcome.line) + 1;
  if (at >= FIRST_SHOWN) return;
  first.splice(at, 0, outcome);
  first.length = Math.min(first.length, FIRST_SHOWN);
}

async function firstPass(
  placer: Placer,
  reading: Reading,
  report: ProductsReport,
  options: ProductsOptions,
): Promise<Set<number>> {
  const reader = reading.newReader();
  const later = new Set<number>();
  let drafts: Draft[] = [];
  const flush = async () => {
    for (const { line } of await placer.place(drafts)) later.add(line);
    drafts = [];
  };
  for await (const { line, meaning } of reading.meanings(reader, options.progress)) {
    if ("problem" in meaning) placer.refuse(line, meaning.problem);
    else if ("part" in meaning) report.parts++;
    else
      for (const draft of meaning) {
        const problem = reading.duplicates.problemOf(draft);
        if (problem === undefined) drafts.push(draft);
        else placer.refuse(draft.line, problem, draft.fields.slug);
      }
    if (drafts.length >= DRAFTS_AT_ONCE) await flush();
  }
  await flush();
  report.drafts = reader.drafts;
  return later;
}

/** Variants that stand above the product that they belong to. */
async function secondPass(placer: Placer, reading: Reading, lines: ReadonlySet<number>): Promise<void> {
  reading.families.startPass();
  const reader = reading.newReader();
  let drafts: Draft[] = [];
  for await (const { line, meaning } of reading.meanings(reader)) {
    if (lines.has(line) && Array.isArray(meaning)) drafts.push(...meaning.filter(({ kind }) => kind === "variant"));
    if (drafts.length >= DRAFTS_AT_ONCE) {
      await placer.place(drafts, { isLast: true });
      drafts = [];
    }
  }
  await placer.place(drafts, { isLast: true });
}
