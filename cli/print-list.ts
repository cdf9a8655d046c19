import type { Terminal } from "./terminal";

/** Prints a list of any length, of which a terminal keeps no more than what `rowOf` says of each item, for `textOf`. */
export async function printList<Item, Row>(
  { print, printPieces }: Terminal,
  pieces: AsyncIterable<readonly Item[]>,
  rowOf: (item: Item) => Row,
  textOf: (rows: readonly Row[]) => string | Promise<string>,
): Promise<void> {
  if (printPieces) return printPieces(pieces, rowOf, textOf);
  const items = (await Array.fromAsync(pieces)).flat();
  print(items, await textOf(items.map(rowOf)));
}
