import { ShopError } from "../base/errors";
import { openTable } from "./csv";
import type { FileProgress } from "./files";
import { jsonRows } from "./json-rows";
import { headingKey, plainHeading } from "./products/fields";
import { foundColumns } from "./products/mapping";
import type { Source } from "./source";

/** A row by what its columns say, for tables of which each row stands by itself. */
export type PlainRow = { line: number; said: Partial<Record<string, string>> } | { line: number; problem: string };

interface PlainOptions {
  /** What a column may say, with the usual words for it. */
  fields: Record<string, string>;
  /** Without a column for this it is no such table. */
  needed: string;
  map?: readonly string[] | undefined;
  encoding?: string | undefined;
  progress?: FileProgress;
}

/** Rows of a table or of JSON lines. Throws `invalid` for what is neither, before the first. */
export async function* rowsByField(
  source: Source,
  { fields, needed, map = [], encoding, progress }: PlainOptions,
): AsyncGenerator<PlainRow> {
  const json = await jsonRows(source, encoding, progress);
  if (json) {
    for await (const row of json) yield "json" in row ? { line: row.line, ...fromJson(row.json, fields) } : row;
    return;
  }
  const { headings, rows } = await openTable(source, { encoding, ...(progress && { progress }) });
  const named = fieldsOf(headings, fields, map);
  if (!named.includes(needed)) {
    throw new ShopError(
      "invalid",
      `There is no column ${needed}. ${foundColumns(headings)} Say which it is with --map heading=${needed}. Nothing was changed.`,
    );
  }
  for await (const row of rows) {
    if ("problem" in row) {
      yield row;
      continue;
    }
    const said: Partial<Record<string, string>> = {};
    for (const [at, field] of named.entries()) {
      const cell = row.cells[at]?.trim();
      if (field !== undefined && cell) said[field] ??= cell;
    }
    yield { line: row.line, said };
  }
}

function fromJson(
  json: unknown,
  fields: Record<string, string>,
): { said: Partial<Record<string, string>> } | { problem: string } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { problem: "line: This is no object." };
  const strange = Object.keys(json).find((name) => !Object.hasOwn(fields, name));
  if (strange !== undefined) return { problem: `${strange}: There is no such field.` };
  const filled = Object.entries(json).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return {
    said: Object.fromEntries(
      filled.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
  };
}

function fieldsOf(
  headings: readonly string[],
  fields: Record<string, string>,
  map: readonly string[],
): (string | undefined)[] {
  const fieldOf = new Map(
    Object.entries(fields).flatMap(([field, words]) => words.split(" ").map((word) => [word, field])),
  );
  const named = headings.map((heading) => {
    const key = plainHeading(heading);
    const own = key.replaceAll(/[ -]/g, "_");
    return Object.hasOwn(fields, own) ? own : fieldOf.get(key.replaceAll(/[^\p{L}\d]/gu, ""));
  });
  for (const entry of map) {
    const sign = entry.lastIndexOf("=");
    const [heading, field] = [entry.slice(0, sign), entry.slice(sign + 1).trim()];
    const at = headings.findIndex((one) => headingKey(one) === headingKey(heading));
    if (at < 0) throw new ShopError("invalid", `There is no column ${heading}. ${foundColumns(headings)}`);
    if (field !== "" && !Object.hasOwn(fields, field))
      throw new ShopError("invalid", `There is no ${field}: say one of ${Object.keys(fields).join(", ")}.`);
    named[at] = field === "" ? undefined : field;
  }
  return named;
}
