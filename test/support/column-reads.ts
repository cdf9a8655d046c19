import { parseSync } from "oxc-parser";

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const WORDS_OF_SQL =
  /\b(SELECT|UPDATE|DELETE FROM|INSERT INTO|WHERE|AND|JOIN|RETURNING|ORDER BY|IS NULL|IN)\b|[<>=]|\b[a-z]\.\w+,/;
const NAMES_A_TABLE = /\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?/g;
const NO_ALIAS =
  /^(WHERE|SET|ON|ORDER|GROUP|LEFT|JOIN|CROSS|INNER|LIMIT|VALUES|SELECT|UNION|RETURNING|USING|DEFAULT|INDEXED|NOT|AS|DO)$/i;

/** The columns of each table. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The columns that the SQL in a file reads, as `table.column`: that stand in what is selected, returned, compared, joined or
 * ordered by. What is only written does not count: names after INSERT INTO, what SET assigns to, and a column that is only
 * added to itself. Constants of the file are put where a statement names them; a piece that names no table is about those
 * that the file's other statements name, and a short name of a table that the file does not explain is what it is in `usual`.
 */
export function columnsRead(text: string, columns: Columns, usual: ReadonlyMap<string, Set<string>>): Set<string> {
  const pieces = piecesOf(text, columns).map(withoutWrites);
  const ofFile = new Map(pieces.flatMap((piece) => [...aliasesIn(piece, columns)]));
  const found = new Set<string>();
  for (const piece of pieces) {
    const own = aliasesIn(piece, columns);
    for (const [, qualifier, column = ""] of piece.matchAll(/(?:\b(\w+)\.)?\b([a-z_][a-z0-9_]*)\b(?!\s*\()/g)) {
      const tables =
        qualifier === undefined
          ? (own.size > 0 ? own : ofFile).values()
          : (one(own.get(qualifier) ?? ofFile.get(qualifier)) ?? usual.get(qualifier) ?? []);
      for (const table of tables) if (columns.get(table)?.has(column)) found.add(`${table}.${column}`);
    }
  }
  return found;
}

const one = (table: string | undefined) => (table === undefined ? undefined : [table]);

/** What tables are called for short in these texts. */
export function usualAliases(texts: readonly string[], columns: Columns): Map<string, Set<string>> {
  const usual = new Map<string, Set<string>>();
  for (const piece of texts.flatMap((text) => piecesOf(text, columns))) {
    for (const [alias, table] of aliasesIn(piece, columns))
      usual.set(alias, (usual.get(alias) ?? new Set()).add(table));
  }
  return usual;
}

/** Alias → table of all tables that a statement names, each by its own name too. */
function aliasesIn(piece: string, columns: ReadonlyMap<string, unknown>): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const [, table = "", alias] of piece.matchAll(NAMES_A_TABLE)) {
    if (!columns.has(table)) continue;
    aliases.set(table, table);
    if (alias !== undefined && !NO_ALIAS.test(alias)) aliases.set(alias, table);
  }
  return aliases;
}

/** A statement without the places where a column is written. */
function withoutWrites(sql: string): string {
  return sql
    .replaceAll(/'[^']*'/g, "''")
    .replaceAll(/\b(INSERT INTO \w+(?: AS \w+)?) \([^)]*\)/g, "$1")
    .replaceAll(/\bON CONFLICT(?: \([^)]*\))?/g, "ON CONFLICT")
    .replaceAll(/\bexcluded\.\w+/gi, "")
    .replaceAll(
      /\bSET\s+([\s\S]*?)(?=\bWHERE\b|\bFROM\b|\bRETURNING\b|$)/g,
      (_, assignments: string) => `SET ${valuesOf(assignments)} `,
    );
}

/** The right sides of assignments, without the column that is assigned to. */
function valuesOf(assignments: string): string {
  return partsOf(assignments)
    .map((part) => {
      const [, column = "", value = part] = /^\s*(\w+)\s*=([\s\S]*)$/.exec(part) ?? [];
      return column === "" ? value : value.replaceAll(new RegExp(`(?:\\b\\w+\\.)?\\b${column}\\b`, "g"), "");
    })
    .join(", ");
}

/** What stands between the commas that are in no brackets. */
function partsOf(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const letter of list) {
    if (letter === "(") depth++;
    if (letter === ")") depth--;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

/**
 * The pieces of SQL in a file. A list asked for by its parts (`columns`, `from` …), or by a call that names a table and its
 * columns, is a statement too.
 */
function piecesOf(text: string, columns: Columns): string[] {
  const constants = new Map<string, Node>();
  const found: (() => string)[] = [];
  const nameOf = (node: unknown) => (isNode(node) ? text.slice(node.start, node.end) : "");
  const spelled = (node: unknown, depth = 0): string => {
    if (!isNode(node) || depth > 5) return "";
    if (node.type === "Literal") return String(node["value"]);
    if (node.type === "Identifier") return spelled(constants.get(nameOf(node)), depth + 1);
    if (node.type !== "TemplateLiteral")
      return stringsIn(node)
        .map((inner) => spelled(inner, depth + 1))
        .join(", ");
    const values = node["expressions"] as Node[];
    return (node["quasis"] as { value: { cooked: string } }[])
      .map(({ value }, at) => value.cooked + spelled(values[at], depth + 1))
      .join("");
  };
  walk(parseSync("file.ts", text).program as unknown as Node, (node) => {
    if (node.type === "VariableDeclarator" && isNode(node["init"])) constants.set(nameOf(node["id"]), node["init"]);
    if (isString(node)) found.push(() => spelled(node));
    if (node.type === "ObjectExpression") {
      const parts = new Map((node["properties"] as Node[]).map((part) => [nameOf(part["key"]), part["value"]]));
      if (parts.has("from") && parts.has("columns")) {
        found.push(
          () =>
            `SELECT ${spelled(parts.get("columns"))} FROM ${spelled(parts.get("from"))} WHERE ${spelled(parts.get("sql"))}`,
        );
      }
    }
    if (node.type === "CallExpression") {
      const words = (node["arguments"] as Node[]).filter(isString);
      const table = words.find((word) => columns.has(spelled(word)));
      if (table)
        found.push(
          () =>
            `SELECT ${words
              .filter((word) => word !== table)
              .map((word) => spelled(word))
              .join(", ")} FROM ${spelled(table)}`,
        );
    }
  });
  return found.map((spell) => spell()).filter((piece) => WORDS_OF_SQL.test(piece));
}

const isString = (node: Node) =>
  node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");

function stringsIn(node: Node): Node[] {
  const found: Node[] = [];
  walk(node, (inner) => {
    if (isString(inner)) found.push(inner);
  });
  return found;
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    if (isNode(value)) walk(value, visit);
    if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
