import { z } from "zod";
import { adjustStock } from "./adjustment";
import { adminRoutes, type Web } from "../http/access";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { failures } from "../http/problem";
import { LARGEST_ID, wholeNumberText } from "../base/fields";
import { Adjustment, ShelfLevel } from "../stock/schema";

const ProductPath = z.strictObject({ product_id: wholeNumberText(1, LARGEST_ID) });

export const stockRoutes = (web: Web) =>
  adminRoutes(web, "stock", "/admin/stock").post(
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
