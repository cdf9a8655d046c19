import { API } from "../base/api";
import { WIDTHS } from "../media/pictures";
import type { ImageRow } from "./image-queries";
import type { Image } from "./schema";

/** The width of which a product's `image_url` speaks. */
const USUAL_WIDTH = 480;

/** The name of a picture's file. */
export const fileOf = (hash: string, width: number): string => `${hash}-${width}.webp`;

/** Where a picture is found, on this server. */
export const imageUrl = (hash: string, width: number = USUAL_WIDTH): string => `${API}/images/${fileOf(hash, width)}`;

export function presentImage({ id, hash, width, height, alt }: ImageRow): Image {
  const sizes = WIDTHS.map((most) => ({ width: Math.min(most, width), url: imageUrl(hash, most) }));
  return { id, url: imageUrl(hash, Math.max(...WIDTHS)), width, height, alt, sizes };
}
