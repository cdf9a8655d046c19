import { findAccount } from "../../accounts/queries";
import { ShopError } from "../../base/errors";
import { findCartLines } from "../../carts/queries";
import { findParentsOf } from "../../catalog/queries";
import { type Bought, readPurchasesOf } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import { listDismissed, listSeen, type Seen } from "../evaluate/queries";
import type { HistoryLine } from "../model/history";
import { DAY_MS } from "../../base/time";
import type { ServedModel } from "./served-model";

/** What a customer has done so far, as far as recommending goes. Variants count as their parents. */
export interface Customer {
  bought: Bought[];
  inCart: number[];
  seen: Seen[];
  /** What they dismissed or sent back. */
  refused: number[];
}

/** What a customer looked at longer ago says nothing about what they look for now. */
const SEEN_DAYS = 30;
const SEEN_PRODUCTS_MOST = 50;

/** Throws `not_found` for an unknown customer. */
export async function readCustomer(shop: Shop, userId: number): Promise<Customer> {
  const { database } = shop;
  const since = new Date(shop.now().getTime() - SEEN_DAYS * DAY_MS).toISOString();
  const [account, { bought, returned }, cart, seen, dismissed] = await Promise.all([
    findAccount(database, userId),
    readPurchasesOf(database, userId),
    findCartLines(database, userId),
    listSeen(database, userId, since, SEEN_PRODUCTS_MOST),
    listDismissed(database, userId),
  ]);
  if (!account) throw new ShopError("not_found", "There is no such user.");
  const inCart = cart.map((line) => line.product_id);
  const parents = await findParentsOf(database, inCart);
  return {
    bought,
    inCart: [...new Set(inCart.flatMap((id) => [id, parents.get(id) ?? id]))],
    seen,
    refused: [...dismissed, ...returned],
  };
}

/** Why a line is in a history. */
export type Cause = "bought" | "in cart" | "seen" | "at hand";
export type CausedLine = HistoryLine & { readonly cause: Cause };

/** A customer vector is made from so many products at most: more add nothing, and a buyer of thousands should not wait longer. */
const HISTORY_PRODUCTS_MOST = 500;
/** What lies in the cart, was clicked on or was looked at counts beside a purchase of today. */
const SHARES = { "in cart": 0.6, clicked: 0.5, viewed: 0.3 };

/** What a customer bought, and after it what they look at and have in the cart: all of it at once, without a training. */
export function historyOf({ bought, inCart, seen }: Customer, { model, rowOf }: ServedModel): CausedLine[] {
  const newest = bought[0] === undefined ? model.newestDay : Math.max(model.newestDay, dayOf(bought[0].last_placed_at));
  const moments = [...new Set(bought.map((product) => product.last_placed_at))];
  const newerOrders = new Map(moments.map((moment, at) => [moment, at]));
  const known = new Set<number>();
  const line = (id: number, given: Omit<CausedLine, "product">): CausedLine[] => {
    const product = rowOf.get(id);
    if (product === undefined || known.has(product)) return [];
    known.add(product);
    return [{ product, ...given }];
  };
  const now = { ageDays: 0, newerOrders: 0 };
  return [
    ...bought.slice(0, HISTORY_PRODUCTS_MOST).flatMap(({ product_id, last_placed_at }) =>
      line(product_id, {
        cause: "bought",
        // Ages count back from the newest order of all; a customer's own newer ones are of today.
        ageDays: Math.max(0, newest - dayOf(last_placed_at)),
        newerOrders: newerOrders.get(last_placed_at) ?? 0,
      }),
    ),
    ...inCart.flatMap((id) => line(id, { cause: "in cart", share: SHARES["in cart"], ...now })),
    ...seen.flatMap(({ product_id, clicks }) =>
      line(product_id, { cause: "seen", share: clicks > 0 ? SHARES.clicked : SHARES.viewed, ...now }),
    ),
  ];
}

const dayOf = (moment: string) => Date.parse(moment) / DAY_MS;
