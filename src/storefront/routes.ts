import { publicRoutes, type Web } from "../http/access";
import { shopProfile } from "./profile";
import { ShopProfile } from "./schema";

export const storefrontRoutes = ({ shop }: Web) =>
  publicRoutes("shop").get("/shop", () => shopProfile(shop), {
    response: { 200: ShopProfile },
    detail: {
      summary: "Show what the shop is",
      description: "Its name, currency, language and time zone, how one pays and what is delivered how.",
    },
  });
