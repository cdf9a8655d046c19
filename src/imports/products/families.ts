import { wordKey } from "../../base/text";

/** A product with variants, as far as the file has told of it. */
export interface Family {
  /** What is to be chosen of it, in the order in which the file says it. */
  optionNames: string[];
  /** Its id, or that it is to be one, once it has been placed. */
  placed?: { id: number | undefined } | "refused";
  /** What a variant costs whose row does not say it. */
  price?: number | undefined;
  name?: string;
  /** Whether the row of the product itself has been read in this pass. */
  isRead: boolean;
}

/** Products of a file by the words with which its variants name them. Only those that have variants are kept. */
export class Families {
  readonly #byKey = new Map<string, Family>();
  /** Variants that are named by their parent's row, with what is chosen in them. */
  readonly #children = new Map<string, { parent: string; options: Record<string, string> }>();

  of(keys: readonly string[]): Family | undefined {
    for (const key of keys) {
      const family = this.#byKey.get(wordKey(key));
      if (family) return family;
    }
    return undefined;
  }

  /** The same, where a product goes by several words and some of its variants say one and some another. */
  join(keys: readonly string[]): Family | undefined {
    const joined = this.of(keys);
    for (const key of joined ? keys.map(wordKey) : []) {
      const other = this.#byKey.get(key);
      if (joined && other && other !== joined) {
        this.#byKey.set(key, joined);
        addNames(joined, other.optionNames);
      }
    }
    return joined;
  }

  /** Notes that a variant names its product so, and what is to be chosen in it. */
  note(parent: string, names: readonly string[]): void {
    const key = wordKey(parent);
    const family = this.#byKey.get(key) ?? { optionNames: [], isRead: false };
    this.#byKey.set(key, family);
    addNames(family, names);
  }

  noteChild(sku: string, parent: string, options: Record<string, string>): void {
    this.#children.set(wordKey(sku), { parent, options });
    this.note(parent, Object.keys(options));
  }

  childOf(sku: string | undefined) {
    return sku === undefined ? undefined : this.#children.get(wordKey(sku));
  }

  /** Before the file is read once more. */
  startPass(): void {
    for (const family of this.#byKey.values()) family.isRead = false;
  }
}

function addNames({ optionNames }: Family, names: readonly string[]): void {
  for (const name of names) {
    if (name !== "" && !optionNames.some((known) => wordKey(known) === wordKey(name))) optionNames.push(name);
  }
}
