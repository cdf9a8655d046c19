import { addDetails } from "../../audit/recording";
import { ShopError } from "../../base/errors";
import { wordKey } from "../../base/text";
import { nameOfPath } from "../../catalog/category-path";
import { wantedStock } from "../../catalog/stock-change";
import { addProducts } from "../../catalog/create";
import { findMatches } from "../../catalog/match-queries";
import { findProduct, type VersionedProduct } from "../../catalog/queries";
import type { NamedProduct, ProductChange } from "../../catalog/schema";
import type { Shop } from "../../shop/shop";
import { findFreeWhenSet } from "../../stock/queries";
import type { Transaction } from "../../storage/database";
import type { Draft } from "./draft";
import type { Families } from "./families";
import { existingOf, findMatchesOf, findSameVariant, type Matches, slugWithCode } from "./matching";
import { type Counts, noCounts, type Outcome } from "./outcome";
import { changeOf, changesText, newProductOf, type Parent, previewAfter, previewOf } from "./plan";
import { makeCategory, type Step, writeStep } from "./write-step";

/** Small enough that other writers get their turn: rows that are only put in, and products with all that hangs on them. */
export const DRAFTS_AT_ONCE = 200;
const CHANGES_PER_TRANSACTION = 50;

export interface PlaceOptions {
  dryRun: boolean;
  update: boolean;
  /** For products that the file puts into none. */
  category: string;
  report: (outcome: Outcome) => void;
}

/** Puts drafts into the shop, or says what would become of them. Nothing that a row says stops another. */
export class Placer {
  readonly counts: Counts = noCounts();
  readonly #claimed = new Map<string, string>();
  readonly #slugs = new Set<string>();
  readonly #untold: Outcome[] = [];

  constructor(
    readonly shop: Shop,
    readonly families: Families,
    readonly options: PlaceOptions,
  ) {}

  /** Returns the variants whose product is yet to come. */
  async place(drafts: readonly Draft[], { isLast = false } = {}): Promise<Draft[]> {
    const own = drafts.filter(({ kind }) => kind !== "variant");
    await this.#run(await this.#planAll(own));
    const later: Draft[] = [];
    const variants = new Map<Draft, Parent>();
    for (const draft of drafts.filter(({ kind }) => kind === "variant")) {
      const parent = await this.#parentOf(draft);
      if (parent === "refused") this.#refuse(draft, `parent: The product that it is a variant of was refused.`);
      else if (parent) variants.set(draft, parent);
      else if (!isLast) later.push(draft);
      else this.#refuse(draft, "parent: There is no such product, neither in the file nor in the shop.");
    }
    await this.#run(await this.#planAll([...variants.keys()], variants));
    // Others who share this process, or wait for the database, get their turn.
    await Bun.sleep(0);
    for (const outcome of this.#untold.splice(0).toSorted((a, b) => a.line - b.line)) this.options.report(outcome);
    return later;
  }

  /** Told with the rows that are placed next, in the order of the file. */
  refuse(line: number, text: string, slug: string | null = null): void {
    this.#tell({ line, what: "refused", slug, text, product: undefined });
  }

  #refuse({ line, fields }: Draft, text: string): void {
    this.#tell({ line, what: "refused", slug: fields.slug ?? null, text, product: undefined });
  }

  #tell(outcome: Outcome): void {
    this.counts[outcome.what]++;
    this.#untold.push(outcome);
  }

  /** The product that a variant belongs to; undefined where no row has told of it yet. */
  async #parentOf(draft: Draft): Promise<Parent | "refused" | undefined> {
    const { database, settings } = this.shop;
    const ref = draft.parent ?? "";
    const family = this.families.of([ref]);
    if (family?.placed === "refused") return "refused";
    let id = family?.placed?.id;
    if (family?.placed && id === undefined) return { id, name: family.name ?? "", option_names: family.optionNames };
    if (id === undefined) {
      const [match] = await findMatches(database, { slugs: [ref], skuKeys: [wordKey(ref)], barcodeKeys: [] });
      id = match?.id;
    }
    const product = id === undefined ? undefined : await findProduct(database, id, settings);
    if (!product) return undefined;
    if (family) family.placed = { id: product.id };
    const option_names = product.option_names.length > 0 ? product.option_names : (family?.optionNames ?? []);
    return { id: product.id, name: product.name, option_names };
  }

  async #planAll(drafts: readonly Draft[], parents?: Map<Draft, Parent>): Promise<Step[]> {
    if (drafts.length === 0) return [];
    const matches = await findMatchesOf(this.shop, drafts);
    const steps: Step[] = [];
    for (const draft of drafts) {
      try {
        const step = await this.#plan(draft, matches, parents?.get(draft));
        if (step) steps.push(step);
      } catch (error) {
        this.#fail(draft, error);
      }
    }
    return steps;
  }

  async #plan(draft: Draft, known: Matches, parent: Parent | undefined): Promise<Step | undefined> {
    const { settings } = this.shop;
    const before = existingOf(draft, known) ?? (parent && (await findSameVariant(this.shop, draft, parent)));
    const category = await this.#categoryOf(draft, before);
    const family = draft.kind === "parent" ? this.families.of(draft.keys) : undefined;
    if (before) {
      if (family) Object.assign(family, { placed: { id: before.id } });
      const change = await this.#withoutSales(
        draft,
        before,
        changeOf(draft, before, draft.category && category, parent, settings),
      );
      if (Object.keys(change).length === 0) this.#settle(draft, "unchanged", before, change);
      else if (!this.options.update) this.#settle(draft, "different", before, change);
      else return { draft, kind: "change", before, change };
      return undefined;
    }
    if (draft.kind !== "variant") this.#findFreeSlug(draft, known);
    const product = newProductOf(draft, category, parent, settings);
    if (family) Object.assign(family, { placed: { id: undefined }, name: product.name });
    return { draft, kind: "add", product, parent, family };
  }

  /**
   * A row that says more than its stock is no count: a stock that was sold from since the file was written stays sold. Throws
   * `conflict` where it can't be told whether it is a wish.
   */
  async #withoutSales(draft: Draft, before: VersionedProduct, change: ProductChange): Promise<ProductChange> {
    const { stock: given, ...others } = change;
    if (given === undefined || saysOnlyStock(draft)) return change;
    const whenSet = await findFreeWhenSet(this.shop.database, before.id);
    if (given === whenSet && before.stock < given) return others;
    wantedStock({ given, current: before.stock, seen: undefined, whenSet, alone: false });
    return change;
  }

  #settle(
    draft: Draft,
    what: "unchanged" | "different" | "changed",
    before: VersionedProduct,
    change: ProductChange,
  ): void {
    const text = [changesText(before, change), ...draft.notes].filter((part) => part !== "").join("; ");
    this.#tell({ line: draft.line, what, slug: before.slug, text, product: previewAfter(before, change) });
  }

  async #categoryOf({ category: path }: Draft, before: VersionedProduct | undefined): Promise<string> {
    if (path === undefined) return before?.category ?? this.options.category;
    return nameOfPath(this.shop.database, path, this.#claimed);
  }

  #findFreeSlug(draft: Draft, { matches }: Matches): void {
    const taken = (slug: string) => this.#slugs.has(slug) || matches.some((match) => match.slug === slug);
    const { slug } = draft.fields;
    if (slug === undefined) return;
    let free = slug;
    if (!draft.isSlugGiven && taken(slug)) {
      free = slugWithCode(draft.fields) ?? slug;
      for (let number = 2; taken(free); number++) free = `${slug}-${number}`;
    }
    this.#slugs.add(free);
    draft.fields.slug = free;
  }

  #fail(draft: Draft, error: unknown): void {
    if (!(error instanceof ShopError)) throw error;
    const issues = error.details.errors?.map(({ path, message }) => `${path}: ${message}`) ?? [];
    const family = draft.kind === "parent" ? this.families.of(draft.keys) : undefined;
    if (family) family.placed = "refused";
    this.#refuse(draft, issues.length > 0 ? issues.join(" ") : error.message);
  }

  async #run(steps: readonly Step[]): Promise<void> {
    const plain = steps.filter((step) => step.kind === "add" && step.draft.kind !== "variant");
    const others = steps.filter((step) => !plain.includes(step));
    if (plain.length > 0) await this.#addAll(plain as (Step & { kind: "add" })[]);
    for (let start = 0; start < others.length; start += CHANGES_PER_TRANSACTION) {
      await this.#doAll(others.slice(start, start + CHANGES_PER_TRANSACTION));
      await Bun.sleep(0);
    }
  }

  async #addAll(steps: readonly (Step & { kind: "add" })[]): Promise<void> {
    const ids = this.options.dryRun
      ? undefined
      : await this.#write(async (tx) => {
          for (const { draft, product } of steps) await makeCategory(this.shop, tx, draft, product.category);
          return addProducts(
            this.shop,
            tx,
            steps.map(({ product }) => product),
          );
        });
    for (const { draft, product, family } of steps) {
      const id = ids?.get(product.slug);
      if (family && id !== undefined) family.placed = { id };
      if (ids && id === undefined)
        this.#fail(draft, new ShopError("duplicate", "Its slug or code was taken meanwhile."));
      else this.#added(draft, product);
    }
  }

  #added(draft: Draft, product: NamedProduct): void {
    this.#tell({
      line: draft.line,
      what: "new",
      slug: draft.fields.slug ?? null,
      text: draft.notes.join("; "),
      product: previewOf(product, draft),
    });
  }

  /** All of them at once, or each by itself where one is refused. */
  async #doAll(steps: readonly Step[]): Promise<void> {
    if (!this.options.dryRun) {
      try {
        await this.#write(async (tx) => {
          for (const step of steps) await writeStep(this.shop, tx, step, this.options.update);
        });
      } catch (error) {
        if (!(error instanceof ShopError)) throw error;
        if (steps.length === 1 && steps[0]) return this.#fail(steps[0].draft, error);
        for (const step of steps) await this.#doAll([step]);
        return;
      }
    }
    for (const step of steps) {
      if (step.kind === "add") this.#added(step.draft, step.product);
      else this.#settle(step.draft, "changed", step.before, step.change);
    }
  }

  #write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const { update } = this.options;
    return this.shop.database.transaction((tx) => {
      addDetails(tx, { update });
      return work(tx);
    });
  }
}

const NAMES_OF_A_PRODUCT = new Set(["slug", "sku", "barcode"]);

/** Whether a row has a stock and nothing else but what names its product. */
const saysOnlyStock = ({ fields, category }: Draft): boolean =>
  category === undefined &&
  Object.entries(fields).every(
    ([field, value]) => value === undefined || field === "stock" || NAMES_OF_A_PRODUCT.has(field),
  );
