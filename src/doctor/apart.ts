import { z } from "zod";
import { runOwnProgram } from "../shop/own-program";
import type { Shop } from "../shop/shop";

const Finding = z.object({
  check: z.string(),
  problem: z.string(),
  repairable: z.boolean().meta({ description: "Whether `sanset doctor --repair` can mend it" }),
});

export const Examination = z.object({ healthy: z.boolean(), problems: z.array(Finding) }).meta({ id: "Examination" });
export type Examination = z.infer<typeof Examination>;

/**
 * What `sanset doctor` says in a process of its own, in nobody's way. Undefined where the shop does not run as a program, and
 * "silent", which is logged, where it said nothing that can be understood.
 */
export async function askDoctor(
  shop: Shop,
  words: readonly string[] = [],
  signal?: AbortSignal,
): Promise<Examination | "silent" | undefined> {
  const said = await runOwnProgram(shop, ["doctor", "--json", ...words], signal);
  if (!said) return undefined;
  const answer = Examination.safeParse(jsonOf(said.out));
  if (answer.success) return answer.data;
  if (!signal?.aborted) {
    shop.log("error", "The doctor said nothing.", { code: said.code, error: said.err.trim().slice(-1_000) });
  }
  return "silent";
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
