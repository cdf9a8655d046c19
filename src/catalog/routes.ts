import { Elysia } from "elysia";
import { z } from "zod";
import { API } from "../base/api";
import { adminRoutes, publicRoutes, type Web } from "../http/access";
import { idempotencyKey, repeatable } from "../idempotency/header";
import { FREE_JSON_BYTES } from "../http/declared";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { IdPath, text } from "../base/fields";
import { categories, changeProduct, createProduct, getProduct, getProductBySlug, removeProduct } from "./catalog";
import { contentEtagOf, etagOf, ifMatch, isKnownToCaller } from "./etag";
import type { VersionedProduct } from "./queries";
import { Category, NewProduct, Product, ProductChange } from "./schema";

export const catalogRoutes = (web: Web) => new Elysia().use(shopWindow(web)).use(shopkeeping(web));

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
        response: { 200: Product, 304: z.undefined(), ...failures(404) },
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
        response: { 200: Product, 304: z.undefined(), ...failures(404) },
        detail: { summary: "Show a product by its slug" },
      },
    )
    .get(
      "/categories",
      async ({ request, set, status }) => {
        const list = await categories(shop);
        const etag = contentEtagOf(list);
        set.headers["etag"] = etag;
        const answer = answerWhole({ request, set }, list);
        return isKnownToCaller(request, etag) ? status(304, undefined) : answer;
      },
      {
        response: { 200: z.array(Category), 304: z.undefined() },
        detail: { summary: "List the categories with how many products each has", responses: wholeListAnswer },
      },
    );

const shopkeeping = (web: Web) => {
  const change = {
    params: IdPath,
    body: ProductChange,
    response: { 200: Product, ...failures(404, 409, 412) },
    detail: {
      summary: "Change a product",
      description:
        "What is absent stays. `stock` sets what can still be bought. With `If-Match` a stale write is refused.",
    },
  };
  return adminRoutes(web, "products", "/products", { most_bytes: FREE_JSON_BYTES })
    .post(
      "",
      async ({ user, shop, body, request, set, status }) => {
        const created = await repeatable({ request, user, body, set }, (once) => createProduct(shop, body, once));
        const { version: _, ...product } = created;
        set.headers["etag"] = etagOf(created);
        set.headers["location"] = `${API}/products/${product.id}`;
        return status(201, product);
      },
      {
        body: NewProduct,
        response: { 201: Product, ...failures(409) },
        detail: { summary: "Add a product", ...idempotencyKey },
      },
    )
    .put(
      "/:id",
      ({ shop, params, body, request, set }) => changed(set, changeProduct(shop, params.id, body, ifMatch(request))),
      change,
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
        detail: { summary: "Take a product out of the catalog", description: "Orders that name it keep it." },
      },
    );
};

interface Answer {
  headers: Record<string, string | number | string[] | undefined>;
}

function notModified(request: Request, set: Answer, product: VersionedProduct): boolean {
  const etag = etagOf(product);
  set.headers["etag"] = etag;
  return isKnownToCaller(request, etag);
}

async function changed(set: Answer, writing: Promise<VersionedProduct>): Promise<VersionedProduct> {
  const product = await writing;
  set.headers["etag"] = etagOf(product);
  return product;
}
