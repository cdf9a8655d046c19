import { readLines } from "../../src/imports/files";
import { PRODUCTS } from "./quality";

/**
 * Writes a file of so many products and returns its path: the real ones over and over, each time with other slugs and,
 * so that the vocabulary grows as it would, a model of their own.
 */
export async function manyProducts(path: string, products: number): Promise<string> {
  const lines: string[] = [];
  for await (const line of readLines(PRODUCTS)) if (line.trim() !== "") lines.push(line);
  const writer = Bun.file(path).writer();
  for (let n = 0; n < products; n++) {
    const product = JSON.parse(lines[n % lines.length] ?? "{}") as { slug: string; name: string };
    const copy = Math.floor(n / lines.length);
    const model = Bun.hash(`${n}`).toString(36).slice(0, 7);
    const changed =
      copy === 0 ? product : { ...product, slug: `${product.slug}-${copy}`, name: `${product.name} ${model}` };
    await writer.write(`${JSON.stringify(changed)}\n`);
  }
  await writer.end();
  return path;
}
