import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import type { AuditedShop } from "../shop/audited-shop";
import { importProducts } from "./products/import";
import { TableBytes, UploadQuery, UploadReport } from "./schema";
import { uploaded } from "./source";
import { TableRefused } from "./unreadable";

/** Larger files are for the command line, whose work no proxy cuts off. */
const UPLOAD_BYTES_MOST = 8_388_608;

const PROBLEMS_SHOWN = 1_000;

/** A file of the largest size, all of it new, takes longer than a connection may be silent. */
const PATIENCE_SECONDS = 255;

export const importRoutes = (web: Web) =>
  adminRoutes(web, "products", "/admin/products").post(
    "/bulk-upload",
    ({ shop, query, body, server, request }) => {
      server?.timeout(request, PATIENCE_SECONDS);
      return upload(shop, body, query);
    },
    {
      query: UploadQuery,
      body: TableBytes,
      response: { 200: UploadReport },
      detail: {
        summary: "Take in a file of products, after a look at what it would do",
        description:
          "The body is the file itself: CSV however a spreadsheet wrote it, JSON lines, or the export of another program, known by its headings " +
          "(Shopify, WooCommerce, PrestaShop, Magento, BigCommerce, Medusa, Spree, Vendure). With `dry_run` nothing is changed. A row that can't be " +
          "taken in is named and stops no other; an upload that was cut off is completed by sending it again. The same as `sanset import products`.",
        ...takes({ body: "table", most_bytes: UPLOAD_BYTES_MOST, weight: 50, most_ms: 500 }),
      },
    },
  );

async function upload(shop: AuditedShop, bytes: Uint8Array, query: UploadQuery): Promise<UploadReport> {
  const {
    dry_run = false,
    update = false,
    guess = false,
    map,
    decimal,
    skip_drafts = false,
    keep_html = false,
  } = query;
  const report = await importProducts(shop, uploaded(bytes), {
    dryRun: dry_run,
    update,
    guess,
    map: map?.split(";").filter((entry) => entry.trim() !== "") ?? [],
    decimal: decimal && (decimal === "comma" ? "," : "."),
    skipDrafts: skip_drafts,
    keepHtml: keep_html,
    encoding: query.encoding,
    ...(query.category !== undefined && { category: query.category }),
    ...(query.stock !== undefined && { stock: query.stock }),
    tellAll: true,
  }).catch((error: unknown) => {
    throw error instanceof TableRefused ? new ShopError("invalid", error.plain) : error;
  });
  // What changed nothing is in the audit as well: an admin looked, or sent the same again.
  if (!shop.isRecorded()) {
    const { rows, unchanged, refused } = report;
    await shop.database.transaction(async (tx) => addDetails(tx, { dry_run, rows, unchanged, refused }));
  }
  const { separator: _, problems, ...answer } = report;
  const columnOf = (problem: string) => headingOf(answer.columns, /^([a-z_]+): /.exec(problem)?.[1]);
  return {
    ...answer,
    problems: problems.slice(0, PROBLEMS_SHOWN).map((one) => ({ ...one, column: columnOf(one.problem) })),
  };
}

/** What the file calls the column that a problem begins with. */
const headingOf = (columns: UploadReport["columns"], named: string | undefined): string | null =>
  columns.find(({ field }) => field !== null && field.replace(/\..*/, "") === named)?.heading ?? null;
