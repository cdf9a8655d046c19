import { z } from "zod";
import { Id, LARGEST_ID, wholeNumberText } from "../base/fields";

/** With the highest price, a full cart of these stays below 2^53 minor units of a currency of two digits: see `subtotalOf`. */
export const LARGEST_QTY = 10_000;
export const MOST_LINES = 200;

export const Qty = z.int().min(1).max(LARGEST_QTY);

export const CartItem = z
  .object({
    product_id: Id,
    name: z.string(),
    qty: z.int(),
    price: z.number(),
    stock: z.int().meta({ description: "What can still be bought" }),
  })
  .meta({ id: "CartItem" });

export const Cart = z.object({ user_id: Id, items: z.array(CartItem), total: z.number() }).meta({ id: "Cart" });

export type Cart = z.infer<typeof Cart>;

export const Addition = z.strictObject({ product_id: Id, qty: Qty.default(1) }).meta({ id: "Addition" });
export const Removal = z.strictObject({ product_id: Id }).meta({ id: "Removal" });
export const NewQty = z.strictObject({ qty: Qty }).meta({ id: "NewQty" });
export const ItemPath = z.strictObject({ product_id: wholeNumberText(1, LARGEST_ID) });
