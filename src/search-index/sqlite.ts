import type { Dialect } from "./dialect";
import { FIELDS } from "./documents";
import type { Spelling } from "./terms";

/** About ten milliseconds of work. */
const PAGES_PER_MERGE = 64;

/** An FTS5 table whose rowid is the product. */
export const sqlite: Dialect = {
  id: "rowid",

  ask({ readings, without = [] }, field) {
    const any = readings
      .map((reading) => `(${reading.map((term) => `(${term.spellings.map(phrase).join(" OR ")})`).join(" AND ")})`)
      .join(" OR ");
    const wanted = field ? `${field} : (${any})` : any;
    const expression = without.length > 0 ? `(${wanted}) NOT (${without.map(phrase).join(" OR ")})` : wanted;
    return { index: "search_index", expression };
  },

  // The plus keeps SQLite from asking the index anew for each of the ids.
  among: (ids) => `+rowid IN (${ids})`,
  // One by one as they are found, where an IN would find all that suit before.
  suits: (condition, index) =>
    `EXISTS (SELECT 1 FROM products p ${index ? `INDEXED BY ${index}` : ""} WHERE p.id = search_index.rowid AND ${condition})`,
  matches: (placeholder) => `search_index MATCH ${placeholder}`,
  // BM25 with a weight a field, in the order of FIELDS.
  badness: () => "bm25(search_index, 3, 2, 2, 1, 0.5)",
  // FTS5 has the rows of a word in their order.
  named: (limit) =>
    `SELECT i.id AS product_id, i.c0 AS name
     FROM (SELECT rowid AS product_id FROM search_index WHERE search_index MATCH $1 ORDER BY rowid DESC LIMIT ${limit}) AS fitting
     JOIN search_index_content i ON i.id = fitting.product_id`,
  texts: (placeholder) => `SELECT value FROM json_each(${placeholder})`,
  // Where FTS5 keeps the columns (https://sqlite.org/fts5.html#fts5_data_structures): through itself it takes twice as long.
  names: { table: "search_index_content", id: "id", name: "c0" },
  lookUp: (table, as, key, value) => `JOIN ${table} ${as} ON ${as}.${key} = ${value}`,

  async write(tx, { product_id, fields }) {
    await tx.run(`INSERT OR REPLACE INTO search_index (rowid, ${FIELDS.join(", ")}) VALUES ($1, $2, $3, $4, $5, $6)`, [
      product_id,
      ...FIELDS.map((field) => fields[field]),
    ]);
  },

  async rebuild(tx) {
    await tx.run("INSERT INTO search_index (search_index) VALUES ('rebuild')");
  },

  async merge(tx) {
    const changes = async () => (await tx.first<{ total: number }>("SELECT total_changes() AS total"))?.total ?? 0;
    const before = await changes();
    await tx.run(`INSERT INTO search_index (search_index, rank) VALUES ('merge', ${PAGES_PER_MERGE})`);
    // The statement itself counts as one: https://www.sqlite.org/fts5.html#the_merge_command
    return (await changes()) - before >= 2;
  },

  async isWhole(reader) {
    // FTS5 keeps what it saw at an earlier look, and would call damaged what was written since.
    await reader.first("SELECT rowid FROM search_index LIMIT 1");
    // FTS5's own command for this takes the lock of a write, for as long as it looks.
    const rows = await reader.all<{ integrity_check: string }>("PRAGMA integrity_check(search_index)");
    return rows.every((row) => row.integrity_check === "ok");
  },
};

const phrase = ({ stems, unfinished, fields }: Spelling) =>
  `${fields ? `{${fields.join(" ")}} : ` : ""}"${stems.join(" ")}"${unfinished ? " *" : ""}`;
