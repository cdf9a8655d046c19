import type { Dialect } from "./dialect";
import { type Field, FIELDS } from "./documents";
import type { Spelling, Term } from "./terms";

/**
 * A table with a tsvector of the same words, and a GIN index on it. GIN knows of a word which rows have it, not in which of their
 * fields: the words of names, brands and categories are there once more with a sign before them, by triggers, and in a narrow
 * table of their own for what is asked of these alone.
 */
export const postgres: Dialect = {
  id: "product_id",

  ask({ readings, without = [] }, field) {
    const inFields = (spelling: Spelling): Spelling => (field ? { fields: [field], ...spelling } : spelling);
    const isOfHeads = ({ spellings }: Term) =>
      spellings.every((spelling) => inFields(spelling).fields?.every((one) => SIGNS[one] !== undefined) === true);
    const any = readings
      .map(
        (reading) =>
          `(${reading.map((term) => `(${term.spellings.map(inFields).map(phrase).join(" | ")})`).join(" & ")})`,
      )
      .join(" | ");
    return {
      index: without.length === 0 && readings.flat().every(isOfHeads) ? "search_index_heads" : "search_index",
      expression: without.length > 0 ? `(${any}) & !(${without.map(phrase).join(" | ")})` : any,
    };
  },

  among: (ids) => `product_id IN (${ids})`,
  suits: (condition) => `product_id IN (SELECT p.id FROM products p WHERE ${condition})`,
  matches: (placeholder) => `words @@ CAST(${placeholder} AS tsquery)`,
  // Weights of the labels D to A; the 1 makes long texts count for less.
  badness: (placeholder) => `-ts_rank('{0.25, 0.67, 0.67, 1}', words, CAST(${placeholder} AS tsquery), 1)`,
  named: (limit, isMany) => (isMany ? manyNamed(limit) : fewNamed(limit)),
  // Through text, because a string bound to jsonb would arrive as a JSON string.
  texts: (placeholder) => `SELECT jsonb_array_elements_text(CAST(${placeholder} AS text)::jsonb) AS value`,
  names: { table: "search_index_heads", id: "product_id", name: "name" },
  // Told that a page read anywhere costs four read in a row, PostgreSQL would rather read the whole table for two hundred rows.
  lookUp: (table, as, key, value) =>
    `JOIN LATERAL (SELECT * FROM ${table} WHERE ${key} = ${value} LIMIT 1) AS ${as} ON TRUE`,

  async write(tx, { product_id, fields }) {
    await tx.run(
      `INSERT INTO search_index (product_id, ${FIELDS.join(", ")}, words) VALUES ($1, $2, $3, $4, $5, $6, CAST($7 AS tsvector))
       ON CONFLICT (product_id) DO UPDATE
       SET ${[...FIELDS, "words"].map((column) => `${column} = excluded.${column}`).join(", ")}`,
      [product_id, ...FIELDS.map((field) => fields[field]), vectorOf(fields)],
    );
  },

  async rebuild(tx) {
    await tx.run("DELETE FROM search_index_heads");
    await tx.run(
      "INSERT INTO search_index_heads (product_id, name, words) SELECT product_id, name, search_head(name, brand, category) FROM search_index",
    );
    await tx.run("REINDEX INDEX search_index_words");
    await tx.run("REINDEX INDEX search_index_heads_words");
  },

  // Vacuuming does it.
  merge: async () => false,

  async isWhole(reader) {
    // The same words in the vectors as in the columns beside the first.
    const row = await reader.first(
      `SELECT 1 FROM search_index i LEFT JOIN search_index_heads h ON h.product_id = i.product_id
       WHERE h.name IS DISTINCT FROM i.name OR h.words IS DISTINCT FROM search_head(i.name, i.brand, i.category)
          OR ARRAY(SELECT unnest(tsvector_to_array(i.words)) COLLATE "C" ORDER BY 1)
          <> ARRAY(SELECT DISTINCT word COLLATE "C" FROM unnest(string_to_array(concat_ws(' ', ${FIELDS.map((field) => `i.${field}`).join(", ")}), ' ') || tsvector_to_array(h.words)) AS word
                   WHERE word <> '' ORDER BY 1)
       LIMIT 1`,
    );
    return row === undefined;
  },
};

/**
 * The label that a field's words carry in the tsvector, for the rough order. There are four: whether a word was said in the
 * description or an attribute is not asked.
 */
const LABELS: Record<Field, string> = { name: "A", brand: "B", category: "C", description: "D", attributes: "D" };

/** Beyond this a tsvector keeps no positions apart. */
const LAST_POSITION = 16_383;

/** `'mug':1A 'blue':2A …`, with a gap between fields so that no phrase reaches from one into the next. */
function vectorOf(fields: Record<Field, string>): string {
  let position = 0;
  const lexemes: string[] = [];
  for (const field of FIELDS) {
    for (const word of fields[field].split(" ")) {
      position = Math.min(position + 1, LAST_POSITION);
      if (word !== "") lexemes.push(`'${word}':${position}${LABELS[field]}`);
    }
    position += 1;
  }
  return lexemes.join(" ");
}

/** Left to itself, PostgreSQL may go through all there is for what few names have: it guesses how many that are. */
const fewNamed = (limit: number) =>
  `SELECT product_id, name
   FROM (SELECT product_id, name FROM search_index_heads WHERE words @@ CAST($1 AS tsquery) OFFSET 0) AS fitting
   ORDER BY product_id DESC LIMIT ${limit}`;

/** Of what many names begin with the newest are soon found; only where they are not, the index is asked. */
const manyNamed = (limit: number) =>
  `WITH latest AS MATERIALIZED (
     SELECT product_id, name
     FROM (SELECT product_id, name, words FROM search_index_heads ORDER BY product_id DESC LIMIT ${limit * 10}) AS newest
     WHERE words @@ CAST($1 AS tsquery) LIMIT ${limit})
   SELECT product_id, name FROM latest WHERE (SELECT COUNT(*) FROM latest) = ${limit}
   UNION ALL
   SELECT product_id, name FROM (${fewNamed(limit)}) AS rest WHERE (SELECT COUNT(*) FROM latest) < ${limit}`;

/** What stands before a word of these fields (`search_head`). Words are folded, so that none begins with a capital by itself. */
const SIGNS: Partial<Record<Field, string>> = { name: "N", brand: "B", category: "C" };

function phrase({ stems, unfinished, fields }: Spelling): string {
  if (fields === undefined) return sequence(stems, unfinished);
  const inField = (field: Field) => {
    const sign = SIGNS[field];
    return sign === undefined
      ? sequence(stems, unfinished, LABELS[field])
      : sequence(
          stems.map((stem) => `${sign}${stem}`),
          unfinished,
        );
  };
  return `(${[...new Set(fields.map(inField))].join(" | ")})`;
}

function sequence(stems: readonly string[], unfinished = false, label = ""): string {
  const words = stems.map((stem, at) => {
    const suffix = `${unfinished && at === stems.length - 1 ? "*" : ""}${label}`;
    return suffix === "" ? `'${stem}'` : `'${stem}':${suffix}`;
  });
  return `(${words.join(" <-> ")})`;
}
