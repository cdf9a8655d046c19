import { openTable, type Table, type TableOptions, type TableRow } from "../csv";
import type { FileProgress } from "../files";
import { DecimalEvidence } from "../numbers";
import type { Source } from "../source";
import { noneReadable } from "../unreadable";
import { type OrderColumns, orderColumns } from "./columns";
import { NUMBERS } from "./fields";
import { jsonRows } from "../json-rows";
import { cellsOfOrder, HEADINGS } from "./json-order";
import { DateEvidence } from "./dates";
import { OrderReader, type Reading, type SoldOrders } from "./order-reader";

/** Reads a whole file and changes nothing. Throws ShopError `invalid` for what is no such file. */
export async function readOrders(source: Source, reading: Reading): Promise<SoldOrders> {
  const { encoding, progress } = reading;
  const numeric = (headings: string[]) =>
    orderColumns(headings, reading.map).fields.flatMap((field, at) => (field && NUMBERS.has(field) ? [at] : []));
  const open = (progress?: FileProgress) => openOrders(source, { encoding, numeric, ...(progress && { progress }) });
  const first = await open();
  const columns = orderColumns(first.headings, reading.map);
  const written = await howItIsWritten(first.rows, columns, reading);
  const { rows } = await open(progress);
  const orders = new OrderReader(columns, { ...reading, ...written });
  for await (const row of rows) orders.take(row);
  const read = orders.finish();
  if (Object.entries(read.rows).every(([fate, count]) => fate === "unreadable" || count === 0)) {
    throw noneReadable(source.name, read.unreadable);
  }
  return { program: columns.program, dates: written.dates, ...read };
}

/** A table, or JSON lines as if they were one with a row for each line of an order. */
async function openOrders(source: Source, options: TableOptions): Promise<Pick<Table, "headings" | "rows">> {
  const json = await jsonRows(source, options.encoding, options.progress);
  return json ? { headings: [...HEADINGS], rows: cellsOfOrder(json) } : openTable(source, options);
}

/** How numbers and dates are written, by all of them together. */
async function howItIsWritten(rows: AsyncIterable<TableRow>, { fields }: OrderColumns, reading: Reading) {
  const numbers = new DecimalEvidence();
  const dates = new DateEvidence();
  const numeric = fields.flatMap((field, at) => (field && NUMBERS.has(field) && field !== "qty" ? [at] : []));
  const date = fields.indexOf("date");
  for await (const row of rows) {
    if ("problem" in row) continue;
    for (const at of numeric) numbers.see(row.cells[at] ?? "");
    dates.see(row.cells[date] ?? "");
  }
  return {
    decimal: reading.decimal ?? numbers.sign("." as const),
    dates: reading.dates ?? dates.order(),
  };
}
