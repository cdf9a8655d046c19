import { adminRoutes, type Web } from "../http/access";
import { FREE_JSON } from "../http/declared";
import { failures } from "../http/problem";
import { changeProducts } from "./bulk";
import { BulkAnswer, BulkChange } from "./bulk-schema";

export const bulkRoutes = (web: Web) =>
  adminRoutes(web, "products", "/admin/products", { ...FREE_JSON, weight: 20 }).patch(
    "",
    ({ shop, body }) => changeProducts(shop, body),
    {
      body: BulkChange,
      response: { 200: BulkAnswer, ...failures(409) },
      detail: {
        summary: "Change many products at once, after a preview",
        description:
          "Without `confirm` it says what would change and changes nothing; with the `confirm` of that answer exactly this is " +
          "done, all of it or nothing. A change of price goes to the variants of a product that has some.",
      },
    },
  );
