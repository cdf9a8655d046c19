import type { Reader } from "../database";
import { tableNames } from "../tables";

/** A table as it is copied: in what order of columns, by what key, and after which others. */
export interface CopiedTable {
  name: string;
  columns: { name: string; isJson: boolean; /** On the other side. */ typeThere: string }[];
  key: string[];
  /** Columns that name rows which come later, of this table or of one after it: written when all rows are there. */
  linkedLater: string[];
}

/** What is made anew on the other side: by triggers, by indexing, or by the servers themselves. */
const MADE_ANEW =
  /^(sanset_migrations|sanset_transfer|search_index\w*|product_attributes|category_counts|sold_out|servers|job_leases|tries)$/;

/**
 * The tables of the shop, each after those whose rows it names. Which columns hold JSON, an engine that has a type for it
 * knows of both.
 */
export async function copiedTables(reader: Reader, other: Reader): Promise<CopiedTable[]> {
  const names = (await tableNames(reader)).filter((name) => !MADE_ANEW.test(name)).toSorted();
  const links = await linksOf(reader, names);
  const tables: CopiedTable[] = [];
  const ordered = inOrder(names, links);
  for (const [at, name] of ordered.entries()) {
    const columns = await columnsOf(reader, name);
    const there = await columnsOf(other, name);
    const json = new Set([...columns, ...there].filter(({ type }) => /json/i.test(type)).map((column) => column.name));
    const typeThere = new Map(there.map((column) => [column.name, column.type]));
    tables.push({
      name,
      columns: columns.map((column) => ({
        name: column.name,
        isJson: json.has(column.name),
        typeThere: typeThere.get(column.name) ?? column.type,
      })),
      key: columns
        .filter(({ key }) => key > 0)
        .toSorted((a, b) => a.key - b.key)
        .map((column) => column.name),
      linkedLater: links
        .filter(({ table, parent }) => table === name && ordered.indexOf(parent) >= at)
        .map(({ column }) => column),
    });
  }
  return tables;
}

interface Link {
  table: string;
  parent: string;
  column: string;
  /** Whether it may be empty until the row that it names is there. */
  isNullable: boolean;
}

function columnsOf(reader: Reader, table: string): Promise<{ name: string; type: string; key: number }[]> {
  return reader.all(
    reader.engine === "sqlite"
      ? `SELECT name, type, pk AS key FROM pragma_table_info($1)`
      : `SELECT c.column_name AS name, c.data_type AS type, COALESCE(k.ordinal_position, 0) AS key
         FROM information_schema.columns c LEFT JOIN (
           SELECT u.column_name, u.ordinal_position FROM information_schema.table_constraints t
           JOIN information_schema.key_column_usage u ON u.constraint_schema = t.constraint_schema
             AND u.constraint_name = t.constraint_name AND u.table_name = t.table_name
           WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = current_schema() AND t.table_name = $1) k
           ON k.column_name = c.column_name
         WHERE c.table_schema = current_schema() AND c.table_name = $1 AND c.is_generated = 'NEVER' ORDER BY c.ordinal_position`,
    [table],
  );
}

async function linksOf(reader: Reader, names: readonly string[]): Promise<Link[]> {
  if (reader.engine === "postgres") {
    const links = await reader.all<Omit<Link, "isNullable"> & { required: boolean }>(
      `SELECT CAST(CAST(c.conrelid AS regclass) AS text) AS table, CAST(CAST(c.confrelid AS regclass) AS text) AS parent,
         CAST(a.attname AS text) AS column, a.attnotnull AS required
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
       WHERE c.contype = 'f' AND c.connamespace = CAST(current_schema() AS regnamespace)`,
    );
    return links.map(({ required, ...link }) => ({ ...link, isNullable: !required }));
  }
  const links: Link[] = [];
  for (const table of names) {
    const rows = await reader.all<{ parent: string; column: string; required: number }>(
      `SELECT l."table" AS parent, l."from" AS "column", c."notnull" AS required
       FROM pragma_foreign_key_list($1) l JOIN pragma_table_info($1) c ON c.name = l."from"`,
      [table],
    );
    links.push(...rows.map(({ required, ...link }) => ({ table, ...link, isNullable: required === 0 })));
  }
  return links;
}

/** Parents first; where tables name each other's rows, first the one that can do without for a while. */
function inOrder(names: readonly string[], links: readonly Link[]): string[] {
  const ordered: string[] = [];
  const left = new Set(names);
  while (left.size > 0) {
    const waitsFor = (name: string) =>
      links.filter(({ table, parent }) => table === name && parent !== name && left.has(parent));
    const free = [...left].filter((name) => waitsFor(name).length === 0);
    if (free.length === 0) {
      free.push(...[...left].filter((name) => waitsFor(name).every(({ isNullable }) => isNullable)).slice(0, 1));
    }
    if (free.length === 0) throw new Error(`These tables name each other's rows: ${[...left].join(", ")}.`);
    for (const name of free) left.delete(name);
    ordered.push(...free);
  }
  return ordered;
}
