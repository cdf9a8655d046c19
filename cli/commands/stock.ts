import { Command, InvalidArgumentError } from "commander";
import { getProductNamed } from "../../src/catalog/catalog";
import { adjustStock } from "../../src/catalog/adjustment";
import { validate } from "../../src/base/validate";
import { Adjustment } from "../../src/stock/schema";
import type { Terminal } from "../terminal";

export const stockCommand = ({ print, withShop }: Terminal) =>
  new Command("stock").description("look after what lies on the shelves").addCommand(
    new Command("adjust")
      .description("add units to a product's stock, or take some away")
      .argument("<product>", "its id, slug, sku or barcode")
      .argument("<delta>", "how many more, such as 12, or fewer, such as -- -3", wholeChange)
      .requiredOption("--reason <text>", "why, for the ledger")
      .action((product: string, delta: number, { reason }: { reason: string }) =>
        withShop(async (shop) => {
          const { id, name } = await getProductNamed(shop, product);
          const level = await adjustStock(shop, id, validate(Adjustment, { delta, reason }));
          print(level, `${name}: ${level.on_hand} on hand, ${level.reserved} reserved, ${level.stock} to sell`);
        }),
      ),
  );

function wholeChange(text: string): number {
  if (/^[+-]?\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number such as 12 or -3.");
}
