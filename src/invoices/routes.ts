import { Elysia } from "elysia";
import { z } from "zod";
import { ShopError } from "../base/errors";
import { IdPath } from "../base/fields";
import { adminRoutes, userRoutes, type Web } from "../http/access";
import { answerPage } from "../http/lists";
import { failures } from "../http/problem";
import { getOrder, getOwnOrder } from "../orders/orders";
import type { Shop } from "../shop/shop";
import { getInvoice, getInvoiceOf, listInvoices } from "./invoices";
import { getOrderFacts, type OrderFacts } from "./order-facts";
import { deliveryNote, invoicePage, packingSlip, packingSlips, PAPER_POLICY } from "./paper";
import { Invoice, InvoiceEntry, InvoiceQuery, SlipsQuery } from "./schema";

export const invoiceRoutes = (web: Web) => new Elysia().use(ownRoutes(web)).use(shopRoutes(web));

/** What the document says beside JSON. */
const asPage = (description: string) => ({
  responses: { 200: { description, content: { "text/html": { schema: { type: "string" as const } } } } },
});

const negotiated = "A page (`text/html`) where `Accept` prefers one, as a browser's does, else JSON.";

const ownRoutes = (web: Web) => {
  const { shop } = web;
  return userRoutes(web, "invoices")
    .get(
      "/orders/:id/invoice",
      async ({ user, params, request }) => {
        await (user.is_admin ? getOrder(shop.database, params.id) : getOwnOrder(shop.database, params.id, user.id));
        return answer(shop, request, await getInvoiceOf(shop, params.id));
      },
      {
        params: IdPath,
        response: { 200: Invoice, ...failures(404) },
        detail: {
          summary: "Show the invoice of one of my orders",
          description: negotiated,
          ...asPage("As JSON or as a page"),
        },
      },
    )
    .get(
      "/invoices/:id",
      async ({ user, params, request }) => {
        const invoice = await getInvoice(shop, params.id);
        if (!user.is_admin) await getOwnOrder(shop.database, invoice.order_id, user.id).catch(hideForeign);
        return answer(shop, request, invoice);
      },
      {
        params: IdPath,
        response: { 200: Invoice, ...failures(404) },
        detail: {
          summary: "Show an invoice or credit note of mine; for admins, anybody's",
          description: negotiated,
          ...asPage("As JSON or as a page"),
        },
      },
    );
};

const shopRoutes = (web: Web) =>
  adminRoutes(web, "invoices")
    .get(
      "/invoices",
      ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listInvoices(shop, query, page)),
      {
        query: InvoiceQuery,
        response: { 200: z.array(InvoiceEntry) },
        detail: { summary: "List invoices and credit notes, newest first" },
      },
    )
    .get(
      "/orders/:id/packing-slip",
      async ({ shop, params }) => paper(packingSlip(shop.settings, await getOrderFacts(shop.database, params.id))),
      {
        params: IdPath,
        response: { 200: z.void(), ...failures(404) },
        detail: { summary: "Print what is to be packed for an order", ...asPage("A page that prints well") },
      },
    )
    .get(
      "/admin/packing-slips",
      async ({ shop, query }) => {
        const orders: OrderFacts[] = [];
        for (const id of query.ids) orders.push(await getOrderFacts(shop.database, id));
        return paper(packingSlips(shop.settings, orders));
      },
      {
        query: SlipsQuery,
        response: { 200: z.void(), ...failures(404) },
        detail: {
          summary: "Print the packing slips of many orders, a sheet for each",
          ...asPage("A page that prints well"),
        },
      },
    )
    .get(
      "/orders/:id/delivery-note",
      async ({ shop, params }) => paper(deliveryNote(shop.settings, await getOrderFacts(shop.database, params.id))),
      {
        params: IdPath,
        response: { 200: z.void(), ...failures(404) },
        detail: { summary: "Print what goes into the parcel of an order", ...asPage("A page that prints well") },
      },
    );

/** Whether there is an invoice at all is not for strangers to know. */
function hideForeign(error: unknown): never {
  if (error instanceof ShopError && error.code === "not_found")
    throw new ShopError("not_found", "There is no such invoice.");
  throw error;
}

/** JSON, unless a page is named in `Accept` before it. */
function answer({ settings }: Shop, request: Request, invoice: Invoice): Invoice {
  const accepted = (request.headers.get("accept") ?? "").toLowerCase();
  const [html, json] = [accepted.indexOf("text/html"), accepted.indexOf("application/json")];
  if (html < 0 || (json >= 0 && json < html)) return invoice;
  // A Response passes by the route's schema, whose type knows JSON alone.
  return paper(invoicePage(settings, invoice)) as unknown as Invoice;
}

function paper(page: string): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": PAPER_POLICY,
    "cache-control": "no-store",
    vary: "accept",
  };
  return new Response(page, { headers });
}
