import { olderThan } from "../http/openapi/alias";
import { Elysia } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { ShopError } from "../base/errors";
import { adminRoutes, publicRoutes, userRoutes, type Web } from "../http/access";
import { ownPath } from "../http/arrival";
import { failures } from "../http/problem";
import type { Shop } from "../shop/shop";
import { IdPath } from "../base/fields";
import { retrainInBackground } from "./train/background";
import { buyAgain } from "./serve/buy-again";
import { recordEvent } from "./serve/events";
import { expanded } from "./serve/expand";
import { DEFAULT_LIMIT, popular, recommend, recommendTo } from "./serve/recommend";
import { TrainingRecord, trainingRecord } from "./train/history";
import {
  LimitQuery,
  ListQuery,
  NewEvent,
  Recommendation,
  Recommendations,
  RecommendQuery,
  Recorded,
  UserPath,
} from "./schema";
import { productsBoughtTogether, similarProducts } from "./serve/similar";

export const recommendRoutes = (web: Web) =>
  new Elysia().use(forEverybody(web)).use(forAdmins(web)).use(forCustomers(web)).use(eventRoutes(web));

const BegunRun = z.object({ run_id: z.int() }).meta({ id: "BegunRun" });

const forEverybody = ({ shop }: Web) =>
  publicRoutes("recommend")
    .get("/recommend/popular", async ({ query }) => expanded(shop, query, await popular(shop, query)), {
      query: ListQuery,
      response: { 200: z.array(Recommendation) },
      detail: { summary: "List what is popular right now" },
    })
    .get(
      "/products/:id/similar",
      async ({ params, query }) =>
        expanded(shop, query, await similarProducts(shop, params.id, query.limit ?? DEFAULT_LIMIT)),
      {
        params: IdPath,
        query: LimitQuery,
        response: { 200: z.array(Recommendation), ...failures(404) },
        detail: { summary: "List products that please the same customers" },
      },
    )
    .get(
      "/products/:id/bought-together",
      async ({ params, query }) =>
        expanded(shop, query, await productsBoughtTogether(shop, params.id, query.limit ?? DEFAULT_LIMIT)),
      {
        params: IdPath,
        query: LimitQuery,
        response: { 200: z.array(Recommendation), ...failures(404) },
        detail: { summary: "List products that are bought in the same orders" },
      },
    );

const forCustomers = (web: Web) => {
  const { shop } = web;
  const forMe = {
    query: RecommendQuery,
    response: { 200: Recommendations },
    detail: {
      summary: "Recommend products to me",
      description:
        "`homepage`: for you; `product`: to go with what `product_id` names; `cart`: to go with what is in the cart. " +
        "Never what I have in the cart or can't buy now, nor what I have bought; only to go with a cart there is " +
        "also what I keep buying.",
    },
  };
  return userRoutes(web, "recommend", "/recommend")
    .get("", ({ user, query }) => recommendTo(shop, user.id, query), forMe)
    .get("/me", ({ user, query }) => recommendTo(shop, user.id, query), {
      ...forMe,
      detail: { summary: forMe.detail.summary, ...olderThan("GET /recommend") },
    })
    .get(
      "/buy-again",
      async ({ user, query }) => expanded(shop, query, await buyAgain(shop, user.id, query.limit ?? DEFAULT_LIMIT)),
      {
        query: LimitQuery,
        response: { 200: z.array(Recommendation) },
        detail: { summary: "List what I keep buying" },
      },
    )
    .get("/:user_id", ({ user, params, query }) => recommendOf(shop, user, params.user_id, query), {
      params: UserPath,
      query: RecommendQuery,
      response: { 200: Recommendations, ...failures(403, 404) },
      detail: {
        summary: "Recommend products to a customer",
        description: "The customer's own, or an admin's to see.",
      },
    });
};

/** Only the customer's own look notes the list as shown: what an admin sees was not shown to the customer. Throws `forbidden`. */
function recommendOf(
  shop: Shop,
  user: { id: number; is_admin: boolean },
  customerId: number,
  query: RecommendQuery,
): Promise<Recommendations> {
  if (customerId === user.id) return recommendTo(shop, customerId, query);
  if (user.is_admin) return recommend(shop, customerId, query);
  throw new ShopError("forbidden", "Only this customer and an admin of the shop may see this.");
}

const forAdmins = (web: Web) =>
  adminRoutes(web, "recommend", "/recommend")
    .post(
      "/retrain",
      async ({ shop, user, request, set, status }) => {
        const { run_id } = await retrainInBackground(shop, `admin ${user.id}`);
        set.headers["location"] = ownPath(request, `${API}/recommend/models`);
        return status(202, { run_id });
      },
      {
        response: { 202: BegunRun, ...failures(409) },
        detail: {
          summary: "Train the recommender again",
          description: "In the background, one at a time. `GET /recommend/models` says what came of it.",
        },
      },
    )
    .get("/models", ({ shop }) => trainingRecord(shop), {
      response: { 200: TrainingRecord },
      detail: { summary: "List the models and the trainings, newest first" },
    });

const eventRoutes = (web: Web) =>
  userRoutes(web, "recommend").post(
    "/events",
    async ({ user, body, status }) => {
      await recordEvent(web.shop, user.id, body);
      return status(202, { recorded: true as const });
    },
    {
      body: NewEvent,
      response: { 202: Recorded, ...failures(404) },
      detail: {
        summary: "Say what I did with a product",
        description: "`view`, `click`, or `dismiss`: what I dismiss is not recommended to me again.",
      },
    },
  );
