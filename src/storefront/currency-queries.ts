import type { Reader, Transaction } from "../storage/database";

/** What the prices of this shop are in, by ISO 4217; undefined where nobody has said so yet. */
export async function findCurrency(reader: Reader): Promise<string | undefined> {
  const row = await reader.first<{ currency: string }>("SELECT currency FROM shop_currency WHERE id = 1");
  return row?.currency;
}

export async function writeCurrency(tx: Transaction, currency: string): Promise<void> {
  await tx.run(
    "INSERT INTO shop_currency (id, currency) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET currency = excluded.currency",
    [currency],
  );
}

/** Whether anything is written down that another currency would make another sum of. Orders say their own. */
export async function hasPrices(reader: Reader): Promise<boolean> {
  const row = await reader.first(
    `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM products) OR EXISTS (SELECT 1 FROM coupons)
       OR EXISTS (SELECT 1 FROM shipping_methods)`,
  );
  return row !== undefined;
}

/** The tables in which prices stand: what names a row, and its amounts. */
const PRICED = {
  products: { key: "id", amounts: ["price_minor", "highest_minor", "compare_at_minor"] },
  coupons: { key: "code", amounts: ["amount_minor", "min_total_minor"] },
  shipping_methods: {
    key: "id",
    amounts: ["price_minor", "price_per_kg_minor", "free_from_minor", "min_total_minor", "max_total_minor"],
  },
} as const;

export const pricedTables = Object.keys(PRICED) as (keyof typeof PRICED)[];

export type PricedTable = (typeof pricedTables)[number];

/** What one thing costs, by what names it. */
export interface PricedRow {
  key: number | string;
  amounts: (number | null)[];
}

const ROWS_AT_ONCE = 1_000;

/** All that is priced in a table, some at a time. */
export async function* walkPrices(reader: Reader, table: PricedTable): AsyncGenerator<PricedRow[]> {
  const { key, amounts } = PRICED[table];
  for (let last: number | string | undefined; ;) {
    const rows = await reader.all<Record<string, number | string | null>>(
      `SELECT ${[key, ...amounts].join()} FROM ${table} ${last === undefined ? "" : `WHERE ${key} > $1`}
       ORDER BY ${key} LIMIT ${ROWS_AT_ONCE}`,
      last === undefined ? [] : [last],
    );
    const priced = rows.map((row) => ({
      // What names a row is never null, and its amounts are numbers.
      key: row[key] as number | string,
      amounts: amounts.map((column) => row[column] as number | null),
    }));
    if (priced.length > 0) yield priced;
    last = priced.at(-1)?.key;
    if (last === undefined || priced.length < ROWS_AT_ONCE) return;
  }
}

export async function setPrices(tx: Transaction, table: PricedTable, { key, amounts }: PricedRow): Promise<void> {
  const { key: named, amounts: columns } = PRICED[table];
  const assigned = columns.map((column, index) => `${column} = $${index + 2}`).join();
  await tx.run(`UPDATE ${table} SET ${assigned} WHERE ${named} = $1`, [key, ...amounts]);
}

/** Those of the catalog, variants too, by rising id and some at a time. */
export async function* walkCatalog(reader: Reader): AsyncGenerator<number[]> {
  for (let last = 0; ;) {
    const rows = await reader.all<{ id: number }>(
      `SELECT id FROM products WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
      [last],
    );
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
    last = rows.at(-1)?.id ?? last;
  }
}

/** Whoever keeps products by their version asks for them anew; carts were shown no price in this currency. */
export async function renewPriced(tx: Transaction, now: string): Promise<void> {
  await tx.run("UPDATE products SET version = version + 1, updated_at = $1", [now]);
  await tx.run("UPDATE cart_items SET shown_minor = NULL WHERE shown_minor IS NOT NULL");
}
