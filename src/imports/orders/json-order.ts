import { z } from "zod";
import { fieldIssues } from "../../base/validate";
import type { TableRow } from "../csv";
import type { JsonRow } from "../json-rows";
import { FIELDS } from "./fields";

const Said = z.union([z.string(), z.number(), z.boolean()]).nullish();

/** An order as a line of JSON has it: what stands in the columns of a table, and its lines. */
const JsonOrder = z
  .object({ lines: z.array(z.partialRecord(z.enum(["sku", "product", "qty", "price"]), Said)).min(1) })
  .catchall(Said)
  .refine((order) => Object.keys(order).every((name) => NAMES.has(name)), "There is a field that an order has not.");

/** The headings of the table that they are read as. */
export const HEADINGS = FIELDS.filter((field) => field !== "lines");

const NAMES = new Set<string>(FIELDS);

/** A row for each line of each order. */
export async function* cellsOfOrder(rows: AsyncIterable<JsonRow>): AsyncGenerator<TableRow> {
  for await (const row of rows) {
    const read = "json" in row ? JsonOrder.safeParse(row.json) : undefined;
    if ("problem" in row) yield { line: row.line, text: "", problem: row.problem };
    else if (!read?.success) {
      const problem = read
        ? fieldIssues(read.error)
            .map(({ path, message }) => `${path || "line"}: ${message}`)
            .join(" ")
        : "";
      yield { line: row.line, text: "", problem };
    } else {
      const { lines, ...about } = read.data;
      for (const line of lines) {
        const said: Record<string, unknown> = { ...about, ...line };
        yield { line: row.line, missing: 0, cells: HEADINGS.map((field) => cellOf(said[field])) };
      }
    }
  }
}

const cellOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value ?? undefined) ?? "");
