import { getUserByIdOrEmail } from "../accounts/accounts";
import { IdPath } from "../base/fields";
import { adminRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import { Explanation, ExplanationQuery, RoleChange } from "./schema";
import { explain } from "./serve/explain";
import { modelsReady } from "./serve/model-in-service";
import { getModelInfo, ModelInfo } from "./train/history";
import { giveRole } from "./train/roles";
import { compareTrial, RecommendTrial } from "./train/trial";

const EXPLAINED = 8;

export const recommendAdminRoutes = (web: Web) =>
  adminRoutes(web, "recommend", "/admin/recommend")
    .put(
      "/models/:id/role",
      async ({ shop, params, body }) => {
        await giveRole(shop, params.id, body.role);
        await modelsReady(shop);
        return getModelInfo(shop, params.id);
      },
      {
        params: IdPath,
        body: RoleChange,
        response: { 200: ModelInfo, ...failures(404, 409) },
        detail: {
          summary: "Put a model into service, on trial, or out of use",
          description:
            "The model that had the role is retired: putting one that served before into service again rolls back. The next request is answered by it.",
        },
      },
    )
    .get("/trial", ({ shop }) => compareTrial(shop), {
      response: { 200: RecommendTrial },
      detail: {
        summary: "Compare the model on trial with the one in service",
        description: "By what their customers clicked and bought within a week, with 95 % intervals.",
      },
    })
    .get(
      "/explanation",
      async ({ shop, query }) =>
        explain(shop, (await getUserByIdOrEmail(shop, query.customer)).id, query.limit ?? EXPLAINED),
      {
        query: ExplanationQuery,
        response: { 200: Explanation, ...failures(404) },
        detail: { summary: "Set what a customer has bought beside what is recommended to them" },
      },
    );
