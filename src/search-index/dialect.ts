import type { Reader, Transaction } from "../storage/database";
import type { Document, Field } from "./documents";
import type { Query } from "./terms";

/** What is asked, and where. */
export interface Asking {
  /** A table with the column `id`. */
  index: string;
  expression: string;
}

/** What the engines do not share: how an index of words is kept and asked. Everything else in search is written once. */
export interface Dialect {
  /** The column of `search_index` that holds the product's id. */
  id: string;
  /** Which index knows a query, and the query in the engine's own language. Words are quoted, so that none can be an operator. */
  ask: (query: Query, field?: Field) => Asking;
  /** SQL: whether a row of an index is one of the products that other SQL selects. */
  among: (ids: string) => string;
  /** SQL: whether the product of a row of an index suits a condition on `products p`, which an index may answer alone. */
  suits: (condition: string, index?: string) => string;
  /** SQL: whether a row of an index fits the expression behind the placeholder. */
  matches: (placeholder: string) => string;
  /** SQL: how badly a row fits. Rough, to choose the candidates that rank.ts then looks at closely. */
  badness: (placeholder: string) => string;
  /** SQL: the texts of a JSON array, one a row. */
  texts: (placeholder: string) => string;
  /**
   * SQL: the newest products, so many, whose names fit the expression behind `$1`, and those names. Where they are `many`, found
   * by going back from the newest.
   */
  named: (limit: number, isMany: boolean) => string;
  /** Where the name of each row can be read without the rest of it. */
  names: { table: string; id: string; name: string };
  /** SQL: joins each row with the one of a table `as` this whose `key` is a value of it, looked up one by one. */
  lookUp: (table: string, as: string, key: string, value: string) => string;
  write: (tx: Transaction, document: Document) => Promise<void>;
  /** Makes the index anew from the rows that it indexes. */
  rebuild: (tx: Transaction) => Promise<void>;
  /** Does a little of what `rebuild` does, in a few milliseconds. False when nothing is left of it. */
  merge: (tx: Transaction) => Promise<boolean>;
  /** Whether the engine finds its index whole, and in step with the rows that it indexes. */
  isWhole: (reader: Reader) => Promise<boolean>;
}
