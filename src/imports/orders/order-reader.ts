import { isEmail, plainEmail } from "../../base/email";
import { HIGHEST_PRICE, isStorable } from "../../base/fields";
import { wordKey } from "../../base/text";
import type { TableRow } from "../csv";
import { type DecimalSign, decimalSignIn, numberIn } from "../numbers";
import type { OrderColumns } from "./columns";
import type { OrderField } from "./fields";
import { type DateOrder, readMoment } from "./dates";
import { linesIn } from "./lines";
import type { SoldLine, SoldOrder } from "./sold";
import { type Fate, fateOf, noFates, type RowFate } from "./fates";
import type { FileProgress } from "../files";
import { DAY_MS } from "../../base/time";

/** No shop has orders of before: the year is mistyped. */
const EARLIEST = "1970-01-01";
const MOST_UNITS_OF_A_LINE = 1_000_000;

/** Fields of an order that only its first row need say. */
const OF_ORDER: readonly OrderField[] = ["date", "email", "customer", "status", "payment_status", "cancelled_at"];

export class OrderReader {
  readonly #orders = new Map<string, SoldOrder>();
  readonly #rows = noFates();
  readonly #unreadable: SoldOrders["unreadable"] = [];
  readonly #incomplete = new Set<string>();
  /** Rows that make no sense: what stands in them, and the order of the row above. */
  readonly #illegible: { words: string[]; before: string }[] = [];
  /** What the first row of each order says of the whole. */
  readonly #about = new Map<string, { about: SoldOrder["about"]; line: number }>();
  readonly #texts = new Map<string, string>();
  #before = "";
  #moment = { text: "", value: undefined as string | undefined };
  readonly #latest: string;

  constructor(
    readonly columns: OrderColumns,
    readonly reading: Reading & { decimal: DecimalSign; dates: DateOrder | undefined },
  ) {
    // Orders may be written by the clock of another time zone.
    this.#latest = new Date(reading.now.getTime() + DAY_MS).toISOString();
  }

  take(row: TableRow): void {
    const said = "cells" in row ? this.#said(row.cells) : {};
    const number = said.order;
    const sale = "problem" in row ? row : this.#saleOf(said, row.line, "cells" in row ? row.cells : []);
    if ("problem" in sale) {
      this.#rows.unreadable++;
      this.#unreadable.push({ line: row.line, problem: sale.problem });
      // A row that was cut off may have lost a part of its number.
      if (number === undefined || ("missing" in row && row.missing > 0))
        this.#illegible.push({ words: wordsOf(row), before: this.#before });
      else this.#incomplete.add(number);
    } else if ("fate" in sale) {
      this.#rows[sale.fate]++;
    } else {
      this.#rows.sold++;
      const order = this.#orders.get(sale.order);
      for (const line of sale.lines) this.#keepOnce(line);
      if (order) order.lines.push(...sale.lines);
      else this.#orders.set(sale.order, sale);
    }
    this.#before = number ?? this.#before;
  }

  /** Codes and names come again and again: each is kept once. */
  #keepOnce(line: SoldLine): void {
    const once = (text: string) => {
      const known = this.#texts.get(text);
      if (known === undefined) this.#texts.set(text, text);
      return known ?? text;
    };
    line.name = once(line.name);
    if (line.code !== undefined) line.code = once(line.code);
  }

  finish(): Pick<SoldOrders, "orders" | "rows" | "unreadable"> {
    for (const { words, before } of this.#illegible) {
      const named = words.filter((word) => this.#orders.has(word));
      // A row that was cut off names none, and most likely belongs to the order above it.
      for (const order of named.length > 0 ? named : [before]) this.#incomplete.add(order);
    }
    for (const order of this.#incomplete) {
      const lines = this.#orders.get(order)?.lines.length ?? 0;
      this.#rows.sold -= lines;
      this.#rows.incomplete += lines;
      this.#orders.delete(order);
    }
    return { orders: this.#orders, rows: this.#rows, unreadable: this.#unreadable };
  }

  #said(cells: readonly string[]): SoldOrder["about"] {
    const said: SoldOrder["about"] = {};
    for (const [at, field] of this.columns.fields.entries()) {
      const cell = cells[at]?.trim();
      if (field !== undefined && field !== "lines" && cell) said[field] = cell;
    }
    return said;
  }

  /** One row's sale, or why it is none. The order of the questions decides what a row with several faults counts as. */
  #saleOf(said: SoldOrder["about"], line: number, cells: readonly string[]): SoldOrder | Fate | { problem: string } {
    const { order } = said;
    if (!cells.every(isStorable)) return { problem: "There is a character that can't be stored." };
    if (order === undefined) return { problem: "There is no order number." };
    const whole = this.#aboutOf(order, said, line);
    const lines = this.#linesOf(said, cells);
    if ("problem" in lines) return lines;
    const placedAt = this.#momentOf(whole.date ?? "");
    if (placedAt === undefined) return { problem: this.#noDate(whole.date) };
    if (placedAt > this.#latest) return { problem: "The date is in the future." };
    if (placedAt < EARLIEST) return { problem: "The date is too long ago." };
    const fate = fateOf(whole, lines, this.columns.program, this.reading.codes);
    if (fate) return fate;
    const odd = this.#oddity(order, said, placedAt);
    if (odd !== undefined) return { problem: odd };
    if (lines.some(({ qty }) => qty > MOST_UNITS_OF_A_LINE)) return { problem: "The quantity is too large." };
    if (lines.some(({ price }) => price > HIGHEST_PRICE)) return { problem: "The price is too large." };
    return { order, customer: customerOf(whole), placedAt, lines, about: whole, firstLine: line };
  }

  /** What is known of an order: of its first row, and where that says nothing, of this one. */
  #aboutOf(order: string, said: SoldOrder["about"], line: number): SoldOrder["about"] {
    const known = this.#about.get(order);
    if (!known) {
      this.#about.set(order, { about: said, line });
      return said;
    }
    for (const field of OF_ORDER) if (known.about[field] === undefined && said[field]) known.about[field] = said[field];
    return known.about;
  }

  /** Why a row can't belong to the order that it names. */
  #oddity(order: string, said: SoldOrder["about"], placedAt: string): string | undefined {
    const known = this.#orders.get(order);
    if (!known) return undefined;
    const customer = said.email ?? said.customer;
    if (customer !== undefined && wordKey(customerOf(said)) !== wordKey(known.customer))
      return `The order is another customer's in line ${known.firstLine}.`;
    const own = said.date === undefined ? placedAt : (this.#momentOf(said.date) ?? placedAt);
    const apart = Math.abs(Date.parse(own) - Date.parse(known.placedAt));
    return apart > DAY_MS ? `The order is of another day in line ${known.firstLine}.` : undefined;
  }

  #linesOf(said: SoldOrder["about"], cells: readonly string[]): SoldLine[] | { problem: string } {
    const several = this.columns.fields.flatMap((field, at) => (field === "lines" ? [cells[at] ?? ""] : []));
    const { minorPerMajor, decimal } = this.reading;
    const number = (cell: string | undefined) =>
      cell === undefined ? Number.NaN : numberIn(cell, decimalSignIn(cell) ?? decimal);
    if (several.length > 0) return linesIn(several, number, minorPerMajor);
    const qty = number(said.qty);
    if (!Number.isInteger(qty)) return { problem: "The quantity is not a whole number." };
    const sum = said.line_subtotal ?? said.line_total;
    const unit =
      said.price === undefined && sum !== undefined
        ? Math.ceil((number(sum) * minorPerMajor) / Math.max(1, qty) - 1e-9) / minorPerMajor
        : number(said.price);
    const price = Math.round(unit * minorPerMajor) / minorPerMajor;
    if (!Number.isFinite(price)) return { problem: "The price is not a number." };
    const paid = said.price === undefined && sum !== undefined ? number(said.line_total ?? sum) : qty * price;
    return [
      { code: codeOf(said), name: said.product ?? said.sku ?? "", qty, price, less: Math.max(0, qty * price - paid) },
    ];
  }

  #noDate(text: string | undefined): string {
    if (text === undefined) return "The date is missing.";
    return this.reading.dates === undefined && /^\d{1,2}[./-]\d/.test(text)
      ? "The date may be two days: say --dates dmy or --dates mdy."
      : "The date is not a date.";
  }

  /** Lines of one order follow each other, and so do their dates. */
  #momentOf(text: string): string | undefined {
    if (this.#moment.text !== text) {
      this.#moment = { text, value: readMoment(text, this.reading.timeZone, this.reading.dates) };
    }
    return this.#moment.value;
  }
}

/** What a line's product is known by. */
const codeOf = ({ sku }: SoldOrder["about"]): string | undefined => sku?.toUpperCase();

/** An e-mail where there is one. Some tools write 17850 as 17850.0. */
function customerOf({ email, customer }: SoldOrder["about"]): string {
  const said = email !== undefined && isEmail(email) ? plainEmail(email) : (customer ?? email ?? "");
  return said.replace(/\.0$/, "");
}

/** What stands in a row that makes no sense: its order's number may be among it. */
function wordsOf(row: TableRow): string[] {
  const words = "cells" in row ? row.cells : row.text.split(/[,;\t|]/);
  return words.map((word) => word.replaceAll('"', "").trim());
}

/** How a file is read. */
export interface Reading {
  minorPerMajor: number;
  /** Nothing was sold later than this. */
  now: Date;
  timeZone: string;
  /** Where dates may be read in two ways. */
  dates?: DateOrder | undefined;
  decimal?: DecimalSign | undefined;
  encoding?: string | undefined;
  map?: readonly string[];
  /** What the codes of products look like; anything else is postage, a fee, a sample. */
  codes?: RegExp | undefined;
  progress?: FileProgress;
}

/** What a table of orders says: read whole, since a line further down may make an order unfit that stood at its top. */
export interface SoldOrders {
  program: string | undefined;
  /** In which order its dates were read. */
  dates: DateOrder | undefined;
  orders: Map<string, SoldOrder>;
  /** What became of every row of the file. */
  rows: Record<RowFate, number>;
  unreadable: { line: number; problem: string }[];
}
