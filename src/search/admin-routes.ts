import { z } from "zod";
import { ShopError } from "../base/errors";
import { wholeNumberText, words } from "../base/fields";
import { pageQuery } from "../base/page";
import { adminRoutes, type Web } from "../http/access";
import { answerPage, answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { proposeSynonyms } from "./followups";
import { listMisses, MISSES_KEPT } from "./misses";
import { Miss, NewSynonyms, ProposedSynonym, SearchReason, Synonyms, WhyQuery } from "./schema";
import { addSynonyms, listSynonyms, removeSynonyms } from "./synonyms";
import { whyFound } from "./why";

/** They are few: nobody walks through them. */
const { cursor: _, ...numberedPages } = pageQuery;

export const searchAdminRoutes = (web: Web) =>
  adminRoutes(web, "search", "/admin/search")
    .get("/why", ({ shop, query }) => whyFound(shop, query.q, query.product_id), {
      query: WhyQuery,
      response: { 200: SearchReason, ...failures(404) },
      detail: {
        summary: "Say why a search finds a product where it does, or not",
        description:
          "Which of the words it has and where, by which repair or synonym, and what its score is made of. Nothing is noted as searched.",
      },
    })
    .get(
      "/misses",
      ({ shop, query, request, set }) =>
        answerPage({ query, request, set }, async ({ offset, limit }) => {
          const misses = await listMisses(shop, MISSES_KEPT);
          return { items: misses.slice(offset, offset + limit), total: misses.length };
        }),
      {
        query: z.strictObject(numberedPages),
        response: { 200: z.array(Miss) },
        detail: { summary: "List what was searched and not found, the most often missed first" },
      },
    )
    .get("/synonyms", async ({ shop, request, set }) => answerWhole({ request, set }, await listSynonyms(shop)), {
      response: { 200: z.array(Synonyms) },
      detail: { summary: "List the words that mean the same", responses: wholeListAnswer },
    })
    .get("/synonyms/proposals", ({ shop, query }) => proposeSynonyms(shop, query.limit ?? 20), {
      query: z.strictObject({ limit: wholeNumberText(1, 100).optional().meta({ default: 20 }) }),
      response: { 200: z.array(ProposedSynonym) },
      detail: {
        summary: "Propose synonyms by what customers searched in vain, and what they searched next",
      },
    })
    .post(
      "/synonyms",
      async ({ shop, body: { phrases, finds }, status }) => {
        await addSynonyms(shop, phrases, finds);
        return status(201, { phrases, finds });
      },
      {
        body: NewSynonyms,
        response: { 201: Synonyms },
        detail: {
          summary: "Say that words or phrases mean the same",
          description:
            "Whoever searches for one of `phrases` finds the others and, without the way back, what stands in `finds`.",
        },
      },
    )
    .delete(
      "/synonyms/:phrase",
      async ({ shop, params, status }) => {
        if (!(await removeSynonyms(shop, params.phrase))) {
          throw new ShopError("not_found", "This word or phrase has no synonyms.");
        }
        return status(204, undefined);
      },
      {
        params: z.strictObject({ phrase: words(200) }),
        response: { 204: z.undefined(), ...failures(404) },
        detail: { summary: "Say that a word or phrase has no synonyms any more" },
      },
    );
