import { beforeAll, describe, expect, test } from "bun:test";
import {
  isThere,
  type Judgements,
  misspell,
  plainFts5,
  PRODUCTS,
  qualityOf,
  readJudgements,
  repeatable,
  type Typed,
} from "../../bench/icecat/quality";
import { importProducts } from "../../src/imports/products";
import { clientOf } from "../support/client";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

const MINUTES = 60_000;

// The products lie beside the project where it is developed. `bun run bench search` states the same figures.
describe.skipIf(!isThere()).each(engines)("answers to judged queries on $name", (engine) => {
  let shop: TestShop;
  let judgements: Judgements;

  beforeAll(async () => {
    judgements = await readJudgements();
    shop = await freshShop(engine);
    expect(await importProducts(shop, PRODUCTS)).toMatchObject({ added: 19_406, problems: [] });
  }, 5 * MINUTES);

  const ask = async (typed: string): Promise<string[]> => {
    const { body } = await clientOf(shop).get(`/search?limit=10&q=${encodeURIComponent(typed)}`);
    return body.map((product: { slug: string }) => product.slug);
  };

  const misspellings = (edits: number, letters: number): Typed[] => {
    const random = repeatable(5);
    const rounds = Array.from({ length: 4 }, () => [...judgements.keys()]);
    return rounds.flat().flatMap((query) => {
      const typed = misspell(query, { edits, letters }, random);
      return typed === undefined ? [] : [{ query, typed }];
    });
  };

  test(
    "are better than plain FTS5 gives, and there always is one",
    async () => {
      const searches = [...judgements.keys()].map((query) => ({ query, typed: query }));
      const plain = await plainFts5();
      const [ours, theirs] = [
        await qualityOf(ask, searches, judgements),
        await qualityOf(async (typed) => plain(typed), searches, judgements),
      ];
      expect(ours.ndcg).toBeGreaterThan(theirs.ndcg + 0.02);
      expect(ours.empty).toBe(0);
    },
    2 * MINUTES,
  );

  test.each([
    [1, 4, 0.93],
    [2, 8, 0.85],
  ])(
    "survive %d edits in a word of %d letters or more",
    async (edits, letters, share) => {
      const searches = misspellings(edits, letters);
      const well = searches.map(({ query }) => ({ query, typed: query }));
      const [clean, misspelt] = [await qualityOf(ask, well, judgements), await qualityOf(ask, searches, judgements)];
      expect(misspelt.ndcg).toBeGreaterThan(share * clean.ndcg);
      expect(misspelt.empty).toBeLessThanOrEqual(0.05 * searches.length);
    },
    2 * MINUTES,
  );
});
