/** The places of the `count` highest scores, highest first; of equal ones the first. Scores of −∞ are left out. */
export function highest(scores: ArrayLike<number>, count: number): number[] {
  return count <= SHORT_LIST ? inserted(scores, count) : heaped(scores, count);
}

/** Up to so many, moving what is lower by one place costs less than a heap. */
const SHORT_LIST = 64;

function inserted(scores: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  const sums: number[] = [];
  let least = -Infinity;
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place]!;
    if (score > least) least = insert(best, sums, count, place, score);
  }
  return best;
}

/** Puts a place where its score belongs, behind equal ones, and returns what the next one must exceed. */
function insert(best: number[], sums: number[], count: number, place: number, score: number): number {
  if (count === 0) return Infinity;
  let at = best.length < count ? best.length : count - 1;
  for (; at > 0 && sums[at - 1]! < score; at--) {
    best[at] = best[at - 1]!;
    sums[at] = sums[at - 1]!;
  }
  best[at] = place;
  sums[at] = score;
  return best.length === count ? sums[count - 1]! : -Infinity;
}

function heaped(scores: ArrayLike<number>, count: number): number[] {
  // A heap with the worst of the best on top.
  const heap: number[] = [];
  const worse = (a: number, b: number) => scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  for (let place = 0; place < scores.length; place++) {
    if (scores[place] === -Infinity) continue;
    if (heap.length < count) {
      heap.push(place);
      rise(heap, worse);
    } else if (worse(heap[0]!, place)) {
      heap[0] = place;
      sink(heap, worse);
    }
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}

type Worse = (a: number, b: number) => boolean;

function rise(heap: number[], worse: Worse): void {
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!worse(heap[child]!, heap[parent]!)) return;
    [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
    child = parent;
  }
}

function sink(heap: number[], worse: Worse): void {
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= heap.length) return;
    if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child++;
    if (!worse(heap[child]!, heap[parent]!)) return;
    [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
    parent = child;
  }
}

/** Scores, and how much each counts in a sum. */
export interface Weighed {
  readonly scores: Float32Array;
  readonly weight: number;
}

const NONE: Weighed = { scores: new Float32Array(), weight: 0 };

/** The places of the `count` highest sums of up to three scores each, highest first; of equal ones the first. Some are left out. */
export function highestSums([a = NONE, b = NONE, c = NONE]: readonly Weighed[], isLeftOut: Uint8Array, count: number) {
  const best: number[] = [];
  const sums: number[] = [];
  // What is not there is read as something that counts nothing.
  const [x, y, z] = [a.scores, b === NONE ? a.scores : b.scores, c === NONE ? a.scores : c.scores];
  let least = -Infinity;
  for (let place = 0; place < x.length; place++) {
    const sum = a.weight * x[place]! + b.weight * y[place]! + c.weight * z[place]!;
    if (sum > least && isLeftOut[place] !== 1) least = insert(best, sums, count, place, sum);
  }
  return best;
}
