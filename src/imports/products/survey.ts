import type { Shop } from "../../shop/shop";
import { openTable, type Separator, type TableRow } from "../csv";
import type { FileProgress } from "../files";
import { DecimalEvidence } from "../numbers";
import { type JsonRow, jsonRows } from "../json-rows";
import type { Source } from "../source";
import { TableRefused } from "../unreadable";
import { Cells } from "./cells";
import { Duplicates } from "./duplicates";
import { Families } from "./families";
import { isNumeric } from "./fields";
import { draftOfJson, surveyJson } from "./json-lines";
import { foundColumns, type Mapping, mappingOf } from "./mapping";
import { type RowMeaning, RowReader } from "./rows";
import type { ProductsOptions } from "./options";

const ROWS_AT_ONCE = 500;

/** What the first look at a whole file has shown. */
export interface Reading {
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
export async function survey(shop: Shop, source: Source, options: ProductsOptions): Promise<Reading> {
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
