/** What became of one product of a file, or will. */
export interface Outcome {
  line: number;
  /** `different`: it is in the shop otherwise than in the file, and is left so without `update`. */
  what: "new" | "changed" | "unchanged" | "different" | "refused";
  slug: string | null;
  /** Why it is refused, or what is changed of it. */
  text: string;
  /** How it will be. */
  product: Preview | undefined;
}

export interface Preview {
  name: string;
  category: string | null;
  price: number | null;
  compare_at_price: number | null;
  stock: number | null;
  sku: string | null;
  options: Record<string, string>;
}

export type Counts = Record<Outcome["what"], number>;

export const noCounts = (): Counts => ({ new: 0, changed: 0, unchanged: 0, different: 0, refused: 0 });
