import { load, request } from "../load";
import { type Judgements, misspell, repeatable, type Typed } from "./quality";

/** How often every query is asked while the clock runs. */
export const ROUNDS = 20;

export const searching = (typed: string) => `/api/v1/search?limit=10&q=${encodeURIComponent(typed)}`;

/** Each query letter by letter. */
export const typing = (queries: readonly string[]): string[] =>
  queries.flatMap((query) =>
    Array.from(
      { length: query.length },
      (_, at) => `/api/v1/search/suggestions?q=${encodeURIComponent(query.slice(0, at + 1))}`,
    ),
  );

export const again = <Item>(items: readonly Item[], rounds: number): Item[] =>
  Array.from({ length: rounds }, () => items).flat();

export function misspellings(
  judgements: Judgements,
  kind: { edits: number; letters: number },
  rounds: number,
): Typed[] {
  const random = repeatable(2030);
  return again([...judgements.keys()], rounds).flatMap((query) => {
    const typed = misspell(query, kind, random);
    return typed === undefined ? [] : [{ query, typed }];
  });
}

/** What a server takes for each of these, one after the other, in milliseconds. Throws where an answer is no 200. */
export async function timed(port: number, paths: readonly string[]): Promise<number[]> {
  const requests = paths.map((path) => request("GET", path));
  const { latencies, statuses } = await load({ port, connections: 1, seconds: 600, next: (_, sent) => requests[sent] });
  if (Object.keys(statuses).join() !== "200")
    throw new Error(`Not every answer was a 200: ${JSON.stringify(statuses)}`);
  return latencies;
}
