import { z } from "zod";
import { flagText, text, wholeNumberText } from "../base/fields";
import { MOST_UNITS } from "../stock/schema";

/** The bytes of a file, as they are. */
export const TableBytes = z
  .custom<Uint8Array>((value) => value instanceof Uint8Array)
  .meta({
    id: "TableBytes",
    type: "string",
    format: "binary",
    description: "A table or JSON lines; plain, gzip or zstd",
  });

export const UploadQuery = z.strictObject({
  dry_run: flagText.optional().meta({ description: "Whether only to say what would be done" }),
  update: flagText.optional().meta({ description: "Whether to change what is there, found by slug or code" }),
  guess: flagText.optional().meta({ description: "Whether to take columns for what they seem to be" }),
  map: text(4_000).optional().meta({
    description: "What columns are: `Artikel=sku;Preis=price`. With nothing behind the sign one is passed over",
  }),
  category: text(100).optional().meta({ description: "For products that the file puts into none" }),
  stock: wholeNumberText(0, MOST_UNITS)
    .optional()
    .meta({ description: "What is sold there without being counted has so many" }),
  decimal: z
    .enum(["point", "comma"])
    .optional()
    .meta({ description: "What stands before decimals, where the file does not show it" }),
  encoding: text(40).optional().meta({ description: "Where it is neither UTF-8 nor UTF-16, such as windows-1252" }),
  skip_drafts: flagText.optional().meta({ description: "Whether to leave out what is not published there" }),
  keep_html: flagText.optional().meta({ description: "Whether to keep the tags in other programs' descriptions" }),
});

export type UploadQuery = z.infer<typeof UploadQuery>;

const Count = z.int();

export const UploadReport = z
  .object({
    dry_run: z.boolean(),
    program: z.string().nullable().meta({ description: "Whose export it is; null where it is none that is known" }),
    columns: z
      .array(z.object({ heading: z.string(), field: z.string().nullable(), reason: z.string() }))
      .meta({ description: "How each column is understood, and why" }),
    rows: Count,
    parts: Count.meta({ description: "Rows that are more of another row's product" }),
    drafts: Count.meta({ description: "Products that are not published there" }),
    new: Count,
    changed: Count,
    unchanged: Count,
    different: Count.meta({ description: "In the shop otherwise than in the file, and left so without `update`" }),
    refused: Count,
    first: z
      .array(
        z.object({
          line: Count,
          what: z.enum(["new", "changed", "unchanged", "different", "refused"]),
          slug: z.string().nullable(),
          text: z.string().meta({ description: "What is changed of it" }),
          product: z
            .object({
              name: z.string(),
              category: z.string().nullable(),
              price: z.number().nullable(),
              compare_at_price: z.number().nullable(),
              stock: z.int().nullable(),
              sku: z.string().nullable(),
              options: z.record(z.string(), z.string()),
            })
            .optional(),
        }),
      )
      .meta({ description: "The first ten products, as they will be" }),
    problems: z
      .array(
        z.object({
          line: Count,
          column: z
            .string()
            .nullable()
            .meta({ description: "What the file calls the cell's column, where it is one cell" }),
          problem: z.string(),
        }),
      )
      .meta({
        description:
          "Lines that were left out, with the heading of the cell where it is one, and why; the first thousand",
      }),
  })
  .meta({ id: "UploadReport" });

export type UploadReport = z.infer<typeof UploadReport>;
