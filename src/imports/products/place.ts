import { addDetails } from "../../audit/recording";
import { ShopError } from "../../base/errors";
import { wordKey } from "../../base/text";
import { makePath, nameOfPath } from "../../catalog/category-path";
import { changeProductIn } from "../../catalog/change";
import { wantedStock } from "../../catalog/stock-change";
import { checkCodes } from "../../catalog/codes";
import { addProducts, addVariant } from "../../catalog/create";
import { findMatches, type Match } from "../../catalog/match-queries";
import { findProduct, findProducts, type VersionedProduct } from "../../catalog/queries";
import type { NamedProduct, ProductChange } from "../../catalog/schema";
import { listVariants } from "../../catalog/variant-queries";
import { optionsFor, optionsKeyOf } from "../../catalog/variants";
import type { Shop } from "../../shop/shop";
import { findFreeWhenSet } from "../../stock/queries";
import type { Transaction } from "../../storage/database";
import type { Draft } from "./draft";
import type { Families, Family } from "./families";
import { type Counts, noCounts, type Outcome } from "./outcome";
import { changeOf, changesText, newProductOf, type Parent, previewAfter, previewOf } from "./plan";
import { slugFrom } from "./slugs";

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

type Step =
  | { draft: Draft; kind: "add"; product: NamedProduct; parent: Parent | undefined; family: Family | undefined }
  | { draft: Draft; kind: "change"; before: VersionedProduct; change: ProductChange };

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
    const matches = await this.#matchesOf(drafts);
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

  async #matchesOf(drafts: readonly Draft[]): Promise<Matches> {
    const { database, settings } = this.shop;
    const matches = await findMatches(database, {
      slugs: drafts.flatMap(({ fields }) => [fields.slug, slugWithCode(fields)].filter((slug) => slug !== undefined)),
      skuKeys: drafts.flatMap(({ fields }) => keyOf(fields.sku) ?? []),
      barcodeKeys: drafts.flatMap(({ fields }) => keyOf(fields.barcode) ?? []),
    });
    const products = await findProducts(
      database,
      matches.map(({ id }) => id),
      settings,
    );
    return { matches, products: new Map(products.map((product) => [product.id, product])) };
  }

  async #plan(draft: Draft, known: Matches, parent: Parent | undefined): Promise<Step | undefined> {
    const { settings } = this.shop;
    const before = (await this.#existing(draft, known)) ?? (parent && (await this.#sameVariant(draft, parent)));
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

  /** The product of the shop that a row is about. Throws where it names two. */
  async #existing(
    { fields, isSlugGiven }: Draft,
    { matches, products }: Matches,
  ): Promise<VersionedProduct | undefined> {
    const [skuKey, barcodeKey] = [keyOf(fields.sku), keyOf(fields.barcode)];
    const bySlug = matches.find(({ slug }) => slug === fields.slug);
    const byCode =
      matches.find(({ sku_key }) => skuKey !== undefined && sku_key === skuKey) ??
      matches.find(
        ({ sku_key, barcode_key }) => barcodeKey !== undefined && barcode_key === barcodeKey && !(skuKey && sku_key),
      );
    if (bySlug && isSlugGiven && byCode && byCode.id !== bySlug.id) {
      throw new ShopError("conflict", `Its code is that of another product: ${byCode.slug}.`);
    }
    // A slug that is made of a name says little: another code makes it another product.
    const isSame = bySlug && (isSlugGiven || !skuKey || !bySlug.sku_key || bySlug.sku_key === skuKey);
    const match = isSlugGiven && bySlug ? bySlug : (byCode ?? (isSame ? bySlug : undefined));
    return match && products.get(match.id);
  }

  /** The variant of this product with the same options. */
  async #sameVariant({ fields }: Draft, parent: Parent): Promise<VersionedProduct | undefined> {
    if (parent.id === undefined || !fields.options) return undefined;
    const key = optionsKeyOf(parent.option_names, optionsFor(parent.option_names, fields.options));
    const variants = await listVariants(this.shop.database, parent.id);
    const same = variants.find(({ options }) => optionsKeyOf(parent.option_names, options) === key);
    return same && findProduct(this.shop.database, same.id, this.shop.settings);
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
          for (const { draft, product } of steps) await this.#makeCategory(tx, draft, product.category);
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
    const product_ = previewOf(product, draft);
    this.#tell({
      line: draft.line,
      what: "new",
      slug: draft.fields.slug ?? null,
      text: draft.notes.join("; "),
      product: product_,
    });
  }

  /** All of them at once, or each by itself where one is refused. */
  async #doAll(steps: readonly Step[]): Promise<void> {
    if (!this.options.dryRun) {
      try {
        await this.#write(async (tx) => {
          for (const step of steps) await this.#do(tx, step);
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

  async #do(tx: Transaction, step: Step): Promise<void> {
    if (step.kind === "change") {
      const { category } = step.change;
      if (category !== undefined) await this.#makeCategory(tx, step.draft, category);
      await changeProductIn(this.shop, tx, step.before.id, step.change);
      return;
    }
    const { slug, parent_id: _, ...variant } = step.product;
    await checkCodes(tx, variant);
    await this.#makeOptions(tx, step.parent);
    // One that was given no slug gets one of its options.
    await addVariant(
      this.shop,
      tx,
      step.parent?.id ?? 0,
      step.draft.fields.slug === undefined ? variant : { ...variant, slug },
    );
  }

  /** A product that has had no variants so far becomes one that has some. */
  async #makeOptions(tx: Transaction, parent: Parent | undefined): Promise<void> {
    if (parent?.id === undefined) return;
    const product = await findProduct(tx, parent.id, this.shop.settings);
    if (product && product.option_names.length === 0 && this.options.update) {
      await changeProductIn(this.shop, tx, parent.id, { option_names: [...parent.option_names] });
    }
  }

  async #makeCategory(tx: Transaction, { category: path }: Draft, name: string): Promise<void> {
    if (path && path.length > 1) await makePath(tx, path, name, this.shop.now().toISOString());
  }

  #write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const { update } = this.options;
    return this.shop.database.transaction((tx) => {
      addDetails(tx, { update });
      return work(tx);
    });
  }
}

interface Matches {
  matches: Match[];
  products: Map<number, VersionedProduct>;
}

const keyOf = (code: string | null | undefined) => (typeof code === "string" ? wordKey(code) : undefined);

/** A slug that another product of the same name has not. */
const slugWithCode = ({ slug, sku }: Draft["fields"]): string | undefined =>
  slug === undefined || typeof sku !== "string" ? undefined : `${slug}-${slugFrom(sku)}`;

const NAMES_OF_A_PRODUCT = new Set(["slug", "sku", "barcode"]);

/** Whether a row has a stock and nothing else but what names its product. */
const saysOnlyStock = ({ fields, category }: Draft): boolean =>
  category === undefined &&
  Object.entries(fields).every(
    ([field, value]) => value === undefined || field === "stock" || NAMES_OF_A_PRODUCT.has(field),
  );
