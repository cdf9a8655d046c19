import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { addSynonyms } from "../../src/search/synonyms";
import { newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { labOf, type Line } from "../support/lab";

setDefaultTimeout(30_000);

const SHELF: Line[] = [
  { name: "Hybrid Tomato, 500 g", category: "Vegetables", description: "Red and ripe." },
  { name: "Tomato Ketchup, 500 g", category: "Sauces", description: "Of tomatoes." },
  { name: "Turmeric Powder, 100 g", category: "Spices", sku: "TURM-100" },
  { name: "Smartwatch", category: "Gadgets" },
  ...Array.from({ length: 12 }, (_, at): Line => ({
    name: `Garden chair no. ${at}`,
    description: "Sits by tomatoes.",
  })),
];

describe.each(engines)("why a search finds a product on $name", (engine) => {
  let lab: Awaited<ReturnType<typeof labOf>>;
  let admin: Awaited<ReturnType<typeof newClient>>;
  const why = async (q: string, product_id: number) =>
    (await admin.get(`/admin/search/why?q=${encodeURIComponent(q)}&product_id=${product_id}`)).body;

  beforeAll(async () => {
    lab = await labOf(engine, SHELF);
    await addSynonyms(lab.shop, ["haldi"], ["turmeric"]);
    admin = await newClient(lab.shop, { admin: true });
  });

  test("is said of a phrase as of one, also where the product has a word of it elsewhere, and all adds up", async () => {
    await addSynonyms(lab.shop, ["vegetable drink"], ["tomato"]);
    for (const q of ["vegetable drink", "vegetable drnk"]) {
      const { words, score } = await why(q, 1);
      expect(words).toMatchObject([
        { word: "vegetable", matched_by: "neighbours", as: "tomato" },
        { matched_by: "neighbours", as: "tomato", relevance: 0 },
      ]);
      const sum = words.reduce((total: number, { relevance }: { relevance: number }) => total + relevance, 0);
      expect(sum).toBeCloseTo(score.words, 2);
    }
  });

  test("is said word by word, with the place and what the score is made of", async () => {
    const reason = await why("tomato", 2);
    expect(reason).toMatchObject({
      product_id: 2,
      name: "Tomato Ketchup, 500 g",
      place: 2,
      answers: "whole",
      because: "It answers the whole search; one product is more to the point.",
      words: [
        {
          word: "tomato",
          taken_for: null,
          matched_by: "word",
          fields: [
            { field: "name", times: 1 },
            { field: "description", times: 1 },
          ],
          says_what_it_is: false,
        },
      ],
    });
    const { words, side_by_side, sells_and_in_stock, total, of_the_first } = reason.score;
    expect(total).toBeCloseTo(words * side_by_side * sells_and_in_stock, 2);
    expect(of_the_first).toBeGreaterThan(total);
    expect(await why("tomato", 1)).toMatchObject({
      place: 1,
      because: "It answers the whole search, better than all others.",
      words: [{ says_what_it_is: true }],
    });
  });

  test("names the repair, the synonym, the neighbours and the code by which it is found", async () => {
    expect(await why("tomatto", 1)).toMatchObject({
      corrected_query: "tomato",
      words: [{ taken_for: "tomato", matched_by: "repair", as: "tomato" }],
    });
    expect(await why("haldi", 3)).toMatchObject({ place: 1, words: [{ matched_by: "synonym", as: "turmeric" }] });
    expect(await why("smart watch", 4)).toMatchObject({
      place: 1,
      answers: "whole",
      words: [{ matched_by: "neighbours", as: "smartwatch" }, { matched_by: "neighbours" }],
    });
    expect(await why("turm 100", 3)).toMatchObject({ place: 1, score: { exact: true } });
  });

  test("says what is missing where it is not found, or only as a looser answer", async () => {
    expect(await why("tomato ketchup", 1)).toMatchObject({
      answers: "part",
      because: expect.stringContaining('It lacks "ketchup"'),
    });
    expect(await why("turmeric", 1)).toMatchObject({
      place: null,
      answers: "no",
      because: 'It lacks "turmeric", so it is no answer.',
      score: null,
    });
    expect(await why("tomato -ketchup", 2)).toMatchObject({
      answers: "no",
      because: "It has a word that the search excludes with a minus.",
    });
    expect((await admin.get("/admin/search/why?q=tomato&product_id=999")).status).toBe(404);
  });

  test("is the place that the search itself gives, whatever is searched", async () => {
    for (const q of ["tomato", "chair tomato", "red ketchup", "chairs 500 g"]) {
      const { items, total_exact } = await lab.ask(q);
      for (const [at, { id, relaxed }] of items.entries()) {
        const { place, answers } = await why(q, id);
        expect([q, place, answers]).toEqual([q, at + 1, relaxed ? "part" : "whole"]);
      }
      const found = new Set(items.map(({ id }) => id));
      for (let id = 1; id <= 6; id++) if (!found.has(id)) expect([q, (await why(q, id)).place]).toEqual([q, null]);
      expect(total_exact).toBeLessThanOrEqual(items.length);
    }
  });

  test("is said of what the index lacks, and printed by the command", async () => {
    const printed = await runCommand(lab.shop, ["search", "why", "haldi", "TURM-100"]);
    expect(printed.answer).toEqual(await why("haldi", 3));
    expect(printed.text).toContain("Turmeric Powder, 100 g is number 1. It answers the whole search");
    expect(printed.text).toContain("synonym: turmeric");
    await lab.shop.database.transaction((tx) =>
      tx.run(
        engine.name === "sqlite"
          ? "DELETE FROM search_index WHERE rowid = 4"
          : "DELETE FROM search_index WHERE product_id = 4",
      ),
    );
    expect(await why("smartwatch", 4)).toMatchObject({
      place: null,
      because: "It is not in the search index: `sanset search reindex` puts it there.",
    });
  });
});
