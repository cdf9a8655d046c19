/** A fault in a piece of SQL, by its place in the piece. */
export interface SqlMutation {
  kind: string;
  start: number;
  end: number;
  replacement: string;
}

const LOOKS_LIKE_SQL = /\b(SELECT|UPDATE|DELETE FROM|INSERT INTO|WHERE|AND|ORDER BY)\b/;

/** Where a predicate begins, and what ends it. */
const BEGINS = /\b(?:WHERE|AND|ON)\s+/g;
const ENDS = /^(\s+(AND|OR|ORDER|GROUP|LIMIT|RETURNING|UNION|WHERE|JOIN|LEFT|DO|FOR|SET|WHEN|THEN|END)\b|[),;"`'])/;

const SHIFTS: [string, RegExp, string][] = [
  ["SQL comparison shifted", / >= /g, " > "],
  ["SQL comparison shifted", / <= /g, " < "],
  ["SQL comparison shifted", / < /g, " <= "],
  ["SQL comparison shifted", / > /g, " >= "],
  ["SQL order turned around", / DESC\b/g, " ASC"],
  ["SQL arithmetic turned around", / \+ (?=\$)/g, " - "],
  ["SQL arithmetic turned around", / - (?=\$)/g, " + "],
];

/**
 * A dropped predicate stays in the text as `(… OR 1 = 1)`, so that the parameters of the statement are still used: PostgreSQL
 * would refuse it otherwise, and every such fault would be noticed for that alone.
 */
export function sqlMutations(piece: string): SqlMutation[] {
  if (!LOOKS_LIKE_SQL.test(piece)) return [];
  const found: SqlMutation[] = [];
  for (const match of piece.matchAll(BEGINS)) {
    const start = match.index + match[0].length;
    const end = predicateEnd(piece, start);
    const predicate = piece.slice(start, end);
    if (!/[=<>]|\bIS\b|\bIN\b|\bLIKE\b|\bEXISTS\b/.test(predicate)) continue;
    found.push({ kind: "SQL predicate dropped", start, end, replacement: `(${predicate} OR 1 = 1)` });
  }
  for (const [kind, pattern, replacement] of SHIFTS) {
    for (const match of piece.matchAll(pattern)) {
      found.push({ kind, start: match.index, end: match.index + match[0].length, replacement });
    }
  }
  return found;
}

function predicateEnd(piece: string, start: number): number {
  let depth = 0;
  for (let at = start; at < piece.length; at++) {
    if (depth === 0 && ENDS.test(piece.slice(at, at + 12))) return at;
    if (piece[at] === "(") depth++;
    if (piece[at] === ")") depth--;
  }
  return piece.length;
}
