import { ShopError } from "../base/errors";
import { wordKey } from "../base/text";
import type { Transaction } from "../storage/database";
import { holdLock } from "../storage/locks";
import { isCodeTaken } from "./write-queries";

interface Codes {
  sku?: string | null | undefined;
  barcode?: string | null | undefined;
}

/** A product's codes as they are written down, each with the key by which it is compared. What is absent stays absent. */
export function codesOf({ sku, barcode }: Codes) {
  return {
    ...(sku !== undefined && { sku, sku_key: sku === null ? null : wordKey(sku) }),
    ...(barcode !== undefined && { barcode, barcode_key: barcode === null ? null : wordKey(barcode) }),
  };
}

/** Throws `duplicate` where another product of the catalog has one of these codes. Nobody else takes one meanwhile. */
export async function checkCodes(tx: Transaction, codes: Codes, exceptId = 0): Promise<void> {
  const { sku_key, barcode_key } = codesOf(codes);
  if (!sku_key && !barcode_key) return;
  // Two who take one code at the same moment would both find it free.
  await holdLock(tx, "product codes");
  if (sku_key && (await isCodeTaken(tx, "sku_key", sku_key, exceptId))) throw taken("sku");
  if (barcode_key && (await isCodeTaken(tx, "barcode_key", barcode_key, exceptId))) throw taken("barcode");
}

function taken(path: string): ShopError {
  const message = `Another product has this ${path}.`;
  return new ShopError("duplicate", message, { errors: [{ path, message, code: "duplicate" }] });
}
