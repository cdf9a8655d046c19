import { withoutGuard } from "../../base/csv-cell";
import type { DecimalSign } from "../numbers";
import { decimalSignIn, numberIn } from "../numbers";
import { headingKey } from "./fields";
import type { Mapping } from "./mapping";

/** One row of a table by what its cells say. */
export class Cells {
  readonly #values = new Map<string, string[]>();

  constructor(
    readonly line: number,
    cells: readonly string[],
    mapping: Mapping,
    readonly decimal: DecimalSign | undefined,
  ) {
    for (const [at, { heading, field }] of mapping.columns.entries()) {
      const cell = withoutGuard(cells[at] ?? "");
      if (field === null || cell.trim() === "") continue;
      const value = mapping.program?.escapedLines ? cell.replaceAll("\\n", "\n") : cell;
      const values = this.#values.get(field);
      if (values) values.push(value);
      else this.#values.set(field, [value]);
      if (field === "weight") this.#values.set("weight_heading", [headingKey(heading)]);
    }
  }

  /** What a column says, without spaces around it; undefined where it is blank. */
  text(field: string): string | undefined {
    return this.raw(field)?.trim();
  }

  /** The same as it stands. */
  raw(field: string): string | undefined {
    return this.#values.get(field)?.[0];
  }

  /** All that columns of one field say. */
  all(field: string): string[] {
    return (this.#values.get(field) ?? []).map((value) => value.trim());
  }

  /** The fields of one kind, such as `attr.`, by what follows. */
  *under(kind: string): Generator<[name: string, value: string]> {
    for (const [field, [value = ""]] of this.#values) {
      if (field.startsWith(kind)) yield [field.slice(kind.length), value];
    }
  }

  /** A yes or no; undefined where the cell says neither. */
  flag(field: string): boolean | undefined {
    const word = this.text(field)?.toLowerCase();
    if (word === undefined) return undefined;
    if (YES.has(word)) return true;
    return NO.has(word) ? false : undefined;
  }

  /**
   * An amount. Throws BadCell for what is none, and for what may be two: `1,299` is 1299 to some and 1.299 to others.
   */
  amount(field: string): number | undefined {
    const cell = this.text(field);
    if (cell === undefined) return undefined;
    const sign = decimalSignIn(cell) ?? this.decimal;
    if (sign === undefined && /[.,]/.test(cell) && numberIn(cell, ".") !== numberIn(cell, ",")) {
      throw new BadCell(
        field,
        `${quoted(cell)} may be ${numberIn(cell, ".")} or ${numberIn(cell, ",")}: say --decimal.`,
      );
    }
    const number = numberIn(cell, sign ?? ".");
    if (Number.isNaN(number)) throw new BadCell(field, `${quoted(cell)} is no number: write it like 1299.50.`);
    return number;
  }

  /** A number of whole things; below zero it is none. */
  count(field: string): number | undefined {
    const cell = this.text(field);
    if (cell === undefined) return undefined;
    const number = numberIn(cell, decimalSignIn(cell) ?? this.decimal ?? ".");
    if (Number.isInteger(number)) return Math.max(0, number);
    throw new BadCell(field, `${quoted(cell)} is no whole number.`);
  }
}

/** What is wrong with one cell. */
export class BadCell extends Error {
  constructor(field: string, message: string) {
    super(`${field.replace(/\..*/, "")}: ${message}`);
  }
}

const LONGEST_SHOWN = 40;
const quoted = (cell: string) => `\`${cell.length > LONGEST_SHOWN ? `${cell.slice(0, LONGEST_SHOWN)}…` : cell}\``;

const YES = new Set([
  "1",
  "true",
  "yes",
  "y",
  "on",
  "published",
  "active",
  "available",
  "visible",
  "shopify",
  "parent",
]);
const NO = new Set([
  "0",
  "-1",
  "2",
  "false",
  "no",
  "n",
  "off",
  "none",
  "draft",
  "archived",
  "proposed",
  "rejected",
  "disabled",
]);
