import { olderThan } from "../http/openapi/alias";
import { Elysia } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { adminRoutes, publicRoutes, type Web } from "../http/access";
import { ownPath } from "../http/arrival";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { FREE_JSON, takes } from "../http/declared";
import { answerPage, answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { flagText, IdPath, text } from "../base/fields";
import { PageQuery } from "../base/page";
import { categories, getProduct, getProductBySlug } from "./catalog";
import { changeProduct } from "./change";
import { createProduct } from "./create";
import type { DetailedProduct } from "./detail";
import { contentEtagOf, etagOf, ifMatch, isKnownToCaller } from "./etag";
import { listRemoved, removeProduct, restoreProduct } from "./removal";
import { categoryTree } from "./category-tree";
import { DeletedLine, NewProduct, ProductChange, ProductDetail, Restoration } from "./schema";
import { Category, CategoryNode } from "./category-schema";

export const catalogRoutes = (web: Web) => new Elysia().use(shopWindow(web)).use(shopkeeping(web)).use(removed(web));

const shopWindow = ({ shop }: Web) =>
  publicRoutes("products")
    .get(
      "/products/:id",
      async ({ params, request, set, status }) => {
        const product = await getProduct(shop, params.id);
        return notModified(request, set, product) ? status(304, undefined) : product;
      },
      {
        params: IdPath,
        response: { 200: ProductDetail, 304: z.undefined(), ...failures(404) },
        detail: { summary: "Show a product" },
      },
    )
    .get(
      "/products/slug/:slug",
      async ({ params, request, set, status }) => {
        const product = await getProductBySlug(shop, params.slug);
        return notModified(request, set, product) ? status(304, undefined) : product;
      },
      {
        params: z.strictObject({ slug: text(200) }),
        response: { 200: ProductDetail, 304: z.undefined(), ...failures(404) },
        detail: { summary: "Show a product by its slug" },
      },
    )
    .get(
      "/categories",
      async ({ query, request, set, status }) => {
        const list = query.tree ? await categoryTree(shop) : await categories(shop);
        const etag = contentEtagOf(list);
        set.headers["etag"] = etag;
        const answer = answerWhole<Category | CategoryNode>({ request, set }, list);
        return isKnownToCaller(request, etag) ? status(304, undefined) : answer;
      },
      {
        query: z.strictObject({
          tree: flagText.optional().meta({ description: "`true` gives those at the top, with what stands below each" }),
        }),
        // With what stands below it first: without, it would be taken for a plain one.
        response: { 200: z.array(z.union([CategoryNode, Category])), 304: z.undefined() },
        detail: { summary: "List the categories with how many products each has", responses: wholeListAnswer },
      },
    );

const shopkeeping = (web: Web) => {
  const change = {
    params: IdPath,
    body: ProductChange,
    response: { 200: ProductDetail, ...failures(404, 409, 412) },
    detail: {
      summary: "Change a product",
      description:
        "What is absent stays. `stock` sets what can still be bought. With `If-Match` a write over somebody else's edit is " +
        "refused, and `stock` counts from what was read then, so that a form never undoes a sale.",
    },
  };
  return adminRoutes(web, "products", "/products", FREE_JSON)
    .post(
      "",
      async ({ user, shop, body, request, set, status }) => {
        const created = await repeatable({ request, user, body, set }, (once) => createProduct(shop, body, once));
        const { version: _, variants_version: _variants, ...product } = created;
        set.headers["etag"] = etagOf(created);
        set.headers["location"] = ownPath(request, `${API}/products/${product.id}`);
        return status(201, product);
      },
      {
        body: NewProduct,
        response: { 201: ProductDetail, ...failures(404, 409) },
        detail: { summary: "Add a product", ...idempotencyKey },
      },
    )
    .put(
      "/:id",
      ({ shop, params, body, request, set }) => changed(set, changeProduct(shop, params.id, body, ifMatch(request))),
      { ...change, detail: { ...change.detail, ...olderThan("PATCH /products/{id}") } },
    )
    .patch(
      "/:id",
      ({ shop, params, body, request, set }) => changed(set, changeProduct(shop, params.id, body, ifMatch(request))),
      change,
    )
    .delete(
      "/:id",
      async ({ shop, params, request, status }) => {
        await removeProduct(shop, params.id, ifMatch(request));
        return status(204, undefined);
      },
      {
        params: IdPath,
        response: { 204: z.undefined(), ...failures(404, 412) },
        detail: {
          summary: "Take a product out of the catalog",
          description: "With its variants, where it has any. Orders that name it keep it.",
        },
      },
    )
    .post(
      "/:id/restoration",
      ({ shop, params, body, set }) => changed(set, restoreProduct(shop, params.id, body?.slug)),
      {
        params: IdPath,
        body: Restoration.optional(),
        response: { 200: ProductDetail, ...failures(404, 409) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Take a product back into the catalog",
          description: "With the variants that left it together with the product.",
        },
      },
    );
};

const removed = (web: Web) =>
  adminRoutes(web, "products", "/admin/products").get(
    "/deleted",
    ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listRemoved(shop, page)),
    {
      query: PageQuery,
      response: { 200: z.array(DeletedLine) },
      detail: {
        summary: "List what was taken out of the catalog, the latest first",
        description:
          "`POST /products/{id}/restoration` takes it back. Variants that left with their product come back with it, and are not listed.",
      },
    },
  );

interface Answer {
  headers: Record<string, string | number | string[] | undefined>;
}

function notModified(request: Request, set: Answer, product: DetailedProduct): boolean {
  const etag = etagOf(product);
  set.headers["etag"] = etag;
  return isKnownToCaller(request, etag);
}

async function changed(set: Answer, writing: Promise<DetailedProduct>): Promise<DetailedProduct> {
  const product = await writing;
  set.headers["etag"] = etagOf(product);
  return product;
}
