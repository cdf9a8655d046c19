import { z } from "zod";
import { LARGEST_ID, text, wholeNumberText } from "../base/fields";
import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { PICTURE_BYTES_MOST } from "../media/pictures";
import { addImage, changeImage, removeImage } from "./images";
import { Image, ImageChange } from "./schema";

const id = wholeNumberText(1, LARGEST_ID);
const ProductPath = z.strictObject({ id });
const ImagePath = z.strictObject({ id, image_id: id });

/** The bytes of a picture, as they are. */
const Bytes = z
  .custom<Uint8Array>((value) => value instanceof Uint8Array)
  .meta({ id: "PictureBytes", type: "string", format: "binary", description: "JPEG, PNG or WebP" });

export const imageRoutes = (web: Web) =>
  adminRoutes(web, "products", "/products")
    .post(
      "/:id/images",
      async ({ shop, params, query, body, status }) => status(201, await addImage(shop, params.id, body, query.alt)),
      {
        params: ProductPath,
        query: z.strictObject({
          alt: text(500, 0).optional().meta({ description: "What it shows, for those who can't see it" }),
        }),
        body: Bytes,
        response: { 201: Image, ...failures(404, 409, 503) },
        detail: {
          summary: "Add a picture to a product",
          description:
            "The body is the picture itself, at most 10 MB and 40 megapixels. It is made anew, so that nothing but its pixels " +
            "is kept: no place, no time, no camera. The first picture is the product's `image_url`.",
          ...takes({ body: "bytes", most_bytes: PICTURE_BYTES_MOST, weight: 20 }),
        },
      },
    )
    .patch("/:id/images/:image_id", ({ shop, params, body }) => changeImage(shop, params.id, params.image_id, body), {
      params: ImagePath,
      body: ImageChange,
      response: { 200: Image, ...failures(404) },
      detail: { summary: "Change a picture's place or what it says" },
    })
    .delete(
      "/:id/images/:image_id",
      async ({ shop, params, status }) => {
        await removeImage(shop, params.id, params.image_id);
        return status(204, undefined);
      },
      {
        params: ImagePath,
        response: { 204: z.undefined(), ...failures(404) },
        detail: { summary: "Take a picture away from a product" },
      },
    );
