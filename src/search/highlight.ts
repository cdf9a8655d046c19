import { fold } from "../base/text";
import { amountsIn } from "../search-index/amounts";
import { stemsOf } from "../search-index/stem";
import type { Shop } from "../shop/shop";
import type { Found } from "./search";

/** A word or amount of a text as it is written, with its signs: `27"`, `T-Shirt` in two parts. */
const PIECE = /\d+(?:[.,]\d+)?[\s-]?(?:[\p{L}\p{M}]+|["″”])|[\p{L}\p{N}\p{M}]+/gu;
/** Of a description that much is shown around the first word. */
const SNIPPET_LETTERS = 200;

/** Marks in a product's name and description what was searched for: HTML with `<mark>`, everything else escaped. */
export function highlighter({ settings }: Pick<Shop, "settings">, found: Found | undefined) {
  const spellings = (found?.answer?.wanted ?? []).flatMap((reading) => reading.flatMap((term) => term.spellings));
  const stems = new Set(spellings.flatMap((spelling) => spelling.stems));
  const beginnings = spellings.flatMap(({ stems, unfinished }) => (unfinished ? stems.slice(-1) : []));
  const isWanted = (piece: string): boolean => {
    const folded = fold(piece);
    if (amountsIn(folded).some(({ terms }) => terms.some((term) => stems.has(term)))) return true;
    return (
      stemsOf(folded, settings.searchLanguages).some((stem) => stems.has(stem)) ||
      beginnings.some((beginning) => folded.startsWith(beginning))
    );
  };
  return <Named extends { name: string; description: string | null }>(product: Named) => ({
    ...product,
    highlight: {
      name: marked(product.name, isWanted),
      description: product.description === null ? null : marked(snippetOf(product.description, isWanted), isWanted),
    },
  });
}

function marked(text: string, isWanted: (piece: string) => boolean): string {
  let html = "";
  let end = 0;
  for (const { index, 0: piece } of text.matchAll(PIECE)) {
    html +=
      escaped(text.slice(end, index)) + (isWanted(piece) ? `<mark>${escaped(piece)}</mark>` : partly(piece, isWanted));
    end = index + piece.length;
  }
  return html + escaped(text.slice(end));
}

/** `500 tea` is no amount: then each word counts by itself. */
const partly = (piece: string, isWanted: (piece: string) => boolean): string =>
  /\s/.test(piece)
    ? piece
        .split(/(\s)/)
        .map((word) => (isWanted(word) ? `<mark>${escaped(word)}</mark>` : escaped(word)))
        .join("")
    : escaped(piece);

function snippetOf(text: string, isWanted: (piece: string) => boolean): string {
  if (text.length <= SNIPPET_LETTERS) return text;
  const first = [...text.matchAll(PIECE)].find(([piece]) => isWanted(piece))?.index ?? 0;
  const from = Math.max(0, Math.min(first - SNIPPET_LETTERS / 4, text.length - SNIPPET_LETTERS));
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1 || from;
  const end = Math.min(text.length, start + SNIPPET_LETTERS);
  const to = end === text.length ? end : Math.max(text.lastIndexOf(" ", end), start + 1);
  return `${start > 0 ? "…" : ""}${text.slice(start, to)}${to < text.length ? "…" : ""}`;
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
