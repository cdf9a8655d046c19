import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { proposeSynonyms } from "../../src/search/followups";
import { getProductNamed } from "../../src/catalog/catalog";
import { listMisses } from "../../src/search/misses";
import type { SearchReason } from "../../src/search/schema";
import { whyFound } from "../../src/search/why";
import { visible } from "../visible";
import { renewIndex } from "../../src/search/renewal";
import type { Synonyms } from "../../src/search/schema";
import { addSynonyms, listSynonyms, removeSynonyms } from "../../src/search/synonyms";
import { wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { many } from "../../src/base/many";

export const searchCommand = (terminal: Terminal) =>
  new Command("search")
    .description("look after what customers search for")
    .addCommand(reindexCommand(terminal))
    .addCommand(missesCommand(terminal))
    .addCommand(whyCommand(terminal))
    .addCommand(
      new Command("synonyms")
        .description("words that mean the same: whoever searches for one finds the others too")
        .addCommand(listCommand(terminal))
        .addCommand(addCommand(terminal))
        .addCommand(removeCommand(terminal))
        .addCommand(suggestCommand(terminal)),
    );

const reindexCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("reindex")
    .description("make the search index anew from the catalog, while the shop stays open")
    .action(() =>
      withShop(async (shop) => {
        const bar = progress("Indexing", "The search goes on with what it had. Run it again.");
        const products = await renewIndex(shop, (done, total) => bar.update(done, total));
        print({ products }, `${many(products, "product")} can be found.`);
      }),
    );

const missesCommand = ({ print, withShop }: Terminal) =>
  new Command("misses")
    .description("list what was searched and not found, the most often missed first")
    .option("--limit <n>", "how many", wholeNumber(1, 1_000), 50)
    .action(({ limit }: { limit: number }) =>
      withShop(async (shop) => {
        const misses = await listMisses(shop, limit);
        const rows = misses.map(({ words, times, missed_at }) => [words, times, missed_at]);
        print(misses, misses.length > 0 ? table(["WORDS", "TIMES", "LAST"], rows) : "Everything was found so far.");
      }),
    );

const whyCommand = ({ print, withShop }: Terminal) =>
  new Command("why")
    .description("say why a search finds a product where it does, or why not")
    .argument("<query>", "what was searched")
    .argument("<product>", "id, slug, SKU or barcode")
    .addHelpText("after", '\nExample:\n  sanset search why "basmati rice 5 kg" 17')
    .action((query: string, product: string) =>
      withShop(async (shop) => {
        const { id } = await getProductNamed(shop, product);
        const reason = await whyFound(shop, query, id);
        print(reason, reasonText(reason));
      }),
    );

function reasonText({ name, place, because, corrected_query, words, score }: SearchReason): string {
  const rows = words.map(({ word, taken_for, products, matched_by, as, fields, says_what_it_is, relevance }) => [
    taken_for === null ? word : `${word} → ${taken_for}`,
    products,
    matched_by === null || matched_by === "word" ? (matched_by ?? "-") : `${matched_by}: ${as}`,
    fields.map(({ field, times }) => (times === 1 ? field : `${field} ×${times}`)).join(", "),
    says_what_it_is ? "yes" : "",
    relevance.toFixed(3),
  ]);
  return [
    visible(`${name}${place === null ? "" : ` is number ${place}`}. ${because}`),
    ...(corrected_query === null ? [] : [visible(`Taken for: ${corrected_query}`)]),
    ...(rows.length > 0 ? ["", table(["WORD", "PRODUCTS", "FOUND AS", "IN", "ITS KIND", "RELEVANCE"], rows)] : []),
    ...(score === null ? [] : ["", scoreText(score)]),
  ].join("\n");
}

const scoreText = ({
  exact,
  words,
  side_by_side,
  sells_and_in_stock,
  total,
  of_the_first,
}: NonNullable<SearchReason["score"]>) =>
  [
    exact ? "Its whole name or code is what was searched for: it comes first." : "",
    `Score ${total.toFixed(3)} = ${words.toFixed(3)} for the words × ${side_by_side.toFixed(2)} side by side × ${sells_and_in_stock.toFixed(2)} sold and in stock.`,
    of_the_first === null ? "" : `The first has ${of_the_first.toFixed(3)}.`,
  ]
    .filter((line) => line !== "")
    .join("\n");

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list the synonyms").action(() =>
    withShop(async (shop) => {
      const synonyms = await listSynonyms(shop);
      const lines = synonyms.map(written);
      // Those that go both ways are lists, as they ever were.
      const rows = synonyms.map(({ phrases, finds }) => (finds.length > 0 ? { phrases, finds } : phrases));
      print(rows, lines.length > 0 ? lines.join("\n") : "There are no synonyms yet.");
    }),
  );

const written = ({ phrases, finds }: Synonyms) =>
  [phrases.join(" = "), ...(finds.length > 0 ? [finds.join(", ")] : [])].join(" → ");

const addCommand = ({ print, withShop }: Terminal) =>
  new Command("add")
    .description("say that words or phrases mean the same")
    .argument("<phrases...>", 'two or more, such as: sofa couch "love seat"')
    .option("--finds <phrases...>", "what a search for the others finds, without the way back")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset search synonyms add sofa couch\n  sanset search synonyms add haldi --finds turmeric",
    )
    .action((phrases: string[], { finds = [] }: { finds?: string[] }) =>
      withShop(async (shop) => {
        await addSynonyms(shop, phrases, finds);
        print({ added: phrases, ...(finds.length > 0 && { finds }) }, written({ phrases, finds }));
      }),
    );

const suggestCommand = ({ print, withShop }: Terminal) =>
  new Command("suggest")
    .description("propose synonyms by what customers searched in vain, and what they searched next")
    .option("--limit <n>", "how many", wholeNumber(1, 1_000), 20)
    .option("--times <n>", "only what was seen so often", wholeNumber(1, 1_000_000), 2)
    .addHelpText(
      "after",
      "\nExamples:\n  sanset search synonyms suggest\n  sanset search synonyms suggest --times 5 --json",
    )
    .action(({ limit, times }: { limit: number; times: number }) =>
      withShop(async (shop) => {
        const proposed = await proposeSynonyms(shop, limit, times);
        const rows = proposed.map(({ asked, finds, times }) => [asked, finds, times]);
        print(
          proposed,
          proposed.length > 0 ? table(["ASKED", "MEANT", "TIMES"], rows) : "There is nothing to propose yet.",
        );
      }),
    );

const removeCommand = ({ print, withShop }: Terminal) =>
  new Command("remove")
    .description("say that a word or phrase has no synonyms any more")
    .argument("<phrase>")
    .action((phrase: string) =>
      withShop(async (shop) => {
        const removed = await removeSynonyms(shop, phrase);
        if (!removed) throw new ShopError("not_found", `${phrase} has no synonyms: see sanset search synonyms list.`);
        print({ removed }, `${phrase} has no synonyms any more.`);
      }),
    );
