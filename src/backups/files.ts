import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";

// Piece by piece: a database may be larger than the memory of the machine.

export async function compress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createZstdCompress(), createWriteStream(to, { mode: 0o600 }));
}

export async function decompress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createZstdDecompress(), createWriteStream(to, { mode: 0o600 }));
}

export async function sha256Of(file: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of createReadStream(file)) hasher.update(chunk as Uint8Array);
  return hasher.digest("hex");
}
