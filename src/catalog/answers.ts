import type { Page } from "../page";
import { everythingFound, type Found, pageOfFound, search, type Selection } from "../search/search";
import type { Shop } from "../shop";
import { type Condition, conditionOf, isNarrow, type ProductFilter } from "./filters";
import { findProducts, idsOf, listProducts, type VersionedProduct } from "./queries";
import type { ProductQuery } from "./schema";

/** Which part of the answers is wanted, and in which order: by relevance unless there is a `sort`. */
interface Wanted {
  filter?: ProductFilter;
  sort?: ProductQuery["sort"];
  rows: Page;
}

export interface Answers {
  found: Found;
  total: number;
  items: VersionedProduct[];
  /** What all the answers have in common, for counting them. */
  condition: Condition;
}

/** The products that answer what somebody typed. */
export async function findAnswers(shop: Shop, text: string, { filter = {}, sort, rows }: Wanted): Promise<Answers> {
  const { database, settings } = shop;
  const narrow = conditionOf(database.engine, filter, settings);
  const within: Selection | undefined = isNarrow(filter) ? idsOf(narrow) : undefined;
  const found = await search(database, text, within);
  const condition = both(narrow, everythingFound(database, found, narrow.values.length));
  if (sort !== undefined)
    return { found, condition, ...(await listProducts(database, condition, sort, rows, settings)) };
  const { ids, total } = await pageOfFound(database, found, rows, within);
  return { found, condition, total, items: await findProducts(database, ids, settings) };
}

const both = (narrow: Condition, found: Selection): Condition => ({
  sql: `${narrow.sql} AND p.id IN (${found.sql})`,
  values: [...narrow.values, ...found.values],
});
