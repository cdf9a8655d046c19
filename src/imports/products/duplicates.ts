import { wordKey } from "../../base/text";
import type { Draft } from "./draft";

/** What stands twice in one file: of two products with one name, one would get lost. */
export class Duplicates {
  readonly #lines = new Map<number | bigint, number>();

  /** Programs write one barcode for many products: there it is left off the second, for the code is what counts. */
  constructor(readonly isForeign: boolean) {}

  /** Why a draft can't be taken beside those before it; undefined, and it is remembered, where it can. */
  problemOf(draft: Draft): string | undefined {
    const { fields, isSlugGiven, parent, kind } = draft;
    const names: [field: string, name: string | null | undefined][] = [
      ["slug", isSlugGiven && kind !== "variant" ? fields.slug : undefined],
      ["slug", isSlugGiven && kind === "variant" && !this.isForeign ? fields.slug : undefined],
      ["sku", fields.sku && wordKey(fields.sku)],
      [
        "options",
        parent && fields.options && JSON.stringify([wordKey(parent), Object.values(fields.options).map(wordKey)]),
      ],
    ];
    for (const [field, name] of names) {
      const line = typeof name !== "string" ? undefined : this.#lines.get(keyOf(field, name));
      if (line !== undefined)
        return `${field}: ${field === "options" ? "The same ones stand" : `${name} stands`} in line ${line} too.`;
    }
    for (const [field, name] of names) if (typeof name === "string") this.#lines.set(keyOf(field, name), draft.line);
    return this.#ofBarcode(draft);
  }

  #ofBarcode(draft: Draft): string | undefined {
    const { barcode } = draft.fields;
    if (typeof barcode !== "string") return undefined;
    const key = keyOf("barcode", wordKey(barcode));
    const line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, draft.line);
    else if (!this.isForeign) return `barcode: ${barcode} stands in line ${line} too.`;
    else {
      delete draft.fields.barcode;
      draft.notes.push(`without its barcode, which line ${line} has too`);
    }
    return undefined;
  }
}

/** A number in place of a text: a file may have a million. 64 bits, so that two texts never share one by chance. */
const keyOf = (field: string, name: string) => Bun.hash(`${field} ${name}`);
