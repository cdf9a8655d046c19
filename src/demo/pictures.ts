import { randomFrom } from "../base/random";

const SIDE = 240;
const PICTURE = 51;

type Colour = readonly [red: number, green: number, blue: number];

interface Disc {
  x: number;
  y: number;
  radius: number;
  colour: Colour;
}

/**
 * A picture for a demo product: a few soft discs, as of fruit on a plate, before a light ground. The same number makes the
 * same picture. Small, and no photograph of anything.
 */
export function drawPicture(category: number, variation: number): Promise<Uint8Array> {
  const random = randomFrom(PICTURE, category, variation);
  const hue = (category * 137.5 + variation * 18) % 360;
  const ground = [fromHsl(hue, 0.45, 0.93), fromHsl(hue + 25, 0.4, 0.84)] as const;
  const discs = Array.from({ length: 3 + Math.floor(random() * 4) }, (): Disc => {
    return {
      x: SIDE * (0.25 + 0.5 * random()),
      y: SIDE * (0.3 + 0.45 * random()),
      radius: SIDE * (0.1 + 0.13 * random()),
      colour: fromHsl(hue + 60 * (random() - 0.5), 0.6, 0.45 + 0.25 * random()),
    };
  });
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    const row = Buffer.from(mixed(ground[0], ground[1], y / SIDE));
    pixels.fill(row, y * SIDE * 3, (y + 1) * SIDE * 3);
  }
  for (const disc of discs) lay(pixels, disc);
  return new Bun.Image(bitmap(pixels)).png({ compressionLevel: 1 }).bytes();
}

/** Only the square around a disc is looked at. */
function lay(pixels: Buffer, disc: Disc): void {
  const { x: middle, y: height, radius } = disc;
  for (let y = Math.floor(height - radius); y <= height + radius; y++) {
    for (let x = Math.floor(middle - radius); x <= middle + radius; x++) {
      const at = (y * SIDE + x) * 3;
      pixels.set(laidOver([pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0], disc, x, y), at);
    }
  }
}

/** Soft at the edge, and lighter where the light comes from. */
function laidOver(below: Colour, { x, y, radius, colour }: Disc, atX: number, atY: number): Colour {
  const distance = Math.hypot(atX - x, atY - y) / radius;
  const cover = Math.min(1, Math.max(0, (1 - distance) * radius * 0.5)) * 0.85;
  if (cover === 0) return below;
  const light = Math.max(0, 1 - Math.hypot(atX - x + radius * 0.35, atY - y + radius * 0.35) / radius);
  return mixed(below, mixed(colour, [255, 255, 255], 0.35 * light), cover);
}

const mixed = (from: Colour, to: Colour, share: number): Colour => [
  Math.round(from[0] + (to[0] - from[0]) * share),
  Math.round(from[1] + (to[1] - from[1]) * share),
  Math.round(from[2] + (to[2] - from[2]) * share),
];

/** https://en.wikipedia.org/wiki/HSL_and_HSV#HSL_to_RGB_alternative */
function fromHsl(hue: number, saturation: number, lightness: number): Colour {
  const at = (n: number) => {
    const k = (n + (((hue % 360) + 360) % 360) / 30) % 12;
    const spread = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [at(0), at(8), at(4)];
}

/** Rows from the bottom, blue before red: https://en.wikipedia.org/wiki/BMP_file_format */
function bitmap(pixels: Buffer): Buffer {
  const head = Buffer.alloc(54);
  head.write("BM");
  head.writeUInt32LE(54 + pixels.length, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(SIDE, 18);
  head.writeInt32LE(-SIDE, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const turned = Buffer.from(pixels);
  for (let at = 0; at < turned.length; at += 3) {
    [turned[at], turned[at + 2]] = [turned[at + 2] ?? 0, turned[at] ?? 0];
  }
  return Buffer.concat([head, turned]);
}
