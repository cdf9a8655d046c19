import { Elysia } from "elysia";
import { z } from "zod";
import { IdPath } from "../base/fields";
import { adminRoutes, publicRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { changeRate, createRate, listRates, removeRate } from "./rates";
import { NewTaxRate, StoredTaxRate, TaxRateChange } from "./schema";

export const taxRoutes = (web: Web) => new Elysia().use(listing(web)).use(shopkeeping(web));

const listing = ({ shop }: Web) =>
  publicRoutes("tax", "/tax-rates").get(
    "",
    async ({ request, set }) => answerWhole({ request, set }, await listRates(shop)),
    {
      response: { 200: z.array(StoredTaxRate) },
      detail: {
        summary: "List the tax rates",
        description:
          "At a place hold all rates of the most specific one that has any: its state, then its country, then anywhere.",
        responses: wholeListAnswer,
      },
    },
  );

const shopkeeping = (web: Web) =>
  adminRoutes(web, "tax", "/tax-rates")
    .post("", async ({ shop, body, status }) => status(201, await createRate(shop, body)), {
      body: NewTaxRate,
      response: { 201: StoredTaxRate },
      detail: {
        summary: "Add a tax rate",
        description:
          "It holds from the next order on; orders keep what they were taxed with. Whether prices include tax is the setting `PRICES_INCLUDE_TAX`.",
      },
    })
    .patch("/:id", ({ shop, params, body }) => changeRate(shop, params.id, body), {
      params: IdPath,
      body: TaxRateChange,
      response: { 200: StoredTaxRate, ...failures(404) },
      detail: { summary: "Change a tax rate", description: "What is absent stays." },
    })
    .delete(
      "/:id",
      async ({ shop, params, status }) => {
        await removeRate(shop, params.id);
        return status(204, undefined);
      },
      {
        params: IdPath,
        response: { 204: z.undefined(), ...failures(404) },
        detail: { summary: "Remove a tax rate" },
      },
    );
