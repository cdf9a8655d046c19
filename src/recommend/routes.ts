import { ShopError } from "../errors";
import { userRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import { recommend } from "./recommend";
import { RecommendQuery, Recommendations, UserPath } from "./schema";

export const recommendRoutes = (web: Web) => {
  const { shop } = web;
  const forMe = {
    query: RecommendQuery,
    response: { 200: Recommendations, ...failures(401, 422) },
    detail: {
      summary: "Recommend products to me",
      description:
        "`homepage`: for you; `product`: to go with what `product_id` names; `cart`: to go with what is in the cart. " +
        "Never what I have bought, have in the cart, or can't buy now.",
    },
  };
  return userRoutes(web, "recommend", "/recommend")
    .get("", ({ user, query }) => recommend(shop, user.id, query), forMe)
    .get("/me", ({ user, query }) => recommend(shop, user.id, query), forMe)
    .get(
      "/:user_id",
      ({ user, params, query }) => {
        if (params.user_id !== user.id && !user.is_admin) {
          throw new ShopError("forbidden", "Only this customer and an admin of the shop may see this.");
        }
        return recommend(shop, params.user_id, query);
      },
      {
        params: UserPath,
        query: RecommendQuery,
        response: { 200: Recommendations, ...failures(401, 403, 404, 422) },
        detail: {
          summary: "Recommend products to a customer",
          description: "The customer's own, or an admin's to see.",
        },
      },
    );
};
