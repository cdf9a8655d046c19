/**
 * Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment, Boytsov 2011).
 * Anything above `most` stands for "too many".
 */
export function editsBetween(a: string, b: string, most: number): number {
  return align(a, b, most, PLAIN);
}

/**
 * The same, each edit by how easily it happens: 1 for one letter instead of another that neither sounds like it nor lies
 * beside it on the keyboard, less for all others, more at the beginning of a word, where few mistakes are made.
 */
export function slipBetween(typed: string, meant: string, most = 3): number {
  return align(typed, meant, most, LIKELY);
}

interface Costs {
  /** A letter of one word that the other has not. */
  extra(word: string, at: number): number;
  instead(a: string, i: number, b: string, j: number): number;
  swap(at: number): number;
}

const PLAIN: Costs = { extra: () => 1, instead: () => 1, swap: () => 1 };

const FIRST_LETTER = 0.3;
const atFirst = (at: number) => (at === 0 ? FIRST_LETTER : 0);
/** A first letter is lost or doubled sooner than it is taken for another. */
const EXTRA_FIRST_LETTER = 0.1;
const LIKELY: Costs = {
  extra(word, at) {
    const first = at === 0 ? EXTRA_FIRST_LETTER : 0;
    if (word[at] === word[at - 1] || word[at] === word[at + 1]) return 0.4 + first;
    return (VOWELS.test(word[at] ?? "") || word[at] === "h" ? 0.8 : 0.9) + first;
  },
  instead(a, i, b, j) {
    const pair = [a[i] ?? "", b[j] ?? ""].toSorted().join("");
    const easily = SOUND_ALIKE.has(pair) ? 0.6 : areNeighbours(pair) ? 0.7 : 1;
    return easily + atFirst(Math.min(i, j));
  },
  swap: (at) => 0.5 + atFirst(at),
};

const VOWELS = /[aeiou]/;
const SOUND_ALIKE = new Set(
  "ae ai ao au ei eo eu io iu ou iy ey ck cs kq sz cz bp dt gj jy mn vw bv fv fp ks kx gh"
    .split(" ")
    .map((pair) => Array.from(pair).toSorted().join("")),
);

const KEYBOARD = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const places = new Map(
  KEYBOARD.flatMap((row, y) =>
    Array.from(row).map((letter, x): [string, [number, number]] => [letter, [x + y * 0.5, y]]),
  ),
);

function areNeighbours(pair: string): boolean {
  const [one, other] = [places.get(pair[0] ?? ""), places.get(pair[1] ?? "")];
  return (
    one !== undefined && other !== undefined && Math.abs(one[0] - other[0]) <= 1 && Math.abs(one[1] - other[1]) <= 1
  );
}

function align(a: string, b: string, most: number, costs: Costs): number {
  const tooMany = most + 1;
  if (Math.abs(a.length - b.length) * 0.4 > most) return tooMany;
  let row: number[] = [0];
  for (let j = 1; j <= b.length; j++) row.push((row[j - 1] ?? 0) + costs.extra(b, j - 1));
  let [above, twoAbove] = [[] as number[], [] as number[]];
  for (let i = 1; i <= a.length; i++) {
    [twoAbove, above, row] = [above, row, [(row[0] ?? 0) + costs.extra(a, i - 1)]];
    let least = row[0] ?? 0;
    for (let j = 1; j <= b.length; j++) {
      const differs = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : costs.instead(a, i - 1, b, j - 1);
      let cost = Math.min(
        (above[j] ?? 0) + costs.extra(a, i - 1),
        (row[j - 1] ?? 0) + costs.extra(b, j - 1),
        (above[j - 1] ?? 0) + differs,
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (twoAbove[j - 2] ?? 0) + costs.swap(Math.min(i, j) - 2));
      row[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return tooMany;
  }
  return Math.min(row[b.length] ?? 0, tooMany);
}
