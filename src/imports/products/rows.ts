import { BadCell, type Cells } from "./cells";
import { categoryOf, type Draft, type DraftOptions, fieldsOf } from "./draft";
import type { Families } from "./families";
import { choicesOf } from "./features";

/** What a row is: one or two products, or a part of one that stands elsewhere. */
export type RowMeaning = Draft[] | { problem: string } | { part: string };

/**
 * Reads the rows of a table one after the other as products: those of one handle together, or each by itself where variants
 * name their parent.
 */
export class RowReader {
  #handle = "";
  #isSkipped = false;
  drafts = 0;

  constructor(
    readonly families: Families,
    readonly options: DraftOptions & { skipDrafts: boolean },
  ) {}

  /** Only notes what variants say of their families: the first time that a file is read. */
  survey(cells: Cells): void {
    const { program } = this.options;
    for (const { sku, options } of variationsIn(cells)) this.families.noteChild(sku, cells.text("sku") ?? "", options);
    const names = choicesOf(cells, program).map(([name]) => name);
    if (program?.family === "handle") {
      const handle = this.#handleOf(cells);
      if (handle !== undefined && names.length > 0 && !isPassedOver(cells)) this.families.note(handle, names);
      return;
    }
    const parent = parentOf(cells);
    if (parent !== undefined) this.families.note(parent, names);
  }

  read(cells: Cells): RowMeaning {
    try {
      return this.options.program?.family === "handle" ? this.#ofHandle(cells) : this.#byItself(cells);
    } catch (error) {
      if (error instanceof BadCell) return { problem: error.message };
      throw error;
    }
  }

  /** What rows of one product have in common; a row that says nothing of it belongs to the one above. */
  #handleOf(cells: Cells): string | undefined {
    const isPart = /^(sku|variant)$/i.test(cells.text("row_type") ?? "");
    const said = isPart ? undefined : (cells.text("id") ?? cells.text("handle") ?? cells.text("name"));
    this.#handle = said ?? this.#handle;
    return this.#handle === "" ? undefined : this.#handle;
  }

  #ofHandle(cells: Cells): RowMeaning {
    const before = this.#handle;
    const handle = this.#handleOf(cells);
    if (isPassedOver(cells)) return { part: "a rule or picture" };
    if (handle === undefined) return { problem: "handle: It is blank, and so is that of every row above." };
    const family = this.families.of([handle]);
    const isFirst = family ? !family.isRead : handle !== before || cells.text("name") !== undefined;
    if (isFirst) this.#isSkipped = this.#isDraft(cells);
    if (this.#isSkipped && this.options.skipDrafts) return { part: "not published there" };
    const choices = choicesOf(cells, this.options.program);
    if (!family) return isFirst ? [this.#draft(cells, "product", [handle])] : { part: "more of the product above" };
    family.isRead = true;
    const parent = isFirst ? [this.#draft(cells, "parent", [handle])] : [];
    if (choices.length === 0) return isFirst ? parent : { part: "more of the product above" };
    return [...parent, { ...this.#draft(cells, "variant", []), parent: handle }];
  }

  #byItself(cells: Cells): RowMeaning {
    if (cells.text("language") !== undefined) return { part: "a translation" };
    const type = cells.text("type")?.toLowerCase() ?? "";
    const unsold = UNSOLD.find((word) => type.includes(word));
    if (unsold !== undefined)
      return { problem: `type: A product that is ${unsold} has no price and stock of its own.` };
    const sku = cells.text("sku");
    const child = this.families.childOf(sku);
    const parent = child?.parent ?? parentOf(cells);
    const isDraft = this.#isDraft(cells);
    if (isDraft && this.options.skipDrafts) return { part: "not published there" };
    if (parent !== undefined) {
      const draft = this.#draft(cells, "variant", [], parent);
      if (child) draft.fields.options = child.options;
      return [{ ...draft, parent }];
    }
    if (type.includes("variation")) return { problem: "parent: A variation has to say whose it is." };
    const keys = [cells.text("slug"), sku, cells.text("id") && `id:${cells.text("id")}`].filter(
      (key) => key !== undefined,
    );
    const isParent = this.families.join(keys) !== undefined || namesIn(cells).length > 0;
    return [this.#draft(cells, isParent ? "parent" : "product", keys)];
  }

  #isDraft(cells: Cells): boolean {
    const isDraft = cells.flag("published") === false || cells.flag("status") === false;
    if (isDraft) this.drafts++;
    return isDraft;
  }

  #draft(cells: Cells, kind: Draft["kind"], keys: string[], parent?: string): Draft {
    const { program } = this.options;
    const family = this.families.of(parent === undefined ? (keys.length > 0 ? keys : [this.#handle]) : [parent]);
    const told = namesIn(cells);
    const kin = kind === "product" ? undefined : { optionNames: told.length > 0 ? told : (family?.optionNames ?? []) };
    const fields = fieldsOf(cells, this.options, kind, kin);
    if (family && kind === "parent") family.price = fields.price;
    if (family?.price !== undefined && kind === "variant") fields.price ??= family.price;
    return {
      line: cells.line,
      kind,
      keys,
      parent: undefined,
      isSlugGiven: cells.text("slug") !== undefined || cells.text("handle") !== undefined,
      category: kind === "variant" && program ? undefined : categoryOf(cells, program),
      fields,
      notes: [],
    };
  }
}

/** What other programs sell as something that is no product of its own. */
const UNSOLD = ["grouped", "external", "affiliate"];

const parentOf = (cells: Cells) => cells.text("parent");

/** `Size|Colour`, or a list as JSON writes it. */
function namesIn(cells: Cells): string[] {
  const said = cells.text("option_names");
  if (said === undefined) return [];
  if (said.startsWith("[")) {
    try {
      const names: unknown = JSON.parse(said);
      if (Array.isArray(names)) return names.map(String);
    } catch {
      throw new BadCell("option_names", "Write them like Size|Colour.");
    }
  }
  return said.split("|").map((name) => name.trim());
}

/** `sku=WS12-XS-Blue,size=XS,color=Blue|sku=…` */
function* variationsIn(cells: Cells): Generator<{ sku: string; options: Record<string, string> }> {
  for (const variation of cells.text("configurable_variations")?.split("|") ?? []) {
    const pairs = variation.split(/,(?=[a-z0-9_]+=)/).map((pair) => pair.split("="));
    const { sku, ...options } = Object.fromEntries(
      pairs.map(([name = "", ...value]) => [name.trim(), value.join("=").trim()]),
    );
    if (sku) yield { sku, options };
  }
}

/** Rows that are about a product and are none. */
const isPassedOver = (cells: Cells): boolean => /^(rule|image|video|custom field)/i.test(cells.text("row_type") ?? "");
