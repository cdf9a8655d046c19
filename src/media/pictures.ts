import { ShopError } from "../base/errors";

/** The widths that every picture is kept in; a smaller one is never enlarged, but has all names. */
export const WIDTHS = [160, 480, 1200] as const;
export type Width = (typeof WIDTHS)[number];

export const PICTURE_BYTES_MOST = 10_000_000;
const PICTURE_PIXELS_MOST = 40_000_000;

/** What is taken. Everything else can hold more than a picture (SVG: scripts), or has no decoder on every machine. */
const FORMATS = new Set(["jpeg", "png", "webp"]);

/** A picture as it is kept: made anew from what came, so that nothing but its pixels is in it. */
export interface Picture {
  hash: string;
  /** Of the largest that is kept. */
  width: number;
  height: number;
  files: Record<Width, Uint8Array>;
}

/** One picture at a time: decoded, forty megapixels take 160 MB. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Makes the files of a picture from what a caller sent. Throws `unsupported_type` for what is no JPEG, PNG or WebP, `invalid`
 * for one that is damaged, moves, or has too many pixels: that is looked at before anything is decoded.
 */
export function readPicture(bytes: Uint8Array): Promise<Picture> {
  const mine = before.then(() => makePicture(bytes));
  before = mine.catch(() => {});
  return mine;
}

async function makePicture(bytes: Uint8Array): Promise<Picture> {
  await checkHeader(bytes);
  const whole = new Bun.Image(bytes, { maxPixels: PICTURE_PIXELS_MOST });
  const largest = Math.max(...WIDTHS);
  // Lossless in between: the decoded picture is the costly one, and is held once.
  const still = await explained(() =>
    whole
      .resize(largest, PICTURE_PIXELS_MOST, { fit: "inside", withoutEnlargement: true })
      .png({ compressionLevel: 1 })
      .bytes(),
  );
  const { width, height } = await new Bun.Image(still).metadata();
  const [small, medium, large] = await Promise.all(WIDTHS.map((most) => webpOf(still, Math.min(most, width))));
  if (!small || !medium || !large) throw new Error("A picture has three widths.");
  const hash = new Bun.CryptoHasher("sha256").update(large).digest("hex").slice(0, 32);
  return { hash, width, height, files: { 160: small, 480: medium, 1200: large } };
}

function webpOf(bytes: Uint8Array, width: number): Promise<Uint8Array> {
  return new Bun.Image(bytes).resize(width).webp({ quality: 82 }).bytes();
}

async function checkHeader(bytes: Uint8Array): Promise<void> {
  const { format, width, height } = await explained(() => new Bun.Image(bytes).metadata());
  if (!FORMATS.has(format)) throw unsupported();
  if (width * height > PICTURE_PIXELS_MOST) throw tooManyPixels();
  if (format === "webp" && isAnimated(bytes)) {
    throw refused("This picture moves. Send a still one.", "animated");
  }
}

/** https://developers.google.com/speed/webp/docs/riff_container: the flags follow the name and length of VP8X. */
function isAnimated(bytes: Uint8Array): boolean {
  const name = new TextDecoder("latin1").decode(bytes.subarray(12, 16));
  return name === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0;
}

/** What Bun says of a picture, in the shop's words. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_IMAGE_TOO_MANY_PIXELS") throw tooManyPixels();
    if (code === "ERR_IMAGE_UNKNOWN_FORMAT" || code === "ERR_IMAGE_FORMAT_UNSUPPORTED") throw unsupported();
    if (code === "ERR_IMAGE_DECODE_FAILED") throw refused("This picture is damaged.", "damaged");
    throw error;
  }
}

const unsupported = () => new ShopError("unsupported_type", "Send a picture as JPEG, PNG or WebP.");

const tooManyPixels = () => refused("A picture has at most 40 megapixels.", "too_many_pixels");

const refused = (message: string, code: string) =>
  new ShopError("invalid", message, { errors: [{ path: "", message, code }] });
