import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { repeatable } from "../../bench/icecat/quality";
import { seedShop } from "../../src/demo/seed";
import { engines } from "../support/engines";
import { labIn, type SearchAnswer } from "../support/lab";
import { freshShop } from "../support/shop";

setDefaultTimeout(300_000);

/** How many searches are made up. CI may ask for more than a developer waits for. */
const SEARCHES = Number(process.env["SANSET_SEARCHES"] ?? 12);

/** How many texts of any letters and signs are made up. */
const TEXTS = Number(process.env["SANSET_TEXTS"] ?? 60);

const PIECES = [
  ..."abcxyz 0123456789 \"'-+*()[]{}^~:;,.!?/\\|&%$#@<>=_".split(""),
  ..."éßıİłøﬁ™№½²५٣７ａक्षिسلامךמ东京ラーคா한😀".split(""),
  ..."\u200d\u00ad\u0000\ud800\u202e".split(""),
  ...' AND | OR | NOT | NEAR(|-haldi|"atta rice"|5 kg|1/2 l|half a |6 x 330 ml|name:|brand:'.split("|"),
  ..."atta|rice|milk|and|for|tomatoes|tomatto|ghee|TN-2110".split("|"),
];

function anyText(random: () => number): string {
  const pieces = Array.from({ length: 1 + Math.floor(random() * 12) }, () =>
    random() < 0.3 ? " " : (PIECES[Math.floor(random() * PIECES.length)] ?? ""),
  );
  return pieces.join("").toWellFormed();
}

const WORDS =
  "atta rice dal milk cow ghee toor basmati powder chilli haldi paneer eggs mango onion tomato chips biscuits tea coffee oil salt organic zeppelin 1 kg 500 g 5kg 1l beejvan annavi chawal basmti and for".split(
    " ",
  );

describe.each(engines)("whatever is searched for on $name", (engine) => {
  let lab: ReturnType<typeof labIn>;
  let searches: string[];

  beforeAll(async () => {
    const shop = await freshShop(engine);
    await seedShop(shop, { seed: 1, products: 610, customers: 1, orders: 0, yes: true });
    lab = labIn(shop);
    const random = repeatable(Number(process.env["SANSET_SEED"] ?? 14));
    const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "";
    searches = Array.from({ length: SEARCHES }, () =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, word).join(" "),
    );
  });

  test("sorting never crosses the line, and changes nothing but the order", async () => {
    for (const q of searches) {
      const usual = await lab.ask(q);
      expect(usual.items.slice(0, usual.total_exact).every(({ relaxed }) => relaxed === undefined)).toBe(true);
      expect(usual.items.slice(usual.total_exact).every(({ relaxed }) => relaxed === true)).toBe(true);
      if (usual.total > 100) continue;
      for (const sort of ["price_asc", "name"]) {
        const sorted = await lab.ask(q, `&sort=${sort}`);
        expect([q, sorted.total, sorted.total_exact]).toEqual([q, usual.total, usual.total_exact]);
        for (const [from, to] of [
          [0, usual.total_exact],
          [usual.total_exact, usual.total],
        ] as const) {
          const part = sorted.items.slice(from, to);
          expect(part.map(({ id }) => id).toSorted(byNumber)).toEqual(idsOf(usual).slice(from, to).toSorted(byNumber));
          if (sort === "price_asc")
            expect(part.map(({ price }) => price)).toEqual(part.map(({ price }) => price).toSorted(byNumber));
        }
      }
    }
  });

  test("no text breaks it: there is an answer, marked as what it is, with suggestions", async () => {
    const random = repeatable(Number(process.env["SANSET_SEED"] ?? 7));
    for (let n = 0; n < TEXTS; n++) {
      const text = anyText(random);
      const { items, total, total_exact, relaxed_from } = await lab.ask(text, "&highlight=true");
      expect([text, total_exact <= total, items.length <= total]).toEqual([text, true, true]);
      expect([text, items.findIndex(({ relaxed }) => relaxed)]).toEqual([text, relaxed_from ?? -1]);
      expect(Array.isArray(await lab.suggest(text))).toBe(true);
    }
  });

  test("a filter never adds, and a facet's count is what choosing it shows", async () => {
    for (const q of searches) {
      const wide = await lab.ask(q);
      const all = new Set(idsOf(wide));
      const counted = wide.facets.category.reduce((sum, { count }) => sum + count, 0);
      expect([q, counted]).toEqual([q, wide.total_exact > 0 ? wide.total_exact : wide.total]);
      const chosen = [
        ...wide.facets.category
          .slice(0, 2)
          .map((facet) => ({ ...facet, filter: `&category=${encodeURIComponent(facet.value)}` })),
        ...Object.entries(wide.facets.attributes)
          .slice(0, 3)
          .flatMap(([name, values]) =>
            values
              .slice(0, 2)
              .map((facet) => ({ ...facet, filter: `&attr.${name}=${encodeURIComponent(facet.value)}` })),
          ),
      ];
      for (const { count, filter } of chosen) {
        const narrow = await lab.ask(q, filter);
        expect([q, filter, narrow.total]).toEqual([q, filter, count]);
        if (wide.total <= 100) for (const id of idsOf(narrow)) expect(all.has(id), `${q}${filter}`).toBe(true);
      }
    }
  });
});

const idsOf = ({ items }: SearchAnswer) => items.map(({ id }) => id);
const byNumber = (a: number, b: number) => a - b;
