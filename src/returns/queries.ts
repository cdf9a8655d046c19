import type { Listed, Page } from "../base/page";
import type { Reader, Transaction } from "../storage/database";
import { readList } from "../storage/lists";
import { insertRows } from "../storage/rows";
import { listOf, one } from "../storage/sql";
import type { Return, ReturnFilter } from "./schema";

type ReturnRow = Omit<Return, "lines">;
type ReturnLine = Return["lines"][number];

const COLUMNS = "id, order_id, kind, status, reason, note, requested_at, decided_at, received_at";

export async function insertReturn(
  tx: Transaction,
  {
    lines,
    ...fields
  }: Omit<ReturnRow, "id" | "note" | "received_at"> & { lines: readonly { line: number; qty: number }[] },
): Promise<number> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO returns (order_id, kind, status, reason, requested_at, decided_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [fields.order_id, fields.kind, fields.status, fields.reason, fields.requested_at, fields.decided_at],
  );
  const { id } = one(row);
  await insertRows(
    tx,
    "return_lines",
    lines.map(({ line, qty }) => ({ return_id: id, order_id: fields.order_id, line, qty })),
  );
  return id;
}

/** One return with its lines, in the words of its order. */
export async function findReturn(reader: Reader, id: number): Promise<Return | undefined> {
  const rows = await reader.all<ReturnRow>(`SELECT ${COLUMNS} FROM returns WHERE id = $1`, [id]);
  return (await withLines(reader, rows))[0];
}

/** Newest first, with how many there are in all. */
export async function findReturns(
  reader: Reader,
  { status, open, order_id }: ReturnFilter,
  page: Page,
): Promise<Listed<Return>> {
  const given = Object.entries({ status, order_id }).flatMap(([column, value]) =>
    value === undefined ? [] : [{ column, value }],
  );
  const { items, ...listed } = await readList<ReturnRow>(
    reader,
    {
      sql: [
        ...given.map(({ column }, index) => `${column} = $${index + 1}`),
        ...(open === undefined ? [] : [open ? IS_OPEN : IS_CLOSED]),
      ].join(" AND "),
      values: given.map(({ value }) => value),
      columns: COLUMNS,
      from: "returns",
      order: [{ column: "id", part: "id" }],
      descending: true,
      isFew: order_id !== undefined || open === true,
    },
    page,
  );
  return { ...listed, items: await withLines(reader, items) };
}

const IS_OPEN = "status IN ('requested', 'approved')";
const IS_CLOSED = "status IN ('refused', 'received')";

async function withLines(reader: Reader, rows: readonly ReturnRow[]): Promise<Return[]> {
  const { sql, values } = listOf(rows.map(({ id }) => id));
  const lines = await reader.all<ReturnLine & { return_id: number }>(
    `SELECT r.return_id, r.line, i.product_id, i.name, r.qty, r.received_qty, r.restocked_qty, r.refund_qty
     FROM return_lines r JOIN order_items i ON i.order_id = r.order_id AND i.line = r.line
     WHERE r.return_id IN ${sql} ORDER BY r.return_id, r.line`,
    values,
  );
  const linesOf = Map.groupBy(lines, ({ return_id }) => return_id);
  return rows.map((row) => ({ ...row, lines: (linesOf.get(row.id) ?? []).map(({ return_id: _, ...line }) => line) }));
}

/** Units of each line that are announced and have not come yet. */
export async function findAnnounced(reader: Reader, orderId: number): Promise<Map<number, number>> {
  const rows = await reader.all<{ line: number; qty: number }>(
    `SELECT l.line, CAST(SUM(l.qty - l.received_qty) AS INTEGER) AS qty FROM return_lines l JOIN returns r ON r.id = l.return_id
     WHERE r.order_id = $1 AND r.status IN ('requested', 'approved') GROUP BY l.line`,
    [orderId],
  );
  return new Map(rows.map(({ line, qty }) => [line, qty]));
}

/** False where it is not `requested` any more. */
export async function decideReturn(
  tx: Transaction,
  id: number,
  { status, note, now }: { status: "approved" | "refused"; note: string | null; now: string },
): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE returns SET status = $2, note = $3, decided_at = $4 WHERE id = $1 AND status = 'requested'",
    [id, status, note, now],
  );
  return changed === 1;
}

/** False, and nothing changes, for more than was announced. */
export async function receiveLine(
  tx: Transaction,
  id: number,
  { line, qty, restocked, to_refund }: { line: number; qty: number; restocked: number; to_refund: number },
): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE return_lines SET received_qty = received_qty + $3, restocked_qty = restocked_qty + $4, refund_qty = refund_qty + $5
     WHERE return_id = $1 AND line = $2 AND received_qty + $3 <= qty`,
    [id, line, qty, restocked, to_refund],
  );
  return changed === 1;
}

export async function markReceived(tx: Transaction, id: number, now: string): Promise<void> {
  await tx.run("UPDATE returns SET status = 'received', received_at = $2 WHERE id = $1", [id, now]);
}

/** When an order was delivered. */
export async function findDelivered(reader: Reader, orderId: number): Promise<string | undefined> {
  const row = await reader.first<{ at: string }>(
    "SELECT at FROM order_history WHERE order_id = $1 AND status = 'delivered' ORDER BY step LIMIT 1",
    [orderId],
  );
  return row?.at;
}
