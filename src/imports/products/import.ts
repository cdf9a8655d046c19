import type { Shop } from "../../shop/shop";
import { openTable, type Separator, type TableRow } from "../csv";
import type { FileProgress } from "../files";
import { DecimalEvidence, type DecimalSign } from "../numbers";
import { type JsonRow, jsonRows } from "../json-rows";
import { fileSource, type Source } from "../source";
import { noneReadable, TableRefused } from "../unreadable";
import { Cells } from "./cells";
import { Duplicates } from "./duplicates";
import type { Draft } from "./draft";
import { Families } from "./families";
import { isNumeric, type MappedColumn } from "./fields";
import { draftOfJson, surveyJson } from "./json-lines";
import { foundColumns, type Mapping, mappingOf } from "./mapping";
import type { Counts, Outcome } from "./outcome";
import { DRAFTS_AT_ONCE, Placer } from "./place";
import { type RowMeaning, RowReader } from "./rows";

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

export interface ProductsOptions {
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
  /** Changes what is there as the file says it, by slug or code. */
  update?: boolean;
  map?: readonly string[];
  guess?: boolean;
  encoding?: string | undefined;
  decimal?: DecimalSign | undefined;
  weightUnit?: string | undefined;
  keepHtml?: boolean;
  skipDrafts?: boolean;
  /** What is sold without being counted has so many. */
  stock?: number;
  /** Of products that the file puts into none. */
  category?: string;
  progress?: FileProgress;
  /** Answers with the report also where not one row could be taken. */
  tellAll?: boolean;
  /** Hears of every product of the file. */
  report?: (outcome: Outcome) => void;
}

const FIRST_SHOWN = 10;
const PROBLEMS_KEPT = 10_000;
const ROWS_AT_ONCE = 500;

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

/** What the first look at a whole file has shown. */
interface Reading {
  mapping: Mapping;
  separator: Separator | undefined;
  rows: number;
  families: Families;
  duplicates: Duplicates;
  newReader: () => RowReader;
  /** Every row with what it means to a reader that has read those before it. */
  meanings: (reader: RowReader, progress?: FileProgress) => AsyncGenerator<{ line: number; meaning: RowMeaning }>;
}

/**
 * Reads to the end before anything is taken in: a file that breaks off half way is refused, and what stands at its end may
 * say what stands at its beginning.
 */
async function survey(shop: Shop, source: Source, options: ProductsOptions): Promise<Reading> {
  const { settings } = shop;
  const table = await openRows(source, options);
  const families = new Families();
  const newReader = () =>
    new RowReader(families, {
      program: table.mapping.program,
      stock: options.stock ?? 1_000,
      currency: settings.currency,
      now: shop.now(),
      keepHtml: options.keepHtml ?? false,
      skipDrafts: options.skipDrafts ?? false,
      weightUnit: options.weightUnit,
    });
  const evidence = new DecimalEvidence();
  const numeric = numericColumns(table.mapping);
  const reader = newReader();
  let rows = 0;
  for await (const row of table.rows()) {
    rows++;
    // A server has others to answer meanwhile.
    if (rows % ROWS_AT_ONCE === 0) await Bun.sleep(0);
    if ("json" in row) surveyJson(row.json, families);
    if (!("cells" in row)) continue;
    for (const at of numeric) evidence.see(row.cells[at] ?? "");
    reader.survey(new Cells(row.line, row.cells, table.mapping, "."));
  }
  const decimal = options.decimal ?? evidence.sign(settings.minorPerMajor === 1 ? "." : undefined);
  return {
    ...table,
    rows,
    families,
    duplicates: new Duplicates(table.mapping.program !== undefined),
    newReader,
    meanings: async function* (reader, progress) {
      for await (const row of table.rows(progress)) {
        const { line } = row;
        if ("cells" in row) yield { line, meaning: reader.read(new Cells(line, row.cells, table.mapping, decimal)) };
        else yield { line, meaning: "json" in row ? draftOfJson(line, row.json, families) : row };
      }
    },
  };
}

const numericColumns = ({ columns }: Mapping) =>
  columns.flatMap(({ field }, at) => (field !== null && isNumeric(field) ? [at] : []));

type Row = TableRow | JsonRow;

interface Rows {
  mapping: Mapping;
  separator: Separator | undefined;
  rows: (progress?: FileProgress) => AsyncGenerator<Row>;
}

async function openRows(source: Source, options: ProductsOptions): Promise<Rows> {
  const { encoding } = options;
  if (await jsonRows(source, encoding)) {
    return {
      mapping: { program: undefined, columns: [], isGuess: false },
      separator: undefined,
      rows: async function* (progress) {
        yield* (await jsonRows(source, encoding, progress)) ?? [];
      },
    };
  }
  const numeric = (headings: string[]) => numericColumns(mappingOf(headings, options));
  const { headings, separator } = await openTable(source, { encoding, numeric });
  const mapping = mappingOf(headings, options);
  refuseUnknown(mapping, headings, options);
  return {
    mapping,
    separator,
    rows: async function* (progress) {
      yield* (await openTable(source, { encoding, numeric, ...(progress && { progress }) })).rows;
    },
  };
}

/** A table whose columns are not known is not taken in: half of what it says would be lost without a word. */
function refuseUnknown(
  { program, columns, isGuess }: Mapping,
  headings: readonly string[],
  { map = [], guess, dryRun }: ProductsOptions,
): void {
  const fields = columns.map(({ field }) => field);
  const names = ["name", "slug", "sku", "barcode"].some((field) => fields.includes(field) || fields.includes("handle"));
  if (!names) {
    throw new TableRefused(
      `This is no file of products: it has no column slug, name, category, price, nor any that is called like one. ${foundColumns(headings)} ` +
        "Say what they are with --map heading=field. Nothing was changed.",
      "This is no file of products: none of its columns is a name, slug or code. Say what they are with map. Nothing was changed.",
    );
  }
  if (program || dryRun || guess || map.length > 0) return;
  const unknown = columns.filter(({ heading, field }) => heading !== "" && field === null);
  if (isGuess) {
    const guesses = columns.filter(({ field }) => field !== null).map(({ heading, field }) => `${heading} = ${field}`);
    throw new TableRefused(
      `${foundColumns(headings)} They seem to mean: ${guesses.join(", ")}. Look with --dry-run, and take it so with --guess, or say it with --map heading=field. Nothing was changed.`,
      "It can only be guessed what its columns are: look with dry_run, and take it so with guess, or say it with map. Nothing was changed.",
    );
  }
  if (unknown.length > 0) {
    const [first] = unknown;
    throw new TableRefused(
      `There is no place for the column ${unknown.map(({ heading }) => heading).join(", ")}. Keep it with --map "${first?.heading}=attr.${first?.heading}", or pass it over with --map "${first?.heading}=". Nothing was changed.`,
      "There is no place for one of its columns: dry_run shows which. Keep it as an attribute with map, or pass it over. Nothing was changed.",
    );
  }
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
