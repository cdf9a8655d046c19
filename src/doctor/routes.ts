import { z } from "zod";
import { ShopError } from "../base/errors";
import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { runOwnProgram } from "../shop/own-program";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { examine } from "./doctor";

const Finding = z.object({
  check: z.string(),
  problem: z.string(),
  repairable: z.boolean().meta({ description: "Whether `sanset doctor --repair` can mend it" }),
});

const Examination = z.object({ healthy: z.boolean(), problems: z.array(Finding) }).meta({ id: "Examination" });
type Examination = z.infer<typeof Examination>;

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
  const said = await runOwnProgram(shop, ["doctor", "--json"]);
  if (!said) {
    const problems = await examine(shop);
    return { healthy: problems.length === 0, problems };
  }
  const answer = Examination.safeParse(jsonOf(said.out));
  if (answer.success) return answer.data;
  shop.log("error", "The doctor said nothing.", { code: said.code, error: said.err.trim().slice(-1_000) });
  throw new ShopError("conflict", "The doctor could not look at the shop: the log says why. Ask sanset doctor.");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
