import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLines } from "../../src/imports/files";

async function linesOf(content: string | Uint8Array, limits = {}): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "sanset-lines-"));
  try {
    const path = join(folder, "file.csv");
    await Bun.write(path, content);
    return await Array.fromAsync(readLines(path, () => {}, limits));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the lines of a file", () => {
  test.each([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\n\nb", ["a", "", "b"]],
    ["\n", [""]],
    ["é\n👩‍👩‍👧", ["é", "👩‍👩‍👧"]],
  ])("of %p are %p", async (content, lines) => {
    expect(await linesOf(content)).toEqual(lines);
    expect(await linesOf(Bun.gzipSync(Buffer.from(content)))).toEqual(lines);
  });

  test("are whole where they come in many pieces", async () => {
    const long = "x".repeat(300_000);
    expect(await linesOf(`${long}\ny\n${long}`)).toEqual([long, "y", long]);
  });

  test("may be of so many characters and no more, and the line is named that is longer", async () => {
    expect(await linesOf("abc\nabcde\n", { longestLine: 5 })).toEqual(["abc", "abcde"]);
    expect(linesOf("abc\nabcdef\n", { longestLine: 5 })).rejects.toThrow("line 2 is longer than 5 characters");
    expect(linesOf("x".repeat(1_048_577))).rejects.toThrow("line 1 is longer than 1048576 characters");
    expect(await linesOf("x".repeat(1_048_576))).toHaveLength(1);
  });

  test("end where a small file unpacks to too much", async () => {
    const rows = "1,2,3\n".repeat(1_000);
    expect(await linesOf(Bun.gzipSync(Buffer.from(rows)), { mostBytes: 6_000 })).toHaveLength(1_000);
    expect(linesOf(Bun.gzipSync(Buffer.from(rows)), { mostBytes: 5_999 })).rejects.toThrow("unpacks to more than 5999");
  });
});
