import { z } from "zod";
import { addProducts } from "../catalog/create";
import { NewProduct } from "../catalog/schema";
import { ShopError } from "../base/errors";
import { fieldIssues } from "../base/validate";
import { hasCurrencyDigits } from "../base/money";
import type { Shop } from "../shop/shop";
import { numberIn, readCsv } from "./csv";
import { type FileProgress, isEmpty, noneReadable, readLines } from "./files";

export interface ProductsReport {
  added: number;
  already_there: number;
  /** Lines that were left out, and why. */
  problems: { line: number; problem: string }[];
}

type Candidate = { line: number; product: unknown } | { line: number; problem: string };

/** Small enough that other writers get their turn. */
const PRODUCTS_PER_TRANSACTION = 200;

/**
 * Adds the products of a file: JSON lines, or CSV with a heading, in the shape of POST /products (in CSV, `attributes` is
 * JSON, or each has a column `attr.<name>`). A bad line is reported and stops nothing; a slug that is taken is left as it is.
 * Throws ShopError `invalid` when the file is no such file at all, before anything is changed.
 */
export async function importProducts(shop: Shop, path: string, progress?: FileProgress): Promise<ProductsReport> {
  const report: ProductsReport = { added: 0, already_there: 0, problems: [] };
  let batch: NewProduct[] = [];
  const flush = async () => {
    const products = batch;
    const added = await shop.database.transaction((tx) => addProducts(shop, tx, products));
    report.added += added.size;
    report.already_there += batch.length - added.size;
    batch = [];
    // Others who wait for the database get their turn.
    await Bun.sleep(0);
  };
  await checkReadable(path);
  for await (const candidate of candidates(path, progress)) {
    const checked = "problem" in candidate ? candidate : check(shop, candidate.product);
    if ("problem" in checked) report.problems.push({ line: candidate.line, problem: checked.problem });
    else batch.push(checked.product);
    if (batch.length >= PRODUCTS_PER_TRANSACTION) await flush();
  }
  if (batch.length > 0) await flush();
  if (report.added + report.already_there === 0) throw noneReadable(path, report.problems);
  return report;
}

function check(shop: Shop, given: unknown): { product: NewProduct } | { problem: string } {
  const read = NewProduct.safeParse(given);
  if (!read.success) {
    return {
      problem: fieldIssues(read.error)
        .map(({ path, message }) => `${path || "line"}: ${message}`)
        .join(" "),
    };
  }
  if (read.data.parent_id !== undefined) return { problem: "parent_id: variants come one by one, not with a file." };
  if (!hasCurrencyDigits(read.data.price ?? 0, shop.settings))
    return { problem: "price: has more digits than the currency." };
  return { product: read.data };
}

/** Reads to the end, so that a file that breaks off half way is refused before anything of it is taken in. */
async function checkReadable(path: string): Promise<void> {
  // oxlint-disable-next-line no-empty -- the reading itself is what is wanted
  for await (const _ of readLines(path)) {
  }
}

async function* candidates(path: string, progress?: FileProgress): AsyncGenerator<Candidate> {
  for await (const text of readLines(path)) {
    const start = text.trim();
    if (start === "") continue;
    if (start.startsWith("[") || start === "{") {
      throw new ShopError("invalid", `${path} can't be read: give one JSON object a line. Nothing was changed.`);
    }
    yield* start.startsWith("{") ? jsonLines(path, progress) : csvLines(path, progress);
    return;
  }
  throw isEmpty(path);
}

async function* jsonLines(path: string, progress?: FileProgress): AsyncGenerator<Candidate> {
  let line = 0;
  for await (const text of readLines(path, progress)) {
    line++;
    if (text.trim() === "") continue;
    yield { line, ...parsed(text) };
  }
}

function parsed(text: string): { product: unknown } | { problem: string } {
  try {
    return { product: JSON.parse(text) };
  } catch {
    return { problem: "This is not JSON." };
  }
}

async function* csvLines(path: string, progress?: FileProgress): AsyncGenerator<Candidate> {
  for await (const row of readCsv(path, recognised, progress)) {
    yield "problem" in row ? row : { line: row.line, ...fromFields(row.fields) };
  }
}

const REQUIRED = ["slug", "name", "category", "price"];
const KNOWN = new Set([...REQUIRED, "description", "stock", "image_url", "attributes"]);

function recognised(headings: string[]): string[] {
  const names = headings.map((heading) => heading.trim());
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new ShopError(
      "invalid",
      `This is no file of products: it has no column ${missing.join(", ")}. Nothing was changed.`,
    );
  }
  const unknown = names.filter((name) => !KNOWN.has(name) && !name.startsWith("attr."));
  if (unknown.length > 0) {
    throw new ShopError("invalid", `There is no place for the column ${unknown.join(", ")}. Nothing was changed.`);
  }
  return names;
}

/** Everything in a CSV is text: numbers become numbers where a product has them, and empty fields are absent. */
function fromFields(fields: Record<string, string>): { product: unknown } | { problem: string } {
  const filled = Object.entries(fields).filter(([, value]) => value.trim() !== "");
  const attributes = z
    .record(z.string(), z.unknown())
    .safeParse(fields["attributes"]?.trim() ? safeJson(fields["attributes"]) : {});
  if (!attributes.success) return { problem: "attributes: This is not a JSON object." };
  const own = filled
    .filter(([name]) => name.startsWith("attr."))
    .map(([name, value]) => [name.slice("attr.".length), value]);
  const plain = filled.filter(([name]) => name !== "attributes" && !name.startsWith("attr."));
  return {
    product: {
      ...Object.fromEntries(
        plain.map(([name, value]) => [name, name === "price" || name === "stock" ? numberIn(value) : value]),
      ),
      attributes: { ...attributes.data, ...Object.fromEntries(own) },
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
