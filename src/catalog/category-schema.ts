import { z } from "zod";
import { text, words } from "../base/fields";
import { Slug } from "./schema";

export const Category = z.object({ category: z.string(), count: z.int() }).meta({ id: "Category" });

export type Category = z.infer<typeof Category>;

/** A category with what stands below it. */
export interface CategoryNode {
  category: string;
  slug: string | null;
  description: string | null;
  position: number;
  count: number;
  total: number;
  children: CategoryNode[];
}

export const CategoryNode: z.ZodType<CategoryNode> = z
  .object({
    category: z.string(),
    slug: z.string().nullable(),
    description: z.string().nullable(),
    position: z.int(),
    count: z.int().meta({ description: "Products in this category itself" }),
    total: z.int().meta({ description: "With those in all categories below it" }),
    get children() {
      return z.array(CategoryNode);
    },
  })
  .meta({ id: "CategoryNode" });

export const CategoryChange = z
  .strictObject({
    name: words(100).optional().meta({ description: "Another name: its products go along" }),
    merge: z
      .boolean()
      .optional()
      .meta({ description: "Whether the name may be another category's, which takes its products in" }),
    parent: words(100).nullish().meta({ description: "The category that it stands below; null for the top" }),
    slug: Slug.nullish(),
    description: text(2_000, 0).nullish(),
    position: z.int().min(-1_000_000).max(1_000_000).optional().meta({ description: "Its place among its neighbours" }),
  })
  .meta({ id: "CategoryChange" });

export type CategoryChange = z.infer<typeof CategoryChange>;
