import { z } from "zod";
import { ShopError } from "../base/errors";
import { publicRoutes, type Web } from "../http/access";
import { IMMUTABLE } from "../http/files";
import { failures } from "../http/problem";
import { mediaOf, PICTURE_FILE } from "./files";

const PicturePath = z.strictObject({ file: z.string().regex(PICTURE_FILE) });

export const pictureRoutes = ({ shop }: Web) =>
  publicRoutes("products").get(
    "/images/:file",
    async ({ params, request }) => {
      const headers = { etag: `"${params.file}"`, "cache-control": IMMUTABLE, "x-content-type-options": "nosniff" };
      if (request.headers.get("if-none-match") === headers.etag) return new Response(null, { status: 304, headers });
      const bytes = await mediaOf(shop).get(params.file);
      if (!bytes) throw new ShopError("not_found", "There is no such picture.");
      return new Response(bytes, { headers: { ...headers, "content-type": "image/webp" } });
    },
    {
      params: PicturePath,
      response: failures(404, 503),
      detail: {
        summary: "Show a picture",
        description: "Called by its content, so that it never changes: 160, 480 or 1200 pixels wide at most.",
        responses: {
          200: {
            description: "The picture",
            content: { "image/webp": { schema: { type: "string", format: "binary" } } },
          },
          304: { description: "The caller has it" },
        },
      },
    },
  );
