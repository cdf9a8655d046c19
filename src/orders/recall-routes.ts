import { IdPath } from "../base/fields";
import { pageOf } from "../base/page";
import { adminRoutes, type Web } from "../http/access";
import { linkWalk } from "../http/lists";
import { failures } from "../http/problem";
import { BuyersPage, BuyersQuery } from "./buyer-schema";
import { listBuyers } from "./buyers";

export const recallRoutes = (web: Web) =>
  adminRoutes(web, "orders", "/products").get(
    "/:id/buyers",
    async ({ shop, params, query, request, set }) => {
      const { answer, next } = await listBuyers(shop, params.id, query, pageOf(query));
      linkWalk({ query: { ...query, cursor: query.cursor ?? "" }, request, set }, next);
      return answer;
    },
    {
      params: IdPath,
      query: BuyersQuery,
      response: { 200: BuyersPage, ...failures(404) },
      detail: {
        summary: "List who bought a product, with how to reach them: for a recall",
        description:
          "Every order that has it, the oldest first, and none is left out. Of a product with variants all of them; of a variant that one; also of what has left the catalog.",
      },
    },
  );
