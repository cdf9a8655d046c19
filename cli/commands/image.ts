import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { ShopError } from "../../src/base/errors";
import { getProductNamed } from "../../src/catalog/catalog";
import { addImage, changeImage, removeImage } from "../../src/catalog/images";
import { PICTURE_BYTES_MOST } from "../../src/media/pictures";
import { wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { table } from "../table";
import type { Terminal } from "../terminal";

const PRODUCT = "<product>";
const NAMED = "its id, slug, sku or barcode";
const IMAGE = "<image>";
const imageId = wholeNumber(1, LARGEST_ID);

export const imageCommand = (terminal: Terminal) =>
  new Command("image")
    .description("pictures of products")
    .addCommand(listCommand(terminal))
    .addCommand(addCommand(terminal))
    .addCommand(editCommand(terminal))
    .addCommand(deleteCommand(terminal));

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list")
    .description("list the pictures of a product, the first first")
    .argument(PRODUCT, NAMED)
    .action((name: string) =>
      withShop(async (shop) => {
        const { images } = await getProductNamed(shop, name);
        const rows = images.map(({ id, width, height, alt, url }) => [id, `${width}x${height}`, url, alt]);
        print(images, rows.length === 0 ? "It has no pictures." : table(["ID", "SIZE", "ADDRESS", "SHOWS"], rows));
      }),
    );

const addCommand = ({ print, withShop }: Terminal) =>
  new Command("add")
    .description("add a picture to a product: JPEG, PNG or WebP")
    .argument(PRODUCT, NAMED)
    .argument("<file>")
    .option("--alt <text>", "what it shows, for those who can't see it", "")
    .addHelpText("after", "\nExample:\n  sanset image add assam tea.jpg --alt 'A cup of tea'")
    .action((name: string, path: string, { alt }: { alt: string }) =>
      withShop(async (shop) => {
        const { id, name: called } = await getProductNamed(shop, name);
        const image = await addImage(shop, id, await readFile(path), alt);
        print(image, `${called} has picture ${image.id}: ${image.url}`);
      }),
    );

async function readFile(path: string): Promise<Uint8Array> {
  const file = Bun.file(path);
  if (!(await file.exists())) throw new ShopError("not_found", `${path} can't be read: there is no such file.`);
  if (file.size > PICTURE_BYTES_MOST) throw new ShopError("too_large", "A picture has at most 10 MB.");
  return file.bytes();
}

const editCommand = ({ print, withShop }: Terminal) =>
  new Command("edit")
    .description("change a picture's place or what it says")
    .argument(PRODUCT, NAMED)
    .argument(IMAGE, "its number", imageId)
    .option("--alt <text>", "what it shows")
    .option("--position <n>", "from 0; the first is the product's own", wholeNumber(0, 1_000))
    .addHelpText("after", "\nExample:\n  sanset image edit assam 12 --position 0")
    .action((name: string, image: number, change: { alt?: string; position?: number }) =>
      withShop(async (shop) => {
        const { id } = await getProductNamed(shop, name);
        const changed = await changeImage(shop, id, image, change);
        print(changed, `Picture ${changed.id} is changed.`);
      }),
    );

const deleteCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("delete")
    .description("take a picture away from a product")
    .argument(PRODUCT, NAMED)
    .argument(IMAGE, "its number", imageId)
    .option(...YES)
    .addHelpText("after", "\nExample:\n  sanset image delete assam 12")
    .action((name: string, image: number, { yes }: { yes?: boolean }) =>
      withShop(async (shop) => {
        const { id, name: called } = await getProductNamed(shop, name);
        await confirm(`Delete picture ${image} of ${called}?`, yes);
        await removeImage(shop, id, image);
        print({ id: image }, `${called} has no picture ${image} any more.`);
      }),
    );
