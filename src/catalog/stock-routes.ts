import { z } from "zod";
import { adjustStock } from "./adjustment";
import { changeShelves } from "./stock-changes";
import { adminRoutes, type Web } from "../http/access";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { FREE_JSON, takes } from "../http/declared";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { LARGEST_ID, text, wholeNumberText } from "../base/fields";
import { PageQuery, pageQuery } from "../base/page";
import { Adjustment, ShelfChanged, ShelfChanges, ShelfDetail, ShelfLevel, ShelfLine, ShelfMove } from "../stock/schema";
import { getStock, listLowStock, listShelfMoves, listStock } from "./stock-list";

const ProductPath = z.strictObject({ product_id: wholeNumberText(1, LARGEST_ID) });

export const stockRoutes = (web: Web) =>
  adminRoutes(web, "stock", "/admin/stock")
    .get(
      "",
      ({ shop, query: { q, ...query }, request, set }) =>
        answerPage({ query, request, set }, (page) => listStock(shop, page, q)),
      {
        query: z.strictObject({
          ...pageQuery,
          q: text(200).optional().meta({ description: "Part of its name, or its slug, sku or barcode" }),
        }),
        response: { 200: z.array(ShelfLine) },
        detail: {
          summary: "List what is in stock of each product and variant",
          ...takes({ most_ms: 100 }),
        },
      },
    )
    .get(
      "/low",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listLowStock(shop, page)),
      {
        query: PageQuery,
        response: { 200: z.array(ShelfLine) },
        detail: {
          summary: "List what has run low or is sold out, the lowest first",
          description:
            "Products with no more units left to buy than their `low_stock_at`, or `STOCK_LOW_AT` for those without one. Of a product with variants, those that are low.",
        },
      },
    )
    .get("/:product_id", ({ shop, params }) => getStock(shop, params.product_id), {
      params: ProductPath,
      response: { 200: ShelfDetail, ...failures(404) },
      detail: { summary: "Show what is in stock of a product, and of its variants" },
    })
    .get(
      "/:product_id/moves",
      ({ shop, params, query, request, set }) =>
        answerPage({ query, request, set }, (page) => listShelfMoves(shop, params.product_id, page)),
      {
        params: ProductPath,
        query: PageQuery,
        response: { 200: z.array(ShelfMove), ...failures(404) },
        detail: {
          summary: "List what was done to a product's stock, newest first",
          description:
            "What people and files did: what it began with, what came, what was counted. Orders have a history of their own.",
        },
      },
    )
    .post(
      "/changes",
      ({ shop, user, body, request, set }) =>
        repeatable({ request, user, body, set }, (once) => changeShelves(shop, body, once)),
      {
        body: ShelfChanges,
        response: { 200: ShelfChanged, ...failures(404, 409) },
        detail: {
          summary: "Write down a delivery or a stocktake",
          description:
            "All lines, or none. What was counted becomes a difference against what lies there now, so what sells meanwhile stays sold. With `dry_run` it only says what would change.",
          ...idempotencyKey,
          ...takes({ ...FREE_JSON, most_strings: 4_000, most_ms: 500, weight: 20 }),
        },
      },
    )
    .post(
      "/:product_id/adjustment",
      ({ shop, user, params, body, request, set }) =>
        repeatable({ request, user, body, set }, (once) => adjustStock(shop, params.product_id, body, once)),
      {
        params: ProductPath,
        body: Adjustment,
        response: { 200: ShelfLevel, ...failures(404, 409) },
        detail: {
          summary: "Add to a product's stock, or take away from it",
          description: "Becomes a row of the stock ledger with its reason. What is reserved for orders can't be taken.",
          ...idempotencyKey,
        },
      },
    );
