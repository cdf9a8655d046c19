import { ShopError } from "../base/errors";
import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { askDoctor, Examination } from "./apart";
import { examine } from "./doctor";

export const doctorRoutes = (web: Web) =>
  adminRoutes(web, "admin", "/admin/doctor").get("", () => examination(web.shop), {
    response: { 200: Examination, ...failures(409) },
    detail: {
      summary: "Look whether everything adds up",
      description:
        "Stock, orders, payments, coupons and the search, as `sanset doctor` does. It takes a while in a large shop, in a process of its own; whoever asks meanwhile gets the same answer.",
      ...takes({ weight: 60 }),
    },
  });

const underWay = perShop((): { now?: Promise<Examination> } => ({}));

function examination(shop: Shop): Promise<Examination> {
  const kept = underWay(shop);
  kept.now ??= examineApart(shop).finally(() => delete kept.now);
  return kept.now;
}

async function examineApart(shop: Shop): Promise<Examination> {
  const answer = await askDoctor(shop);
  if (answer === "silent") {
    throw new ShopError("conflict", "The doctor could not look at the shop: the log says why. Ask sanset doctor.");
  }
  if (answer) return answer;
  const problems = await examine(shop);
  return { healthy: problems.length === 0, problems };
}
