import { olderThan } from "../http/openapi/alias";
import { userRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import { addToCart, emptyCart, getCart, removeFromCart, setInCart } from "./carts";
import { Addition, Cart, ItemPath, NewQty, Removal, MOST_LINES } from "./schema";

export const cartRoutes = (web: Web) => {
  const { shop } = web;
  const addition = { body: Addition, response: { 200: Cart, ...failures(404) } };
  return userRoutes(web, "cart", "/cart", { most_rows: MOST_LINES })
    .get("", ({ user }) => getCart(shop, user.id), {
      response: { 200: Cart },
      detail: { summary: "Show my cart" },
    })
    .post("/add", ({ user, body }) => addToCart(shop, user.id, body), {
      ...addition,
      detail: { summary: "Put something into my cart", ...olderThan("POST /cart/items") },
    })
    .post("/remove", ({ user, body }) => removeFromCart(shop, user.id, body.product_id), {
      body: Removal,
      response: { 200: Cart },
      detail: { summary: "Take a product out of my cart", ...olderThan("DELETE /cart/items/{product_id}") },
    })
    .post("/items", ({ user, body }) => addToCart(shop, user.id, body), {
      ...addition,
      detail: { summary: "Put something into my cart", description: "Adds to what is there already." },
    })
    .put("/items/:product_id", ({ user, params, body }) => setInCart(shop, user.id, { ...params, ...body }), {
      params: ItemPath,
      body: NewQty,
      response: { 200: Cart, ...failures(404) },
      detail: { summary: "Say how many of a product are in my cart" },
    })
    .delete("/items/:product_id", ({ user, params }) => removeFromCart(shop, user.id, params.product_id), {
      params: ItemPath,
      response: { 200: Cart },
      detail: { summary: "Take a product out of my cart" },
    })
    .delete("", ({ user }) => emptyCart(shop, user.id), {
      response: { 200: Cart },
      detail: { summary: "Empty my cart" },
    });
};
