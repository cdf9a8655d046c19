import { z } from "zod";
import { words } from "../base/fields";
import { adminRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import { type FollowCategory, putCategory, removeCategory } from "./category-tree";
import { CategoryChange, CategoryNode } from "./category-schema";

const NamePath = z.strictObject({ name: words(100) });

export const categoryRoutes = (web: Web, follow: FollowCategory) =>
  adminRoutes(web, "products", "/categories")
    .put("/:name", ({ shop, params, body }) => putCategory(shop, params.name, body, follow), {
      params: NamePath,
      body: CategoryChange,
      response: { 200: z.array(CategoryNode), ...failures(404, 409) },
      detail: {
        summary: "Put a category into the tree, rename it, or merge it into another",
        description:
          "What is absent stays. Answers with the whole tree. A category that is not there yet is made. Products and coupons go along with a new name.",
      },
    })
    .delete(
      "/:name",
      async ({ shop, params, status }) => {
        await removeCategory(shop, params.name);
        return status(204, undefined);
      },
      {
        params: NamePath,
        response: { 204: z.undefined(), ...failures(404, 409) },
        detail: {
          summary: "Take a category out of the tree",
          description: "Only an empty one. What stands below it moves up.",
        },
      },
    );
