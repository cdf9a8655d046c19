import type { Dialect } from "./dialect";
import { type Field, FIELDS } from "./documents";
import type { Spelling } from "./terms";

/** A table with a tsvector of the same words, and a GIN index on it. */
export const postgres: Dialect = {
  id: "product_id",

  expression({ readings, without = [] }, field) {
    const written = (spelling: Spelling) => phrase(spelling, spelling.fields ?? (field ? [field] : []));
    const any = readings
      .map((reading) => `(${reading.map((term) => `(${term.spellings.map(written).join(" | ")})`).join(" & ")})`)
      .join(" | ");
    return without.length > 0 ? `(${any}) & !(${without.map(written).join(" | ")})` : any;
  },

  among: (ids) => `product_id IN (${ids})`,
  suits: (condition) => `product_id IN (SELECT p.id FROM products p WHERE ${condition})`,
  matches: (placeholder) => `words @@ CAST(${placeholder} AS tsquery)`,
  // Weights of the labels D to A; the 1 makes long texts count for less.
  badness: (placeholder) => `-ts_rank('{0.25, 0.67, 0.67, 1}', words, CAST(${placeholder} AS tsquery), 1)`,
  // Through text, because a string bound to jsonb would arrive as a JSON string.
  texts: (placeholder) => `SELECT jsonb_array_elements_text(CAST(${placeholder} AS text)::jsonb) AS value`,
  names: { table: "search_index", id: "product_id", name: "name" },
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
    await tx.run("REINDEX INDEX search_index_words");
  },

  // Vacuuming does it.
  merge: async () => false,

  async isWhole(reader) {
    // The same words in the vector as in the columns beside it.
    const row = await reader.first(
      `SELECT 1 FROM search_index
       WHERE ARRAY(SELECT unnest(tsvector_to_array(words)) COLLATE "C" ORDER BY 1)
          <> ARRAY(SELECT DISTINCT word COLLATE "C" FROM unnest(string_to_array(concat_ws(' ', ${FIELDS.join(", ")}), ' ')) AS word
                   WHERE word <> '' ORDER BY 1)
       LIMIT 1`,
    );
    return row === undefined;
  },
};

/**
 * The label that a field's words carry in the tsvector. There are four: whether a word is a brand or a kind of thing is asked,
 * whether it was said in the description or an attribute is not.
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

function phrase({ stems, unfinished }: Spelling, fields: readonly Field[]): string {
  const labels = [...new Set(fields.map((field) => LABELS[field]))].join("");
  return `(${stems.map((stem, at) => lexeme(stem, `${unfinished && at === stems.length - 1 ? "*" : ""}${labels}`)).join(" <-> ")})`;
}

const lexeme = (stem: string, suffix: string) => (suffix === "" ? `'${stem}'` : `'${stem}':${suffix}`);
