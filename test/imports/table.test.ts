import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { cellOf, withoutGuard } from "../../src/base/csv-cell";
import { openTable } from "../../src/imports/csv";
import { uploaded } from "../../src/imports/source";

const numeric = (headings: string[]) => headings.flatMap((heading, at) => (heading === "price" ? [at] : []));

const read = async (text: string | Uint8Array<ArrayBuffer>) => {
  const table = await openTable(uploaded(typeof text === "string" ? Buffer.from(text) : text), { numeric });
  return { ...table, rows: await Array.fromAsync(table.rows) };
};

/** Text with all that tables are written with. */
const cell = fc.string({
  unit: fc.constantFrom("a", "b", " ", ",", ";", "\t", '"', "\n", "\r\n", "'", "=", "-", "é", "0"),
  maxLength: 12,
});

/** As a spreadsheet writes it: in quotes where it has to be. */
const quoted = (text: string, separator: string) =>
  /["\r\n]|^\s|\s$/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;

const QUOTE = '"';

describe("a table", () => {
  test("comes back as it was written, whatever stands in its cells and between them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(",", ";", "\t", "|"),
        fc.constantFrom("\n", "\r\n"),
        async (rows, separator, end) => {
          const filled = rows.map((row, at) => [`key${at}`, ...row, "1"]);
          const lines = [["slug", "x", "y", "z", "price"], ...filled].map((row) =>
            row.map((one) => quoted(one, separator)).join(separator),
          );
          const { rows: got } = await read(lines.join(end));
          expect(got.map((row) => ("cells" in row ? row.cells : row))).toEqual(filled);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("keeps a text through the guard against formulas, however many apostrophes it begins with", () => {
    fc.assert(
      fc.property(cell, (text) => {
        const written = cellOf(text);
        const plain = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
        expect(withoutGuard(plain)).toBe(text);
        expect(plain).not.toMatch(/^[=+\-@]/);
      }),
    );
  });

  test("keeps every row but the one in which a quote was lost or put too much", async () => {
    // Texts that begin and end with something to read: a quote alone on a line could be of either side of one.
    const plain = fc
      .string({ unit: fc.constantFrom("a", "b", " ", "é", ",", "\n", QUOTE), maxLength: 8 })
      .map((text) => `t${text}t`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(plain, plain), { minLength: 3, maxLength: 30 }),
        fc.nat(),
        fc.nat(),
        async (texts, which, where) => {
          const rows = texts.map(([name, text], at) => [`key${at}`, name, `${at}.50`, text]);
          const records = rows.map((row) => row.map((one) => quoted(one ?? "", ",")).join(","));
          const broken = which % records.length;
          const record = records[broken] ?? "";
          const at = where % (record.length + 1);
          const bad =
            record[at] === '"'
              ? record.slice(0, at) + record.slice(at + 1)
              : `${record.slice(0, at)}"${record.slice(at)}`;
          const text = ["slug,name,price,text", ...records.with(broken, bad)].join("\n");
          const { rows: got } = await read(text);
          const kept = new Set(got.flatMap((row) => ("cells" in row ? [JSON.stringify(row.cells)] : [])));
          const lost = rows.filter((row, index) => index !== broken && !kept.has(JSON.stringify(row)));
          expect([bad, lost]).toEqual([bad, []]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
