import { z } from "zod";
import { adjustStock } from "./adjustment";
import { adminRoutes, type Web } from "../http/access";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { LARGEST_ID, wholeNumberText } from "../base/fields";
import { PageQuery } from "../base/page";
import { Adjustment, ShelfLevel, ShelfLine } from "../stock/schema";
import { listLowStock } from "./stock-list";

const ProductPath = z.strictObject({ product_id: wholeNumberText(1, LARGEST_ID) });

export const stockRoutes = (web: Web) =>
  adminRoutes(web, "stock", "/admin/stock")
    .get(
      "/low",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listLowStock(shop, page)),
      {
        query: PageQuery,
        response: { 200: z.array(ShelfLine) },
        detail: {
          summary: "List what has run low or is sold out, the lowest first",
          description:
            "Products with no more than `STOCK_LOW_AT` units left to buy. Of a product with variants, those that are low.",
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
